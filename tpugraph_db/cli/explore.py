"""explore."""

from __future__ import annotations

import os
import sys

import click

from tpugraph_db.cli.options import db_option
from tpugraph_db.cli.screen import is_terminal, restorer
from tpugraph_db.cli.signals import last_act
from tpugraph_db.cli.subject import figure_options
from tpugraph_db.errors import UsageError

_SWITCH = 0.001
"""Seconds that what is counted beside the screen may go on before a key has its turn; Python's own are 5 ms."""


@click.command("explore")
@click.argument("graph", metavar="[GRAPH|FILE]", required=False)
@figure_options
@db_option
def explore_command(graph: str | None, by: str | None, machine: str | None, uri: str | None) -> int:
    """Hot spots and their causes on the whole screen, with arrow keys or the mouse; ? says which keys do what.

    Of a graph that is loaded, or a file that need not be. Without one the graphs of the store are listed.
    """
    if not is_terminal():
        raise UsageError("explore needs a terminal on stdin, stdout and stderr; tpudb hot, path, near print the same")
    from tpugraph_db.explore.app import Explorer
    from tpugraph_db.explore.job import are_running
    from tpugraph_db.explore.session import Session

    session = Session(uri, by=by, machine=machine)
    explorer = Explorer(session, graph)
    sys.setswitchinterval(_SWITCH)
    with last_act(restorer()):
        explorer.run()
    code = explorer.return_code or 0
    if are_running():  # a query that was given up, perhaps: the engine has it, and closing would wait for it
        os._exit(code)
    session.forget_database()
    return code
