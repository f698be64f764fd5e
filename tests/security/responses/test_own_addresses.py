"""Only addresses of our own are followed, and no name under which the site was asked for is repeated."""

import pytest

from tests.programme.databases import settings_for
from tests.programme.fixtures import run

FOLLOWED = {
    "/about": "/about",
    "/": "/",
    "/questions/start": "/questions/start",
    "/setup/abc": "/setup/abc",
}
NOT_FOLLOWED = (
    *("//setup/evil.com", "///about", "//evil.com/about", "https://evil.com/", "/\\evil.com", "\\\\evil.com"),
    *("/about\n", "/about\r\nX-Evil: 1", "/setup/a\nb", "/setup/a\x00b", "\n/about", " //evil.com", "javascript:1"),
    *("/no-such-page", "/language", "", "about", "/setup/a?b=//evil.com", "/setup/é\u202e"),
)


@pytest.mark.parametrize("path", FOLLOWED)
def test_a_page_of_ours_is_gone_back_to(client, path):
    answer = client.send("/language", language="fr", back=path)
    assert (answer.status_code, answer.location) == (303, FOLLOWED[path])


@pytest.mark.parametrize("path", NOT_FOLLOWED, ids=ascii)
def test_anything_else_leads_home(client, path):
    answer = client.send("/language", language="fr", back=path)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("path", ["/static//", "/static//site.css", "//", "//static/site.css", "/setup//a", "/about//"])
def test_no_answer_repeats_the_name_that_was_asked_for(client, path):
    answer = client.get(path, base_url="https://evil.example", headers={"Host": "evil.example"})
    assert answer.status_code in (200, 308, 404)
    assert "evil.example" not in str(answer.headers) + answer.text


def test_where_names_are_set_others_are_refused_with_a_way_out(on_sqlite, tmp_path):
    for app in run(settings_for(on_sqlite.ready(), tmp_path, hosts=("pairwell.example",))):
        client = app.test_client()
        assert client.get("/help", base_url="https://pairwell.example").status_code == 200
        answer = client.get("/help", base_url="https://evil.example")
        assert answer.status_code == 400
        assert "evil.example" not in str(answer.headers) + answer.text
        assert 'href="/leave"' in answer.text
