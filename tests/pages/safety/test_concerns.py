"""Something is not right, at the browser: two taps are enough, and what she told us opens for her alone."""

import re
from datetime import timedelta

from tests.pages.safety.telling import RESTS, all_of, concern_of, tell
from tests.programme.browsing import PASSPHRASE, field_in, words_of
from webapp import clock
from webapp.models import AuditRecord, Concern, Hold, Introduction, Message

NARROW = "\u202f"


def test_the_link_stands_on_every_page_of_everybody_who_is_signed_in(story, pair):
    pair_id, woman, dee = pair
    for who, path in ((woman, f"/together/{pair_id}"), (woman, "/account"), (dee, "/offers"), (woman, "/help")):
        assert '<a href="/tell">Something is not right</a>' in story.browser(who.username).get(path).text
    assert "/tell" not in story.app.test_client().get("/help").text


def test_two_taps_are_enough_and_both_read_the_same(story, pair):
    pair_id, woman, dee = pair
    hers, theirs = story.browser(woman.username), story.browser(dee.username)
    assert theirs.send(f"/together/{pair_id}/messages", body="I know where you live").status_code == 303
    form = hers.get(f"/tell?about={pair_id}")
    assert "About Dee." in words_of(form)
    sent = hers.send("/tell", once=field_in(form, "once"), pair=field_in(form, "pair"), kind="danger")
    assert (sent.status_code, sent.location) == (303, "/tell/received")
    said = words_of(hers.get("/tell/received"))
    for words in ("We let your conversation with Dee rest at once", "she is not told that it was you", "by Monday"):
        assert words in said
    assert 'href="tel:988"' in hers.get("/help").text
    pages = [browser.get(f"/together/{pair_id}") for browser in (hers, theirs)]
    standing = [re.search(r'<p class="notice">(.*?)</p>', page.text)[1] for page in pages]
    assert standing[0] == standing[1]
    assert RESTS in standing[0]
    assert ["<textarea" in page.text for page in pages] == [False, False]
    refused = theirs.send(f"/together/{pair_id}/messages", body="Answer me")
    assert refused.status_code == 409
    assert "Your conversation rests, so this stayed with you." in words_of(refused)
    assert len(all_of(story, Message)) == 1


VARIES = re.compile(r'name="(csrf_token|once)" value="[^"]*"|data-left="\d+"|[0-9a-f]{8}-[0-9a-f-]{27}')


def seen_by_both(story, asked_by, woman_name, supporter_name):
    """Let one of three ask for a hold; return what every page of the two says then, without their names."""
    woman, dee = story.woman(woman_name), story.supporter(supporter_name)
    pair_id = story.introduced(woman, dee)
    browsers = {"woman": story.browser(woman.username), "supporter": story.browser(dee.username)}
    if asked_by == "desk":
        assert story.browser().send(f"/desk/pairs/{pair_id}/hold", reason="safety").status_code == 303
    else:
        assert tell(browsers[asked_by], kind="danger", pair=str(pair_id), said="a canary").status_code == 303
    paths = (f"/together/{pair_id}", "/account", "/next", "/tell")
    own = {"woman": (*paths, "/questions/state"), "supporter": (*paths, "/offers")}
    return {
        (who, number): re.sub(VARIES, "", browser.get(path).text)
        .replace(woman_name, "HER").replace(supporter_name, "OTHER").replace(woman_name.lower(), "her")
        .replace(supporter_name.lower(), "other")
        for who, browser in browsers.items()
        for number, path in enumerate(own[who])
    }  # fmt: skip


def test_nothing_on_any_page_of_either_tells_who_asked(story):
    by_woman = seen_by_both(story, "woman", "Ada", "Edda")
    by_supporter = seen_by_both(story, "supporter", "Berta", "Effie")
    by_desk = seen_by_both(story, "desk", "Clara", "Egna")
    assert by_woman == by_supporter == by_desk
    assert not any("canary" in page for page in by_woman.values())


def test_the_offers_page_of_a_supporter_says_that_it_rests(story, pair):
    pair_id, woman, dee = pair
    tell(story.browser(woman.username), kind="danger", pair=str(pair_id))
    assert RESTS in words_of(story.browser(dee.username).get("/offers"))
    assert "When a woman hopes for you, her name appears here" not in words_of(
        story.browser(dee.username).get("/offers")
    )


def test_a_message_can_be_pointed_at_and_the_desk_sees_that_one_alone(story, pair):
    pair_id, woman, dee = pair
    theirs = story.browser(dee.username)
    for body in ("Only you are like me", "You owe me this"):
        theirs.send(f"/together/{pair_id}/messages", body=body)
    hers = story.browser(woman.username)
    page = hers.get(f"/together/{pair_id}").text
    links = re.findall(r'href="(/tell\?about=[^"]+message=[^"]+)"', page)
    assert len(links) == 2
    assert "message=" not in theirs.get(f"/together/{pair_id}").text
    form = hers.get(links[1].replace("&amp;", "&"))
    assert "You owe me this" in form.text
    sent = {name: field_in(form, name) for name in ("once", "pair", "message")}
    assert hers.send("/tell", **sent, kind="other").status_code == 303
    at_the_desk = words_of(story.browser().get(f"/desk/concerns/{concern_of(story)}"))
    assert "You owe me this" in at_the_desk
    assert "Only you are like me" not in at_the_desk
    actions = [one.action for one in all_of(story, AuditRecord)]
    assert actions.count("concern read") == actions.count("message read") == 1


def test_a_form_without_a_tick_loses_nothing_and_a_strange_address_shows_the_form(story, pair):
    _, woman, _ = pair
    browser = story.browser(woman.username)
    page = tell(browser, said="I do not know how to say it")
    assert page.status_code == 422
    assert "I do not know how to say it" in page.text
    for about in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert browser.get(f"/tell?about={about}&message={about}").status_code == 200
    assert browser.send("/tell", kind="danger", pair="nonsense").status_code == 404
    assert browser.send("/tell", kind="danger", about="00000000-0000-4000-8000-000000000000").status_code == 404
    assert tell(browser, kind="other", said="x" * 2001).status_code == 422
    assert all_of(story, Concern) == []


def test_a_supporter_of_several_says_whom_she_means(story, pair):
    _, _, dee = pair
    story.introduced(story.woman("Ana"), dee)
    browser = story.browser(dee.username)
    page = tell(browser, kind="danger", said="She threatened me")
    assert page.status_code == 422
    assert "Tick about whom it is" in words_of(page)
    assert "She threatened me" in page.text
    assert tell(browser, kind="danger", about="else").status_code == 303
    assert all_of(story, Hold) == []


def test_a_worry_shows_help_and_what_a_peer_must_do_for_a_child(story, pair):
    pair_id, woman, dee = pair
    theirs, hers = story.browser(dee.username), story.browser(woman.username)
    tell(theirs, kind="worry", pair=str(pair_id))
    said = words_of(theirs.get("/tell/received"))
    for words in ("Nothing is taken from you.", "If a child is in danger", "does not replace your call", "9-8-8"):
        assert words in said
    tell(hers, kind="worry")
    assert "If a child is in danger" not in words_of(hers.get("/tell/received"))
    (one,) = all_of(story, Introduction)
    assert one.state == "introduced"


def test_an_unsafe_way_is_stopped_or_said_to_be_stopped_by_a_person(story, pair):
    _, woman, _ = pair
    browser = story.browser(woman.username)
    tell(browser, kind="reach")
    assert "every way to you outside this site" in words_of(browser.get("/tell/received"))


def test_in_the_night_the_morning_is_promised(story, pair):
    _, woman, _ = pair
    browser = story.browser(woman.username)
    clock.move(timedelta(hours=14))
    browser = story.browser(woman.username)
    tell(browser, kind="danger")
    said = words_of(browser.get("/tell/received"))
    assert "Nobody is at the desk now. Somebody looks at it by Tuesday, November 24 at 9:15" in said.replace(
        "\u202f", " "
    )


def test_what_she_told_us_opens_after_her_passphrase_alone(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    tell(browser, kind="danger", pair=str(pair_id), said="She said that she waits for me.")
    assert "rest at once" in words_of(browser.get("/tell/received"))
    assert browser.get("/tell/received").location == "/told"
    path = f"/told/{concern_of(story)}"
    assert "She said that she waits for me." in browser.get(path).text
    clock.move(timedelta(minutes=6))
    for address in ("/told", path):
        page = browser.get(address)
        assert "Your passphrase once more" in words_of(page)
        assert "waits for me" not in page.text
    assert "frightens" not in browser.get("/told").text
    unsent = browser.send(f"{path}/words", said="")
    assert "Your passphrase once more" in words_of(unsent)
    assert browser.send("/told/again", passphrase="wrong wrong wrong").status_code == 422
    assert browser.send("/told/again", passphrase=PASSPHRASE).location == "/told"
    assert "She frightens me" in words_of(browser.get("/told"))
    assert "She said that she waits for me." in browser.get(path).text


def test_whoever_signs_in_after_her_on_the_same_device_reads_nothing(story, pair):
    _, woman, dee = pair
    browser = story.browser(woman.username)
    tell(browser, kind="other", said="A canary")
    browser.sign_in(dee.username)
    assert browser.get("/tell/received").location == "/told"
    assert "canary" not in browser.get("/told").text


def test_her_words_are_taken_also_when_her_passphrase_is_old(story, pair):
    _, woman, _ = pair
    browser = story.browser(woman.username)
    tell(browser, kind="other")
    clock.move(timedelta(minutes=6))
    assert browser.send(f"/told/{concern_of(story)}/words", said="One more thing.").status_code == 303
    browser.send("/told/again", passphrase=PASSPHRASE)
    assert "One more thing." in browser.get(f"/told/{concern_of(story)}").text


def test_words_of_hers_outlive_an_idle_end(story, pair):
    _, woman, _ = pair
    browser = story.browser(woman.username)
    form = browser.get("/tell")
    clock.move(timedelta(minutes=16))
    late = browser.send("/tell", once=field_in(form, "once"), kind="danger", said="He found my phone.")
    assert late.location.startswith("/sign-in")
    browser.sign_in(woman.username)
    page = browser.get("/tell")
    assert "He found my phone." in page.text
    assert re.search(r'value="danger" checked', page.text)
