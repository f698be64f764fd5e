"""The ways out: a letter tells nothing, a closed line is asked for, and every refusal has a code and no address."""

import stat
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, message_from_string
from email.policy import default

import pytest

from tests.services.notices.mail_server import SENDER, mail_server, make_paper
from webapp.config import BadMail, MailSettings, Security
from webapp.content import letters
from webapp.domain.safe_contact import Channel, Wording
from webapp.services.notices import delivery, gate
from webapp.services.notices.channels import NotSent
from webapp.services.notices.channels.folder import Folder
from webapp.services.notices.channels.letters import write
from webapp.services.notices.channels.smtp import Server
from webapp.services.notices.gate import NotPermitted, Permit

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TO = "claire@example.org"


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return make_paper(tmp_path_factory.mktemp("paper"))


def send(settings, to=TO, *, language="en", now=NOW):
    delivery.send_test(to, language, settings, clock=lambda: now)


def headers_of(body):
    return message_from_string(body, policy=default)


@pytest.mark.parametrize("tls", [False, True])
def test_a_letter_arrives_over_a_closed_line_with_nothing_that_tells(paper, tls):
    with mail_server(paper=paper, tls=tls) as server:
        send(server.settings())
        ((sender, to, body),) = server.taken
    assert (sender, to.upper()) == (f"mail FROM:<{SENDER}>", f"RCPT TO:<{TO.upper()}>")
    message = headers_of(body)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding"]
    )  # fmt: skip
    assert message["From"] == f"Updates <{SENDER}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@post.example.org>")
    assert message["Date"].endswith("+0000")
    assert message.get_content_type() == "text/plain"
    assert "http" not in body


def test_the_line_names_the_sender_s_domain_and_no_machine(paper):
    with mail_server(paper=paper) as server:
        send(server.settings())
    assert {said for said in server.spoken if said.startswith("ehlo")} == {"ehlo post.example.org"}


@pytest.mark.parametrize(("name", "words"), [("update", {"en": "You have an update", "fr": "Il y a du nouveau"})])
def test_the_words_are_neutral_in_both_languages(name, words):
    for language, subject in words.items():
        assert letters.find(name, language).subject == subject
    assert letters.find(name, "xx") == letters.find(name, "en")
    for languages in letters.load().values():
        assert set(languages) == {"en", "fr"}


TELLING = ("pairwell", "riverside", "recover", "rétabli", "violence", "peer", "paire", "aidante", "mentor", "support",
           "soutien", "woman", "femme", "http", "www", "coordinat", "request", "demande", "match")  # fmt: skip


def test_no_letter_says_what_this_site_is():
    for languages in letters.load().values():
        for letter in languages.values():
            said = f"{letter.subject} {letter.text}".lower()
            assert [word for word in TELLING if word in said] == []


@pytest.mark.parametrize(
    ("does", "code", "is_final", "is_line"),
    [
        ("refuse", "address_refused_550", True, False),
        ("grey", "address_refused_451", False, False),
        ("full", "letter_refused_452", False, False),
        ("refuse_all", "server_refused_421", False, True),
        ("cut", "line_cut", False, False),
        ("no_tls", "no_starttls", False, True),
    ],
)
def test_what_the_server_does_is_told_by_a_code(paper, does, code, is_final, is_line):
    with mail_server(paper=paper, does=does) as server, pytest.raises(NotSent) as failure:
        send(server.settings())
    assert (failure.value.code, failure.value.is_final, failure.value.is_line) == (code, is_final, is_line)
    assert TO not in repr(failure.value)
    assert server.taken == []


def test_a_server_that_says_nothing_is_not_waited_for(paper):
    with mail_server(paper=paper, does="slow", delay=5) as server, pytest.raises(NotSent) as failure:
        send(server.settings(seconds=0.3))
    assert (failure.value.code, failure.value.is_line) == ("line_cut", True)


def test_nobody_at_the_port_is_told(paper):
    with mail_server(paper=paper) as server:
        settings = server.settings()
    with pytest.raises(NotSent, match="no_answer"):
        send(settings)


@pytest.mark.parametrize("tls", [False, True])
def test_a_wrong_certificate_gets_nothing(paper, tmp_path, tls):
    other = make_paper(tmp_path, "mail.example.net")
    for shown, trusted in ((other, other), (other, paper), (paper, None)):
        with mail_server(paper=shown, tls=tls) as server, pytest.raises(NotSent) as failure:
            send(server.settings(certificates=trusted.certificate if trusted else None))
        assert (failure.value.code, failure.value.is_line) == ("certificate_not_trusted", True)
        assert not any(said.lower().startswith(("mail", "rcpt")) for said in server.spoken)


def test_a_password_is_sent_over_a_closed_line_alone(paper):
    with mail_server(paper=paper, does="no_tls") as server, pytest.raises(NotSent):
        send(server.settings(user="u", password="s3cret"))
    assert not any("AUTH" in said.upper() for said in server.spoken)
    assert "s3cret" not in repr(server.settings(password="s3cret"))


@pytest.mark.parametrize(
    "address",
    [
        "claire@example.org\r\nBcc: everybody@example.org",
        "claire@example.org\nSubject: x",
        "claire@example.org, other@example.org",
        "Claire <claire@example.org>",
        "claire@example.org ",
        "claire@exämple.org",
        '"a b"@example.org',
        "claire@example.org\x00",
        "",
    ],
)
def test_an_address_that_carries_anything_else_is_never_written(paper, address):
    with mail_server(paper=paper) as server, pytest.raises(NotSent) as failure:
        send(server.settings(), address)
    assert failure.value.code == "bad_address"
    assert server.tried == 0


@pytest.mark.parametrize("name", ["Updates\r\nBcc: x@example.org", "Up\x00dates", "a\nb"])
def test_a_sender_name_of_more_than_a_line_starts_no_site(name):
    with pytest.raises(BadMail):
        MailSettings(sender=SENDER, sender_name=name, host="mail.example.org").check()


def test_a_name_with_signs_is_written_as_one_name():
    settings = MailSettings(sender=SENDER, sender_name='Nouvelles, "du" jour; <x@example.org>')
    message = write(letters.find("update", "fr"), TO, settings, now=NOW)
    read = message_from_bytes(message.as_bytes(), policy=default)
    (sender,) = read["From"].addresses
    assert sender.addr_spec == SENDER
    assert read.get_content().strip() == letters.find("update", "fr").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sender": ""}, "PAIRWELL_MAIL_FROM"),
        ({"sender": "Updates <a@example.org>"}, "PAIRWELL_MAIL_FROM"),
        ({"security": Security.NONE}, "PAIRWELL_SMTP_SECURITY"),
    ],
)
def test_settings_that_would_tell_or_fail_start_no_site(changed, said):
    settings = MailSettings(**{"sender": SENDER, "host": "mail.example.org", **changed})
    with pytest.raises(BadMail, match=said):
        settings.check()


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "word").write_text("s3cret\n")
    said = {
        "PAIRWELL_MAIL_FROM": SENDER, "PAIRWELL_MAIL_NAME": "News", "PAIRWELL_SMTP_HOST": "mail.example.org",
        "PAIRWELL_SMTP_PORT": "465", "PAIRWELL_SMTP_SECURITY": "tls", "PAIRWELL_SMTP_USER": "site",
        "PAIRWELL_SMTP_PASSWORD_FILE": str(tmp_path / "word"), "PAIRWELL_SMTP_SECONDS": "5",
    }  # fmt: skip
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    mail = MailSettings.from_environment()
    assert (mail.port, mail.security, mail.password, mail.seconds, mail.is_there) == (465, "tls", "s3cret", 5, True)
    monkeypatch.setenv("PAIRWELL_SMTP_SECURITY", "maybe")
    with pytest.raises(BadMail, match="starttls, tls, none"):
        MailSettings.from_environment()
    monkeypatch.setenv("PAIRWELL_SMTP_SECURITY", "tls")
    monkeypatch.setenv("PAIRWELL_SMTP_PASSWORD_FILE", str(tmp_path / "gone"))
    with pytest.raises(BadMail, match="cannot be read"):
        MailSettings.from_environment()


# Without a permit nothing leaves


def test_nobody_but_the_gate_makes_a_permit():
    with pytest.raises(NotPermitted):
        Permit(Channel.EMAIL, TO, Wording.NEUTRAL, NOW + timedelta(minutes=1), object())


@pytest.mark.parametrize("made", ["server", "folder"])
def test_a_permit_that_is_over_or_for_another_way_sends_nothing(paper, tmp_path, made):
    permit, letter = gate.permit_test(TO, now=NOW), letters.find("test", "en")
    with mail_server(paper=paper) as server:
        settings = server.settings()
        way = Server(settings) if made == "server" else Folder(settings, tmp_path / "mail")
        with pytest.raises(NotPermitted):
            way.send(permit, letter, clock=lambda: NOW + gate.PERMIT_LASTS)
        object.__setattr__(permit, "channel", Channel.TEXT)
        with pytest.raises(NotPermitted):
            way.send(permit, letter, clock=lambda: NOW)
        assert server.tried == 0
    assert not (tmp_path / "mail").exists()


def test_a_permit_that_ends_while_the_line_is_slow_sends_nothing(paper):
    moments = iter([NOW, NOW, NOW + gate.PERMIT_LASTS])
    with mail_server(paper=paper) as server, pytest.raises(NotPermitted):
        delivery.sender(server.settings()).send(
            gate.permit_test(TO, now=NOW), letters.find("test", "en"), clock=lambda: next(moments)
        )
    assert server.taken == []


def test_a_folder_holds_each_letter_in_a_file_of_its_owner_alone(tmp_path):
    settings = MailSettings(sender=SENDER, folder=tmp_path / "mail")
    send(settings)
    send(settings, language="fr")
    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700
    assert {message_from_bytes(file.read_bytes(), policy=default)["Subject"] for file in files} == {
        "A test",
        "Un essai",
    }


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "mail").write_text("a file stands in the way")
    with pytest.raises(NotSent, match="folder_"):
        send(MailSettings(sender=SENDER, folder=tmp_path / "mail"))
