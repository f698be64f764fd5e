"""Where somebody comes from: an address, or the part of one that a household has."""

from webapp.security import limits


def test_one_household_with_ipv6_counts_as_one(app):
    for address in ("2001:db8::1", "2001:db8::2:3"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert limits.current_address() == "2001:db8::/64"
