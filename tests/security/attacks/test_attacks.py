"""What kept a woman out of her account no longer does: polling, guessing from everywhere, a proxy that nobody named."""

from tests.programme.databases import OnSqlite
from tests.proofs.counts import Count
from tests.security.attacks.attacked import (
    WITHIN,
    Visitor,
    from_everywhere,
    get_in,
    polling,
    seconds_to_get_in,
    serving,
)

QUICK = {"PAIRWELL_HASH_KIB": "8192"}


def test_who_polls_her_name_from_her_own_address_does_not_keep_her_out(on_sqlite: OnSqlite, tmp_path):
    with serving(on_sqlite, tmp_path, **QUICK) as port:
        assert max(get_in(polling(port), times=6)) < WITHIN


def test_three_hundred_addresses_do_not_keep_her_out(on_sqlite: OnSqlite, tmp_path):
    with serving(on_sqlite, tmp_path, PAIRWELL_PROXIES="1", **QUICK) as port:
        assert max(get_in(from_everywhere(port), times=6, address="198.51.100.7")) < WITHIN


def test_a_proxy_that_nobody_named_is_refused_with_the_remedy(on_sqlite: OnSqlite, tmp_path):
    with serving(on_sqlite, tmp_path, **QUICK) as port:
        through = Visitor(port, "198.51.100.7")
        status, body = through.ask("GET", "/sign-in")
        assert status == 503
        assert "/leave" in body
        assert through.ask("GET", "/leave")[0] == 303
        assert through.ask("GET", "/help")[0] == 200
        assert seconds_to_get_in(port) < WITHIN
    assert "Set PAIRWELL_PROXIES=1" in (tmp_path / "log").read_text()


def test_without_a_proxy_its_headers_are_ignored_where_the_operator_says_so(on_sqlite: OnSqlite, tmp_path):
    with serving(on_sqlite, tmp_path, PAIRWELL_PROXIES="0", **QUICK) as port:
        assert seconds_to_get_in(port, "198.51.100.7") < WITHIN


def prove(*, long: bool) -> Count:
    """Let her in while others poll, and while three hundred addresses guess, with passphrases hashed in full."""
    import tempfile
    from pathlib import Path

    databases, took, failures, times = OnSqlite(), [], 0, 40 if long else 6
    attacks = ((polling, {}, None), (from_everywhere, {"PAIRWELL_PROXIES": "1"}, "198.51.100.7"))
    try:
        for attack, env, address in attacks:
            with tempfile.TemporaryDirectory() as folder, serving(databases, Path(folder), **env) as port:
                try:
                    took += get_in(attack(port), times=times, address=address)
                except AssertionError:
                    failures += 1
    finally:
        databases.close()
    failures += sum(seconds >= WITHIN for seconds in took)
    return Count(2 * times, failures, f"the longest took {max(took, default=0):.1f} s")
