"""A round read back from its certificate: proved, then seated at the prices that prove it, so that none is searched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from matcher import backends
from matcher.assignment.matching import Matching
from matcher.errors import Refused
from matcher.people import Need, longest_waiting_first
from matcher.ranking.roster import Roster
from matcher.rounds.column_generation import settle
from matcher.rounds.market import Market, open_market
from matcher.rounds.settings import read_settings
from matcher.rounds.solve import Round, as_round
from matcher.rounds.verification import verify_certificate


def resume(
    roster: Roster,
    needs: Sequence[Need],
    document: Any,
    progress: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> Round:
    """Return the very round of a certificate, with its settings, ready for changes; `progress` is that of solve_round.

    Raises Refused with everything that is wrong if the certificate does not hold for these people.
    """
    faults = verify_certificate(roster, needs, document)
    if faults:
        raise Refused(faults)
    floor = Decimal(str(document["floor"]))
    pins, forbidden = ([(need, offer) for need, offer in document[key]] for key in ("pins", "forbidden"))
    settings = read_settings(roster, needs, document["objective"], floor, pins, forbidden)
    market = open_market(roster, sorted(needs, key=longest_waiting_first), settings, progress=progress)
    return as_round(settings, market, *_seated(market, document))


def _seated(market: Market, document: Mapping[str, Any]) -> tuple[Matching, int]:
    """Seat everyone where the certificate has her, at its prices; return the matching and its bound."""
    # The certificate was proved: these seats are optimal at these prices, so begin_at takes them all.
    matching = backends.current().matching(market.places, len(market.needs))
    prices = [document["prices"].get(offer, 0) for offer in market.offers]
    column_of = {offer: column for column, offer in enumerate(market.offers)}
    row_of = {need.id: row for row, need in enumerate(market.needs)}
    pinned = {pin.row for pin in market.pinned}
    seats = [(row_of[pair["need"]], column_of[pair["offer"]]) for pair in document["pairs"]]
    seats = [seat for seat in seats if seat[0] not in pinned]
    for row, column in seats:
        position = market.position(row, column)
        matching.consider(row, [column], [market.value(row, position)])
    return matching, settle(market, matching, matching.begin_at(prices, seats))
