"""draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option
from tpugraph_db.cli.subject import figure_options, say_figure, subject, subset_options
from tpugraph_db.errors import UsageError


@click.command("draw")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="FILE.svg, or FILE.png.")
@subset_options
@figure_options
@db_option
def draw_command(graph: str, output: Path, by: str | None, machine: str | None, uri: str | None, **subset: Any) -> None:
    """Draw up to 600 ops in layers, producers above consumers, coloured by a figure.

    Calls are dashed. A box shows opcode, shape and name; in an SVG it says the rest when it is pointed at. A PNG needs
    Pillow: pip install 'tpugraph-db[draw]'.
    """
    if output.suffix not in (".svg", ".png"):
        raise UsageError(f"{output}: expected FILE.svg or FILE.png")
    with subject(graph, uri) as (record, store):
        from tpugraph_db.chosen import chosen_ops
        from tpugraph_db.figured import figure_of
        from tpugraph_db.pictures import picture_of, write_picture

        figure = figure_of(record, by, machine=machine, store=store)
        picture = picture_of(record, figure, chosen_ops(record, store, **subset))
    with out.faults_said(output):
        write_picture(picture, output)
    say_figure(figure)
