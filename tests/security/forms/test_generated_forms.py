"""A few hundred of the ten thousand generated forms of `make drill`; what the generator makes is as strange as said."""

from tests.security.forms.generated_forms import (
    STRANGE,
    Target,
    encoded,
    forms,
    names_and_values,
    partly_replaced,
    try_all,
)


def test_no_form_is_answered_by_a_failure_of_ours():
    seen = try_all(300, with_postgres=False)
    assert seen.failed == []
    assert seen.answers.total() >= 150
    assert {303, 400, 422} <= seen.answers.keys()


def test_half_signs_nul_and_files_go_over_the_line():
    fields = [("a", "\ud800"), ("b", "x\0"), ("b", "again")]
    assert encoded(fields, "urlencoded")[0] == b"a=%ED%A0%80&b=x%00&b=again"
    assert b'name="b"; filename="a.txt"' in encoded(fields, "files")[0]
    assert any("\0" in text for text in STRANGE)


def test_a_form_that_would_go_through_is_changed_in_some_places():
    right = [("a", "1"), ("b", "2")]
    assert partly_replaced(right, ["x", "y"], 0) == right
    assert partly_replaced(right, ["x", "y"], 2) == [("a", "1"), ("b", "y")]
    assert forms(Target("/", "a visitor", ("a",), (), (("a", "1"),))) is not None


def test_names_and_values_come_from_the_pages():
    page = '<input name="q-name" value="Claire"><input name="csrf_token" value="x"><meta name="viewport">'
    assert names_and_values([page])[0] == ("body", "q-name", "username")
