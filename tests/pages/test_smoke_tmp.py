from tests.pages.story import Story
from tests.programme.browsing import words_of


def test_all(app):
    s=Story(app)
    d=s.supporter(); w=s.woman()
    b=s.browser()
    for path in ["/desk","/desk?queue=late","/desk?queue=shown","/desk?queue=offers","/desk?queue=silent","/desk?queue=checkins",f"/desk/requests/{w.thing_id}"]:
        r=b.get(path); assert r.status_code==200,(path,r.text); print(words_of(r)[:900]); print()
    r=b.send(f"/desk/requests/{w.thing_id}/rank"); assert r.status_code==303
    r=b.get(r.location); assert r.status_code==200; print(words_of(r))
    p=s.introduced(w,d)
    for u in (w.username,d.username):
        bb=s.browser(u); r=bb.get(f"/together/{p}"); assert r.status_code==200; print(words_of(r))
    r=bb.get("/offers"); print(words_of(r)); assert r.status_code==200
