"""submit."""

from __future__ import annotations

from pathlib import Path

import click

from tpugraph_db.cli.options import db_option, open_db
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("submit")
@click.option("--layout", metavar="MODEL", help="For the layout collections: a checkpoint's folder, or bytes.")
@click.option("--tile", metavar="MODEL", help="For the tile collection, likewise.")
@click.option("--sample", type=FILE, required=True, help="The competition's sample_submission.csv.")
@click.option("--fill", type=click.Choice(["sample"]), help="Take the sample's rows for graphs that are not loaded.")
@click.option("-o", "--output", type=FILE, required=True, help="The file to write.")
@click.option("--backend", default="auto", show_default=True, help="auto, dgl or torch.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@db_option
def submit_command(
    layout: str | None,
    tile: str | None,
    sample: Path,
    fill: str | None,
    output: Path,
    backend: str,
    device: str,
    uri: str | None,
) -> None:
    """Write the file of the competition "Fast or Slow? Predict AI Model Runtime" from the loaded test graphs.

    \b
      tpudb submit --layout gcn/ --tile tile/ --sample sample_submission.csv -o submission.csv

    Every row is checked before the file is written. A test graph that is not loaded is an error unless --fill sample.
    """
    from tpugraph_db.models.registry import find_scorer

    given = {"layout": layout, "tile": tile}
    models = {kind: find_scorer(m, backend=backend, device=device) for kind, m in given.items() if m}
    with open_db(uri) as db, progress() as bar:
        ranking = bar.add_task("ranking", total=None)
        filled = db.submit(
            models,
            sample,
            output,
            fill=fill is not None,
            on_graph=lambda done, total: bar.update(ranking, completed=done, total=total),
        )
    say(
        f"wrote {output}"
        + (f"; {len(filled):,} rows are the sample's own: their graphs are not loaded" if filled else "")
    )
