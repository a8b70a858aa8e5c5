"""explore."""

from __future__ import annotations

import sys

import click

from tpugraph_db.cli.options import db_option
from tpugraph_db.cli.subject import figure_options
from tpugraph_db.errors import UsageError


@click.command("explore")
@click.argument("graph", metavar="[GRAPH|FILE]", required=False)
@figure_options
@db_option
def explore_command(graph: str | None, by: str | None, machine: str | None, uri: str | None) -> None:
    """Hot spots and their causes on the whole screen: tables, the graph around an op, arrow keys; ? says which.

    Of a graph that is loaded, or a file that need not be; of none, the graphs are listed.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("explore needs a terminal on stdin and stdout; tpudb hot, path, near, configs print the same")
    from tpugraph_db.explore.app import Explorer
    from tpugraph_db.explore.session import Session

    Explorer(Session(uri, by=by, machine=machine), graph).run()
