"""What a command of analytics is asked about: a graph that is loaded, or a file that need not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import open_db
from tpugraph_db.cli.terminal import say
from tpugraph_db.paths import is_file

if TYPE_CHECKING:
    from tpugraph_db.analytics.figures import Figure
    from tpugraph_db.record import GraphRecord
    from tpugraph_db.stores import Store
    from tpugraph_db.stores.result import Result

GROUPS = click.Choice(("opcode", "block", "computation", "source"))
"""What ops are put together by: ``analytics.groups``, whose import takes longer than a help text should."""

Command = TypeVar("Command", bound=Callable[..., Any])


def figure_options(command: Command) -> Command:
    """``--by`` and ``--machine``."""
    by = "cost, flops, bytes, bytes_accessed, modelled, measured, headroom, sensitivity, fanout, or a model's "
    by += "MODEL_share.  [default: measured where there is a profile, else flops]"
    machine = "For modelled and headroom: tpu_v4, h100, ... (tpudb machine list), or a .toml."
    command = click.option("--machine", metavar="NAME|FILE", help=machine)(command)
    return click.option("--by", metavar="FIGURE", help=by)(command)


def subset_options(command: Command) -> Command:
    """``--near``, ``-k``, ``--match`` and ``--cypher``: what :func:`tpugraph_db.chosen.chosen_ops` takes."""
    cypher = "Only the ops that it returns: nodes, uids or indices; $graph is the graph's id. It reads."
    command = click.option("--cypher", metavar="QUERY", help=cypher)(command)
    match = "Only the ops of a pattern's matches (tpudb match)."
    command = click.option("--match", metavar="PATTERN", help=match)(command)
    hops = "Edges to go from --near, either way.  [default: 2]"
    command = click.option("-k", "hops", type=click.IntRange(0), help=hops)(command)
    return click.option("--near", metavar="OP", help="Only the ops around this one (index or name).")(command)


@contextmanager
def subject(graph: str, uri: str | None) -> Iterator[tuple[GraphRecord, Store | None]]:
    """The record of a graph's id or of a file, and the store of the former."""
    if is_file(graph):
        from tpugraph_db.formats import read

        yield read(graph), None
        return
    with open_db(uri) as db:
        yield db.record(graph), db.store


def write_top(result: Result, format_: str | None, output: Path | None) -> None:
    """Rows that ``-n`` has cut off."""
    out.write_rows(result, format_, output)
    if result.truncated:
        say(f"{result.truncated}; -n lists more")


def say_figure(figure: Figure) -> None:
    """Where a figure comes from, and of how many ops it is known."""
    import numpy as np

    known = int((~np.isnan(figure.values)).sum())
    unit = f" [{figure.unit}]" if figure.unit else ""
    line = f"{figure.provenance}: {figure.name}{unit}, known of {known:,} of {len(figure.values):,} ops"
    say(line if figure.totals is None else f"{line}, {np.nansum(figure.values):.6g} in all")
