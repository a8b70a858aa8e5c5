"""scores."""

from __future__ import annotations

from pathlib import Path

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.errors import NotFoundError, UsageError


@click.command("scores")
@click.argument("graph", metavar="GRAPH")
@click.option("--model", "models", multiple=True, help="Whose; may be repeated.  [default: all that are kept]")
@click.option("--limit", type=int, default=500, show_default=True, help="Rows to write; -1 for all.")
@db_option
@output_options
def scores_command(
    graph: str, models: tuple[str, ...], limit: int, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """List what models have written of every configuration of a graph, those that are no nodes too.

    \b
      tpudb scores unet3d --model gcn
      tpudb scores unet3d --limit -1 -o scores.parquet

    tpudb predict --write keeps them. The fastest by the first model come first; lower is faster.
    """
    if limit < -1:
        raise UsageError(f"--limit: expected a number of rows, or -1 for all; found {limit}")
    from tpugraph_db.scores import scored_models, scores_table

    with open_db(uri) as db:
        found = db.find(graph)
        wanted = list(dict.fromkeys(models)) or scored_models(db.store, found)
        if not wanted:
            cure = f"tpudb predict {found} --model CHECKPOINT --write keeps some"
            raise NotFoundError(f"no scores are kept of {found}; {cure}")
        result = scores_table(db.store, found, wanted, None if limit < 0 else limit)
    out.write(result, format_, output)
