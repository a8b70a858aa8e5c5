"""serve."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli.options import db_option, open_db
from tpugraph_db.cli.signals import last_act
from tpugraph_db.cli.terminal import say

if TYPE_CHECKING:
    from tpugraph_db.database import Database
    from tpugraph_db.stores.serve import Server


@click.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="On loopback (127.0.0.1).  [default: any free one]"
)
@click.option("--write", is_flag=True, help="Let clients change the store.")
@db_option
def serve_command(port: int, write: bool, uri: str | None) -> None:
    """Serve an embedded store to other programs of yours on this machine, until Ctrl-C. They read, unless --write.

    They find it by the store's folder: tpudb query, load, hot and so on, and tpugraph_db.open, work as ever meanwhile,
    several at a time. When it is ready, its address and the store are on stdout.

    \b
      tpudb serve --db my-graphs &
      tpudb query -n hubs --db my-graphs
    """
    with (
        open_db(uri, create=write) as db,
        db.serve(port=port, write=write) as server,
        last_act(lambda: _end(server, db)),
    ):
        click.echo(f"{server.address} {db.store.location}")
        say(f"serving {'reads and changes' if write else 'reads; --write lets clients change it'}; Ctrl-C ends it")
        Event().wait()  # a signal ends the process


def _end(server: Server, db: Database) -> None:
    server.stop()
    db.close()
