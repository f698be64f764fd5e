"""The figures that the trial of every door gives: each counts one kind of what was tried."""

from tests.proofs.counts import Count
from tests.security.doors.tried import NO_RECORD, READ_ONLY_EXCEPT, try_all_alone


def prove(*, long: bool) -> Count:
    """A1: count the requests that were sent through every door, and whatever was wrong with an answer."""
    tried = try_all_alone()
    return Count(tried.sent, len(tried.wrong), f"{len(tried.routes)} routes, {len(tried.cells)} cells")


def prove_twins(*, long: bool) -> Count:
    """A3: count the addresses of things that are not hers, each held against one where there is nothing."""
    tried = try_all_alone()
    return Count(tried.twins, tried.wrong_with("where there is nothing"))


def prove_forged(*, long: bool) -> Count:
    """A4: count the forms that were sent with no, a wrong and another's hidden field."""
    tried = try_all_alone()
    return Count(tried.forged, tried.wrong_with("hidden field"))


def prove_reads(*, long: bool) -> Count:
    """A5: count the readings that were let through, each with the database held against itself before and after."""
    tried = try_all_alone()
    return Count(tried.reads, tried.wrong_with("reading changed"), f"all tables but {' and '.join(READ_ONLY_EXCEPT)}")


def prove_headers(*, long: bool) -> Count:
    """G1: count route, person and status whose answers all carried every header, and nothing to keep."""
    tried = try_all_alone()
    statuses = sorted({status for *_, status in tried.dressed})
    return Count(len(tried.dressed), tried.wrong_with("header"), f"statuses {', '.join(map(str, statuses))}")


def prove_records(*, long: bool) -> Count:
    """Count the acts and refusals whose record in the audit was looked for, and those that left none."""
    tried = try_all_alone()
    missing = [one for one in tried.wrong if NO_RECORD in one]
    return Count(tried.recorded, len(missing), "; ".join(missing[:3]))
