"""End the offers whose time is over; the next whom she ranked is offered at once."""

from webapp import clock
from webapp.extensions import transaction
from webapp.services import proposals


def expire_offers() -> int:
    """Run once; return how many offers ended."""
    with transaction() as session:
        return proposals.expire_offers(session, now=clock.now())
