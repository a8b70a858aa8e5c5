"""predict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.terminal import say
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.database import Database
    from tpugraph_db.stores.result import Result


_CHUNK = 100


@click.command("predict")
@click.argument("graphs", nargs=-1, metavar="GRAPH...")
@click.option("--all", "everything", is_flag=True, help="Every graph of the store.")
@click.option("--model", default="cost", show_default=True, help="Model to ask.")
@click.option("--write", is_flag=True, help="Put the prediction on the nodes.")
@click.option("--clear", metavar="MODEL", help="Take a model's properties off the nodes instead.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Ops to list for each graph.")
@db_option
@output_options
def predict_command(
    graphs: tuple[str, ...],
    everything: bool,
    model: str,
    write: bool,
    clear: str | None,
    top: int,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Predict ranks of a graph's ops, list the dearest, and with --write put them on the nodes.

    The model cost writes cost, cost_share, cost_rank and cost_finish on every Op; tpudb schema says what they are.
    """
    if bool(graphs) == everything:
        raise UsageError("give the graphs to predict, or --all")
    if clear and write:
        raise UsageError("--clear takes off what --write puts on: give one of the two")
    with open_db(uri) as db:
        asked = None if everything else list(graphs)
        if clear:
            say(f"cleared {clear} from {db.clear(asked, model=clear)} graphs")
            return
        result = _predict(db, asked, model, write, top)
    out.write(result, format_, output)


def _predict(db: Database, graphs: list[str] | None, model: str, write: bool, top: int) -> Result:
    from rich.console import Console
    from rich.progress import track

    from tpugraph_db.stores.result import Result

    console = Console(stderr=True)
    ids = [db.find(graph) for graph in graphs] if graphs is not None else [row[0] for row in db.graphs()]
    chunks = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]  # small graphs share a transaction
    tables = []
    for chunk in track(chunks, "predicting", console=console, transient=True, disable=not console.is_terminal):
        for made in db.predict(chunk, model=model, write=write):
            tables.append(made.top(top))
            if write:
                names = ", ".join([*made.prediction.ops, *made.prediction.configs])
                say(f"wrote {names} on {len(made.record):,} ops of {made.graph}")
    columns = tables[0].columns if tables else ("graph",)
    rows = [row for table in tables for row in table.rows]
    return Result(columns, rows, len(rows))
