"""machine."""

from __future__ import annotations

from pathlib import Path

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import output_options
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say


@click.group("machine")
def machine_group() -> None:
    """Machine files for tpudb roofline: peaks of compute by type, memory bandwidth, and where they come from."""


@machine_group.command("measure")
@click.option(
    "--rounds", type=click.IntRange(1), default=9, show_default=True, help="Rounds, of which the median counts."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file, not to stdout.")
def measure_command(rounds: int, output: Path | None) -> None:
    """Measure the CPU at hand with numpy, as a machine file: products of matrices, and a copy through memory."""
    from tpugraph_db.analytics.machines.measure import DTYPES, measure_machine

    with progress() as bar:
        task = bar.add_task("measuring", total=(rounds + 1) * (len(DTYPES) + 1))
        machine = measure_machine(rounds=rounds, on_round=lambda: bar.advance(task))
    text = machine.to_toml()
    out.write_text(text, output)
    if output:
        say(f"wrote {machine.name} to {output}")


@machine_group.command("list")
@output_options
def list_command(format_: str | None, output: Path | None) -> None:
    """List the machines that are shipped, their peaks, and the documents that these are from."""
    from tpugraph_db.analytics.machines import find_machine, machine_names
    from tpugraph_db.stores.result import Result

    rows = [
        (name, found.name, dtype, peak, found.memory_bandwidth, found.sources["peak_flops"])
        for name in machine_names()
        for found in [find_machine(name)]
        for dtype, peak in found.peak_flops.items()
    ]
    columns = ("machine", "name", "dtype", "peak_flops", "memory_bandwidth", "source")
    out.write(Result(columns, rows, len(rows)), format_, output)
