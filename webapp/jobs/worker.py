"""What runs beside the site: `flask --app webapp work` ends offers whose time is over, once or every minute."""

import time

import click
from flask import Flask

from webapp.jobs.expire import expire_offers

PAUSE = 60


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(work)


@click.command()
@click.option("--once", is_flag=True, help="Run once and stop, for example from cron.")
def work(once: bool) -> None:
    """End offers whose time is over, and offer to the next whom she ranked."""
    while True:
        ended = expire_offers()
        if ended:
            click.echo(f"{ended} offers ended")
        if once:
            return
        time.sleep(PAUSE)
