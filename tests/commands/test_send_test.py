"""The operator's test of the mail: it leaves as every notice does, or says plainly why not."""

import pytest

from tests.services.notices.mail_server import mail_server, make_paper
from webapp.commands.mail import MEANS, explain
from webapp.config import MailSettings


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return make_paper(tmp_path_factory.mktemp("paper"))


def ask(app, mail, *arguments):
    object.__setattr__(app.config["SETTINGS"], "mail", mail)
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=["send-test", *(arguments or ("me@example.org",))])
    return ran.exit_code, " ".join(ran.output.split())


def test_it_leaves_and_says_so(app, paper):
    with mail_server(paper=paper) as server:
        assert ask(app, server.settings()) == (0, "127.0.0.1 took it. Look into the mail box.")
        assert ask(app, server.settings(), "me@example.org", "--language", "fr")[0] == 0
    assert ["Un essai" in body for _, _, body in server.taken] == [False, True]


def test_into_a_folder_it_says_where(app, tmp_path):
    code, said = ask(app, MailSettings(sender="a@example.org", folder=tmp_path / "mail"))
    assert (code, said) == (0, f"It lies in {tmp_path / 'mail'}.".replace("  ", " "))


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("refuse", "refuses this address"), ("grey", "refuses this address"), ("full", "refuses the letter"),
        ("refuse_all", "refuses to talk"), ("cut", "ended the line"), ("no_tls", "offers no STARTTLS"),
    ],
)  # fmt: skip
def test_it_says_plainly_what_went_wrong(app, paper, does, said):
    with mail_server(paper=paper, does=does) as server:
        code, words = ask(app, server.settings())
    assert code == 1
    assert said in words


def test_it_says_what_is_wrong_with_a_certificate_an_address_or_the_settings(app, paper, tmp_path):
    with mail_server(paper=make_paper(tmp_path, "mail.example.net")) as server:
        assert "certificate is not for PAIRWELL_SMTP_HOST" in ask(app, server.settings())[1]
        assert "Write it alone" in ask(app, server.settings(), "Me <me@example.org>")[1]
        settings = server.settings()
    assert "Nobody answers" in ask(app, settings)[1]
    assert "No mail server is named" in ask(app, MailSettings())[1]


def test_every_code_that_a_way_out_can_say_is_explained():
    for begins in MEANS:
        assert explain(f"{begins}_x") == MEANS[begins]
    assert explain("else") == "It did not leave."
