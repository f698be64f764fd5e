"""What was told us, at the desk: looked after, answered, closed by two; a hold made and lifted."""

from datetime import timedelta

import pytest

from tests.pages.safety.telling import all_of, concern_of, tell
from tests.programme.browsing import field_in, words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.details import Kind as Detail
from webapp.extensions import transaction
from webapp.jobs import pass_on
from webapp.models import AuditRecord, Concern, ConcernEntry, OutboxRow, Supporter, Task
from webapp.services.pairs import details


def test_the_desk_looks_after_it_and_two_close_it(story, pair):
    pair_id, woman, _ = pair
    story._person("sam", Role.COORDINATOR)
    hers, robin, sam = story.browser(woman.username), story.browser(), story.browser("sam")
    tell(hers, kind="danger", pair=str(pair_id), said="She waits at my bus.")
    desk = words_of(robin.get("/desk?queue=tasks"))
    assert "A concern" in desk
    assert "Contact is on hold" in desk
    path, own = f"/desk/concerns/{concern_of(story)}", f"/told/{concern_of(story)}"
    assert f'href="/desk/pairs/{pair_id}"' in robin.get(path).text
    page = words_of(robin.get(path))
    for words in ("Claire", "She waits at my bus.", "She frightens me, or goes too far", "nobody has looked at it yet"):
        assert words in page
    assert "Nobody has looked at it yet" in words_of(hers.get(own))
    assert robin.send(f"{path}/look").status_code == 303
    assert "Somebody is looking at it." in words_of(hers.get(own))
    assert robin.send(f"{path}/add", what="to_her", said="").status_code == 422
    assert robin.send(f"{path}/add", what="to her", said="").status_code == 422
    assert robin.send(f"{path}/add", what="did", said="x").status_code == 422
    assert robin.send(f"{path}/add", what="to her", said="I call you at two.").status_code == 303
    assert robin.send(f"{path}/add", what="note", said="a secret note").status_code == 303
    assert robin.send(f"{path}/add", what="did", did="talked with her").status_code == 303
    answer = words_of(hers.get(own))
    assert "I call you at two." in answer
    assert "a secret note" not in answer
    assert robin.send(f"{path}/close", came_of_it=" ").status_code == 422
    assert robin.send(f"{path}/close", came_of_it="Dee no longer works with us.").status_code == 303
    assert "Somebody else is asked to confirm it." in words_of(robin.get(path))
    assert robin.send(f"{path}/confirm").status_code == 404
    late = robin.send(f"{path}/add", what="note", said="too late for this")
    assert late.status_code == 409
    assert "too late for this" in late.text
    assert "Dee no longer works with us." not in hers.get(own).text
    assert sam.send(f"{path}/send-back", why="").status_code == 422
    assert sam.send(f"{path}/confirm").status_code == 303
    assert sam.send(f"{path}/confirm").status_code == 409
    settled = words_of(hers.get(own))
    assert "It is settled." in settled
    assert "Dee no longer works with us." in settled
    assert hers.send(f"{own}/words", said="Thank you.").status_code == 303
    assert "Somebody is looking at it." in words_of(hers.get(own))


def test_where_nobody_else_is_there_it_is_said_and_stays_open(story, pair):
    _, woman, _ = pair
    tell(story.browser(woman.username), kind="other")
    path = f"/desk/concerns/{concern_of(story)}"
    robin = story.browser()
    robin.send(f"{path}/close", came_of_it="All is well.")
    page = words_of(robin.get(path))
    assert "nobody else is here who could confirm it" in page
    assert "flask --app webapp link approver" in page
    (concern,) = all_of(story, Concern)
    assert concern.state == "to close"
    story._person("pat", Role.APPROVER)
    pat = story.browser("pat")
    assert "All is well." in pat.get(path).text
    assert pat.send(f"{path}/confirm").status_code == 303
    assert "closed by two" in words_of(robin.get(path))


def test_a_concern_about_a_coordinator_is_read_by_the_approver_alone(story, pair):
    _, woman, _ = pair
    story._person("sam", Role.COORDINATOR)
    story._person("pat", Role.APPROVER)
    hers = story.browser(woman.username)
    assert "robin" in words_of(hers.get("/tell"))
    tell(hers, kind="staff", staff=str(story.coordinator.id), said="She is my cousin.")
    assert "can no longer open your file" in words_of(hers.get("/tell/received"))
    path = f"/desk/concerns/{concern_of(story)}"
    for name in ("robin", "sam"):
        assert story.browser(name).get(path).status_code == 404
        assert "A concern" not in words_of(story.browser(name).get("/desk?queue=tasks"))
    page = story.browser("pat").get(path)
    assert "She is my cousin." in page.text
    assert "A concern" in words_of(story.browser("pat").get("/approvals"))


def test_without_an_approver_she_is_told_the_truth(story, pair):
    _, woman, _ = pair
    hers = story.browser(woman.username)
    tell(hers, kind="staff")
    assert "Nobody is in the place to read this yet." in words_of(hers.get("/tell/received"))


def test_the_desk_holds_lifts_and_is_asked_again(story, pair):
    pair_id, woman, dee = pair
    robin, path = story.browser(), f"/desk/pairs/{pair_id}"
    assert f'href="{path}/hold"' in robin.get(path).text
    assert f'href="{path}/hold"' in robin.get(f"/desk/requests/{woman.thing_id}").text
    assert robin.send(f"{path}/hold", note="Kept").status_code == 422
    assert robin.send(f"{path}/hold", reason="looking", note="Dee sounds tired.").status_code == 303
    assert robin.send(f"{path}/hold", reason="looking").status_code == 409
    page = words_of(robin.get(f"{path}/hold"))
    assert "contact is on hold" in page
    assert "Dee sounds tired." in page
    assert robin.send(f"{path}/stand").status_code == 303
    assert "Leave it, ask me again" not in words_of(robin.get(f"{path}/hold"))
    assert "Contact is on hold" not in words_of(robin.get("/desk?queue=tasks"))
    assert robin.send(f"{path}/lift", lifted="nonsense").status_code == 422
    assert robin.send(f"{path}/lift", lifted="safe").status_code == 303
    assert robin.send(f"{path}/lift", lifted="safe").status_code == 409
    for who in (woman, dee):
        said = words_of(story.browser(who.username).get(f"/together/{pair_id}"))
        assert "Your conversation goes on. Thank you both for your patience." in said


def test_while_a_pair_rests_nobody_new_is_suggested_to_its_supporter(story, pair):
    """Her open offer goes to the next in line, and no ranking has her, until a person lifts it."""
    pair_id, woman, dee = pair
    eve, ana, berta = story.supporter("Eve"), story.woman("Ana"), story.woman("Berta")
    offer = story.offered(ana, dee, eve)
    theirs, robin = story.browser(dee.username), story.browser()
    assert "Ana" in words_of(theirs.get("/offers"))
    tell(story.browser(woman.username), kind="danger", pair=str(pair_id))
    assert theirs.send(f"/offers/{offer}/accept").status_code == 409
    with story.app.app_context():
        pass_on.run(clock.now())
    page = words_of(theirs.get("/offers"))
    assert "Ana" not in page
    assert "While a conversation of yours rests, nobody new is suggested to you." in page
    assert "Ana" in words_of(story.browser(eve.username).get("/offers"))
    assert "Dee" not in words_of(robin.get(f"/desk/rankings/{story.ranked(berta)}"))
    assert robin.send(f"/desk/concerns/{concern_of(story)}/look").status_code == 303
    assert robin.send(f"/desk/pairs/{pair_id}/lift", lifted="safe").status_code == 303
    assert "nobody new is suggested" not in words_of(theirs.get("/offers"))
    assert "Dee" in words_of(robin.get(f"/desk/rankings/{story.ranked(berta)}"))


def test_what_was_told_is_looked_at_before_the_two_go_on(story, pair):
    """And once they do, she reads nothing any more that is not so."""
    pair_id, woman, _ = pair
    hers, robin = story.browser(woman.username), story.browser()
    tell(hers, kind="danger", pair=str(pair_id))
    own, path = f"/told/{concern_of(story)}", f"/desk/pairs/{pair_id}"
    refused = robin.send(f"{path}/lift", lifted="wished")
    assert refused.status_code == 409
    assert "nobody has looked at it yet" in words_of(refused)
    assert "Neither of you can write." in words_of(hers.get(own))
    assert robin.send(f"/desk/concerns/{concern_of(story)}/look").status_code == 303
    assert robin.send(f"{path}/lift", lifted="wished").status_code == 303
    assert "Neither of you can write." not in words_of(hers.get(own))


def test_a_pause_goes_on_after_a_hold(story, pair):
    """What one of the two had taken is not ended by a hold: nobody may write until she says so."""
    pair_id, woman, dee = pair
    hers, robin = story.browser(woman.username), story.browser()
    assert hers.send(f"/together/{pair_id}/pause", weeks="0").status_code == 303
    assert robin.send(f"/desk/pairs/{pair_id}/hold", reason="looking").status_code == 303
    assert robin.send(f"/desk/pairs/{pair_id}/lift", lifted="safe").status_code == 303
    assert "You take a pause." in words_of(hers.get(f"/together/{pair_id}"))
    refused = story.browser(dee.username).send(f"/together/{pair_id}/messages", body="Are you there?")
    assert refused.status_code == 409


def test_an_unsafe_way_takes_back_what_she_had_released(story, pair):
    """A number that she gave to her supporter is a way outside this site too."""
    pair_id, woman, dee = pair
    with story.app.app_context(), transaction() as session:
        for one, number in ((woman, "416 555 0143"), (dee, "416 555 0199")):
            details.release(session, one.actor, pair_id, Detail.NUMBER, number, now=clock.now())
    assert "416 555 0143" in words_of(story.browser(dee.username).get(f"/together/{pair_id}"))
    tell(story.browser(woman.username), kind="reach")
    assert "416 555 0143" not in words_of(story.browser(dee.username).get(f"/together/{pair_id}"))
    assert "416 555 0199" in words_of(story.browser(woman.username).get(f"/together/{pair_id}"))


def test_the_end_of_a_pair_on_hold_ends_that_too(story, pair):
    pair_id, woman, _ = pair
    hers = story.browser(woman.username)
    tell(hers, kind="danger", pair=str(pair_id))
    assert [one.held for one in all_of(story, Supporter)] == [1]
    assert hers.send(f"/together/{pair_id}/end", then="another").status_code == 303
    assert [one.held for one in all_of(story, Supporter)] == [0]


def test_a_task_of_a_concern_is_not_ticked_off(story, pair):
    _, woman, _ = pair
    tell(story.browser(woman.username), kind="other")
    (task,) = all_of(story, Task)
    robin = story.browser()
    assert "It ends where it is looked after" in words_of(robin.get(f"/desk/tasks/{task.id}"))
    assert robin.send(f"/desk/tasks/{task.id}", act="not needed").status_code == 409
    assert "A concern" in words_of(robin.get("/desk?queue=tasks"))


TYPED = "What I typed in the evening."


@pytest.mark.parametrize(
    ("at", "field"),
    [("add", "said"), ("close", "came_of_it"), ("send-back", "why"), ("hold", "note"), ("lift", "lifted_note")],
)
def test_words_of_the_desk_outlive_an_idle_end(story, pair, at, field):
    pair_id, woman, _ = pair
    story._person("sam", Role.COORDINATOR)
    tell(story.browser(woman.username), kind="danger" if at == "lift" else "other")
    concern = f"/desk/concerns/{concern_of(story)}"
    if at == "send-back":
        story.browser("sam").send(f"{concern}/close", came_of_it="All is well.")
    browser = story.browser()
    page = f"/desk/pairs/{pair_id}" if at in ("hold", "lift") else concern
    clock.move(timedelta(minutes=16))
    assert browser.send(f"{page}/{at}", **{field: TYPED}).location == "/sign-in?late=kept"
    browser.sign_in("robin")
    shown = f"{page}/hold" if at in ("hold", "lift") else page
    assert TYPED in browser.get(shown).text


def test_a_form_that_is_sent_twice_is_entered_once(story, pair):
    _, woman, _ = pair
    tell(story.browser(woman.username), kind="other")
    path, robin = f"/desk/concerns/{concern_of(story)}", story.browser()
    for _again in range(2):
        assert robin.send(f"{path}/look").status_code == 303
    once = field_in(robin.get(path), "once")
    for _again in range(2):
        sent = robin.send(f"{path}/add", once=once, what="to her", said="I call you at two.")
        assert sent.status_code == 303
    robin.send(f"{path}/add", once=once, what="note", said="I call you at two.")
    robin.send(f"{path}/add", once=field_in(robin.get(path), "once"), what="to her", said="I call you at two.")
    assert entered(story) == ["looked", "to her", "note", "to her"]
    assert len([one for one in all_of(story, OutboxRow) if one.kind == "something for you"]) == 2


def test_who_begins_to_look_after_it_second_reads_that_somebody_has_begun(story, pair):
    _, woman, _ = pair
    story._person("sam", Role.COORDINATOR)
    tell(story.browser(woman.username), kind="other")
    path = f"/desk/concerns/{concern_of(story)}"
    assert story.browser().send(f"{path}/look").status_code == 303
    second = story.browser("sam").send(f"{path}/look")
    assert second.status_code == 409
    assert "Somebody was quicker" in words_of(second)
    assert entered(story) == ["looked"]


def entered(story):
    """Return what was entered so far, in its order."""
    found = sorted(all_of(story, ConcernEntry), key=lambda one: one.number)
    return [one.said["what"] for one in found]


@pytest.mark.parametrize(("act", "form"), [("confirm", {}), ("send-back", {"why": "Ask her once more."})])
def test_words_that_came_before_a_second_person_confirmed_are_shown_to_her(story, pair, act, form):
    _, woman, _ = pair
    story._person("pat", Role.APPROVER)
    hers, robin = story.browser(woman.username), story.browser()
    tell(hers, kind="other", said="The first words.")
    path, own = f"/desk/concerns/{concern_of(story)}", f"/told/{concern_of(story)}"
    robin.send(f"{path}/close", came_of_it="All is well.")
    pat = story.browser("pat")
    assert "Confirm, and close it" in words_of(pat.get(path))
    assert hers.send(f"{own}/words", said="She was at my door again.").status_code == 303
    before = len([one for one in all_of(story, AuditRecord) if one.action == "concern read"])
    late = pat.send(f"{path}/{act}", **form)
    assert late.status_code == 409
    page = words_of(late)
    assert "She has added something" in page
    assert "She was at my door again." in page
    assert form.get("why", "") in page
    assert "The first words." not in page
    assert len([one for one in all_of(story, AuditRecord) if one.action == "concern read"]) == before + 1
    (concern,) = all_of(story, Concern)
    assert concern.state == "looked at"
    assert pat.get(path).status_code == 404
    story._person("lou", Role.APPROVER)
    robin.send(f"{path}/close", came_of_it="All is well now.")
    assert pat.send(f"{path}/confirm").status_code == 303
    assert pat.send(f"{path}/confirm").status_code == 409


def test_who_sends_it_back_finds_a_page_once_and_twice(story, pair):
    """It leaves the approver's desk by that: no page of it opens to her any more, and none is promised to her."""
    _, woman, _ = pair
    story._person("pat", Role.APPROVER)
    tell(story.browser(woman.username), kind="other")
    path, robin, pat = f"/desk/concerns/{concern_of(story)}", story.browser(), story.browser("pat")
    once = field_in(robin.get(path), "once")
    for _again in range(2):
        sent = robin.send(f"{path}/close", once=once, came_of_it="All is well.")
        assert (sent.status_code, sent.location) == (303, path)
    once = field_in(pat.get(path), "once")
    for _again in range(2):
        sent = pat.send(f"{path}/send-back", once=once, why="Ask her first.")
        assert (sent.status_code, sent.location) == (303, "/next")
    assert entered(story) == ["proposed", "sent back"]
    assert pat.send(f"{path}/send-back", why="And once more.").status_code == 404
    assert robin.send(f"{path}/send-back", once=once, why="Ask her first.").status_code == 404
