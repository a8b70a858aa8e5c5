"""roofline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import subject
from tpugraph_db.cli.terminal import say

if TYPE_CHECKING:
    from tpugraph_db.analytics.roofline import Roofline

_NAMED = 4
"""Opcodes that are named of those whose costs are not known."""


@click.command("roofline")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option(
    "--machine", required=True, metavar="NAME|FILE", help="tpu_v4, h100, ... (tpudb machine list), or a .toml."
)
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Ops to list.")
@db_option
@output_options
def roofline_command(
    graph: str, machine: str, count: int, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """Model the time of each op on a machine: what it computes or what it moves, whichever takes longer.

    Flops and bytes are counted on the graph (structural), times are modelled from them, and headroom is the profiled
    time over the modelled one, where there is a profile.
    """
    with subject(graph, uri) as (record, _):
        from tpugraph_db.analytics.machines import find_machine
        from tpugraph_db.analytics.roofline import roofline

        found = roofline(record, find_machine(machine))
    rows = found.top(count)
    out.write_rows(rows, format_, output)
    if rows.truncated:
        say(f"{rows.truncated} ops; -n lists more")
    for line in _notes(found):
        say(line)


def _notes(found: Roofline) -> list[str]:
    """Where the figures come from, and of how much of the graph they are."""
    import numpy as np

    from tpugraph_db.analytics.provenance import said
    from tpugraph_db.analytics.roofline import PROVENANCE

    whole = float(np.nansum(found.program_ns))
    computing = float(np.nansum(found.program_ns[found.bound == "compute"]))
    lines = [f"{said(PROVENANCE)}"]
    if whole:
        share = f"{100 * computing / whole:.0f} % of it bound by compute"
        lines.append(f"modelled {whole / 1e6:.6g} ms on {found.machine.name}, {share}")
    for figure in ("flops", "bytes_accessed"):
        known, ops = found.costs.coverage(figure)
        lines.append(f"{figure} known for {known:,} of {ops:,} ops{_missing(found.costs.unknown(figure))}")
    loops = int(((found.costs.trips < 0) & (found.costs.runs > 0)).sum())
    if loops:
        lines.append(f"loops without a known trip count, whose bodies count once: {loops:,}")
    assumed = int((found.assumed & (found.costs.runs > 0)).sum())
    if assumed:
        others = found.machine.others
        how = f"at the peak of {others}" if others else "not at all"
        lines.append(f"{assumed:,} ops of types that the machine file has no peak of count {how}")
    return lines


def _missing(unknown: dict[str, int]) -> str:
    if not unknown:
        return ""
    named = ", ".join(f"{count:,} {opcode}" for opcode, count in list(unknown.items())[:_NAMED])
    return f"; not for {named}{', ...' if len(unknown) > _NAMED else ''}"
