"""No page asks more of the database because there are more rows. How much it reads of them is for tests/growth."""

from tests.pages.statements import count_at_ten_and_a_thousand, too_many
from tests.pages.story import Story


def test_every_page_asks_as_much_at_a_thousand_rows_as_at_ten(app):
    ten, thousand = count_at_ten_and_a_thousand(Story(app))
    assert {page: count for page, count in thousand.items() if count > ten[page]} == {}
    assert too_many(ten) == {}
