"""How an operator changes the key of the fields: `flask --app webapp keys rotate`, `reseal`, then `drop NUMBER`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import click

from webapp import clock, files
from webapp.config import BadKeys, Keys, key_file
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY, Encrypted
from webapp.crypto.keyfile import ring_of
from webapp.extensions import transaction
from webapp.services import keys as key_services

GRACE = timedelta(minutes=10)
"""Longer than any act takes that began before the new key was there."""
PAUSE = 0.01
"""Between two steps, so that people who write are not kept waiting."""


@click.group()
def keys() -> None:
    """Change the key of the encrypted fields, while the site runs."""


@keys.command()
def rotate() -> None:
    """Add a new key and use it from now on. The old ones still read what they sealed."""
    path = key_file()
    with files.held(path), _said_plainly():
        new = Keys.read(path).with_new_key(clock.now())
        new.write_over(path)
        with transaction() as session:
            key_services.keep_checks(session, ring_of(new))
    click.echo(f"Key {new.current} is in use. Keep a copy of {path} apart from the database.")
    click.echo("Every process of the site on this machine takes it up at once; on others, copy the file there now.")
    click.echo("Then seal everything anew with it: flask --app webapp keys reseal")


@keys.command()
def reseal() -> None:
    """Seal every field anew with the current key. Can be broken off and run again; the site goes on meanwhile."""
    done = unreadable = 0
    for field in list(REGISTRY.values()):
        more, lost = _reseal_field(field)
        done, unreadable = done + more, unreadable + lost
    click.echo(f"{done} fields are sealed anew with key {keyring.ring().current}.")
    if unreadable:
        raise click.ClickException(
            f"{unreadable} fields cannot be read and stay as they are. Run: flask --app webapp doctor"
        )


def _reseal_field(field: Encrypted[Any]) -> tuple[int, int]:
    last, done, unreadable = None, 0, 0
    while True:
        with transaction() as session:
            step = key_services.reseal_some(session, field, last)
        if step is None:
            return done, unreadable
        last, done, unreadable = step.last, done + step.done, unreadable + step.unreadable
        time.sleep(PAUSE)


@keys.command()
@click.argument("number", type=int)
@click.option("--site-is-stopped", is_flag=True, help="Do not wait for ten minutes after the new key.")
def drop(number: int, site_is_stopped: bool) -> None:
    """Take an old key out of the key file, once nothing is sealed with it."""
    path = key_file()
    with files.held(path), _said_plainly():
        held = Keys.read(path)
        _refuse_to_drop(held, number, site_is_stopped)
        with transaction() as session:
            uses = key_services.count_uses(session, number)
            if uses:
                said = ", ".join(f"{count} of {field}" for field, count in uses.items())
                raise BadKeys(f"Key {number} still seals {said}. Run: flask --app webapp keys reseal")
            key_services.forget_check(session, number)
            held.without(number).write_over(path)
    click.echo(f"Key {number} is gone from {path}. Backups made before need it: keep its copy with them.")


def _refuse_to_drop(held: Keys, number: int, site_is_stopped: bool) -> None:
    if number not in held.fields:
        raise BadKeys(f"There is no key {number}. There are: {', '.join(map(str, sorted(held.fields)))}")
    if number == held.current:
        raise BadKeys(f"Key {number} is in use. Run first: flask --app webapp keys rotate")
    rotated = datetime.fromisoformat(held.rotated_at) if held.rotated_at else None
    if not site_is_stopped and rotated is not None and clock.now() - rotated < GRACE:
        raise BadKeys("An act that began before the new key may still be under way. Run this again in ten minutes.")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Say what is wrong in one line, without a trace."""
    try:
        yield
    except BadKeys as bad:
        raise click.ClickException(str(bad)) from None
