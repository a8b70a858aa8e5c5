"""predict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.params import where_options, where_values
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say, say_left_out
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.paths import is_file

if TYPE_CHECKING:
    from tpugraph_db.database import Database
    from tpugraph_db.matching import Match
    from tpugraph_db.models.prediction import Model
    from tpugraph_db.predicted import GraphPrediction
    from tpugraph_db.record import GraphRecord
    from tpugraph_db.stores.result import Result

_CHUNK = 100
"""Graphs predicted at a time: small ones share a transaction."""

_SAID = 3
"""Graphs that are named as they are written."""


@click.command("predict")
@click.argument("graphs", nargs=-1, metavar="GRAPH|FILE...")
@click.option("--all", "everything", is_flag=True, help="Every graph of the store.")
@click.option("--where", metavar="CYPHER", help="The graphs g that a condition holds for, or what a file returns.")
@where_options
@click.option("--model", default="cost", show_default=True, help="cost, bytes, ridge, or a checkpoint's folder.")
@click.option("--as", "name", metavar="NAME", help="What to call a checkpoint's properties by.")
@click.option("--shown", type=click.IntRange(0), metavar="K",
              help="Learn from K measured configurations of each graph: ridge (20 unless given), or a correction of "
              "another model, which is then NAME_fewshot.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), help="Of which these are.  [default: 0]")
@click.option("--write", is_flag=True, help="Put the prediction on the nodes.")
@click.option("--clear", metavar="MODEL", help="Take a model's properties off the nodes instead; no node goes.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Rows to list for each graph.")
@click.option("--ops", is_flag=True, help="List ops, of a model that ranks both.")
@click.option("--matrix", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write gcn's runtime classes of one graph as .npy: row i, column j: probability.")  # fmt: skip
@click.option("--classes", type=click.IntRange(1), metavar="K", help="Classes of --matrix.  [default: configurations]")
@click.option("--backend", default="auto", show_default=True, help="auto, dgl or torch.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@db_option
@output_options
def predict_command(
    graphs: tuple[str, ...],
    everything: bool,
    where: str | None,
    hops: int,
    params: tuple[str, ...],
    write: bool,
    clear: str | None,
    uri: str | None,
    format_: str | None,
    output: Path | None,
    **asked: Any,
) -> None:
    """Predict ranks of a graph's configurations and ops, list the best, and with --write put them on the nodes.

    \b
      tpudb predict --all --model bytes --write
      tpudb predict unet3d --model gcn/ --shown 50
      tpudb predict --where dots.cypher -k 3 -p opcode=dot --model gcn/ --write

    The model cost ranks ops: it writes cost, cost_share, cost_rank and cost_finish on every Op. All others rank
    configurations: NAME_score and NAME_rank on Config, and gcn and gru NAME_share and NAME_rank on Op. Lower is faster.
    bytes needs no training, ridge some configurations that are measured. The ten best configurations get nodes where
    they have none; all of them are kept (tpudb scores). A FILE need not be loaded, nor be there a store.

    A file of Cypher returns graphs or ops. What is within -k steps of a graph's ops is predicted then as a graph of its
    own, and only the ops themselves are written on.
    """
    if (bool(graphs), everything, bool(where)).count(True) != 1:
        raise UsageError("give the graphs to predict, or --all, or --where")
    if asked["matrix"] and len(graphs) != 1:
        raise UsageError("--matrix is of one graph: name it")
    if params and not where:
        raise UsageError("-p is a parameter of --where: give both")
    if asked["classes"] and not asked["matrix"]:
        raise UsageError("--classes is of --matrix: give both")
    if clear and write:
        raise UsageError("--clear takes off what --write puts on: give one of the two")
    given = where_values(params, [where])
    in_files = bool(graphs) and all(map(is_file, graphs))
    with nullcontext() if in_files and not (clear or write) else open_db(uri) as db:
        ids = graphs if db is None else _chosen(db, graphs, where, hops, given)
        if db and clear:
            cleared = [graph if isinstance(graph, str) else graph.graph for graph in ids]
            say(f"cleared {clear} from {db.clear(None if everything else cleared, model=clear)} graphs")
            return
        result = _predict(db, ids, write, strict=bool(graphs), **asked)
    out.write(result, format_, output)


def _chosen(
    db: Database, graphs: Sequence[str], where: str | None, hops: int, params: Mapping[str, Any]
) -> Sequence[str | Match]:
    """Ids or parts of them, and files; or what matches."""
    if where:
        return db.matching(where, hops=hops, params=params)
    return graphs or [row[0] for row in db.graphs()]


def _predict(
    db: Database | None,
    graphs: Sequence[str | Match],
    write: bool,
    *,
    strict: bool,
    model: str,
    name: str | None,
    backend: str,
    device: str,
    shown: int | None,
    seed: int | None,
    top: int,
    ops: bool,
    matrix: Path | None,
    classes: int | None,
) -> Result:
    from tpugraph_db.models.registry import find_model
    from tpugraph_db.stores.result import Result

    found = find_model(model, name=name or "", backend=backend, device=device, shown=shown, seed=seed)
    if ops and not found.shown:
        raise UsageError(f"--ops: the model {found.name} ranks configurations alone")
    if matrix and not getattr(found, "has_classes", False):
        raise UsageError(f"--matrix: a checkpoint of gcn gives runtime classes, the model {found.name} none")
    if matrix:  # before the graph is ranked, which may take long, and written on
        found.count_classes(_record(db, str(graphs[0])), classes)  # type: ignore[attr-defined]
    tables = []
    for made in _of_files(graphs, found) if db is None else _of_store(db, graphs, found, write, strict):
        tables.append(made.top_ops(top) if ops else made.top(top))
        if made.part and len(tables) <= _SAID:
            say(_about_part(made))
        if write and len(tables) <= _SAID:
            say(f"wrote {_written(made)} of {made.graph}")
        if matrix:
            _write_matrix(found, made, matrix, classes)
    if write and len(tables) > _SAID:
        say(f"wrote the same on {len(tables) - _SAID:,} graphs more")
    columns = tables[0].columns if tables else ("graph",)
    rows = [row for table in tables for row in table.rows]
    return Result(columns, rows, len(rows))


def _of_files(paths: Sequence[str | Match], model: Model) -> Iterator[GraphPrediction]:
    from tpugraph_db.predict import predict_file

    return (predict_file(str(path), model) for path in paths)


def _of_store(
    db: Database, graphs: Sequence[str | Match], model: Model, write: bool, strict: bool
) -> Iterator[GraphPrediction]:
    """Predictions as they come, with a progress bar on a terminal.

    A graph that the model cannot rank is an error where that is ``strict``, else left out, and said.
    """
    left_out: dict[str, str] = {}

    def leave_out(graph: str, error: DataError) -> None:
        left_out[graph] = str(error)

    chunks = [graphs[start : start + _CHUNK] for start in range(0, len(graphs), _CHUNK)]
    with progress() as bar:
        for chunk in bar.track(chunks, description="predicting"):
            yield from db.predict(chunk, model=model, write=write, on_left_out=None if strict else leave_out)
    say_left_out(left_out)
    if left_out and len(left_out) == len(graphs):
        raise NotFoundError(f"the model {model.name} can rank none of these graphs")


def _written(made: GraphPrediction) -> str:
    ops, configs = (", ".join(columns) for _, columns in made.written())
    parts = [f"{ops} on {made.asked:,} ops"] * bool(ops) + [f"{configs} on configurations"] * bool(configs)
    return " and ".join(parts)


def _about_part(made: GraphPrediction) -> str:
    near = f"{len(made.record):,} of {made.size:,} ops around the {made.asked:,} that match"
    return f"{made.graph}: shares, ranks and scores are of {near}"


def _record(db: Database | None, graph: str) -> GraphRecord:
    from tpugraph_db.formats import read

    return read(graph) if db is None or is_file(graph) else db.record(graph)


def _write_matrix(model: Any, made: GraphPrediction, path: Path, classes: int | None) -> None:
    from numpy.lib import format as npy

    scores = next(iter(made.prediction.configs.values()))
    columns = model.count_classes(made.record, classes)

    def write(file: BinaryIO) -> None:
        header = {"descr": "<f4", "fortran_order": False, "shape": (len(scores), columns)}
        npy.write_array_header_1_0(file, header)
        for rows in model.matrix_rows(scores, columns):
            file.write(rows.tobytes())

    out.write_binary(write, "a matrix", path)
    say(f"wrote {len(scores):,} x {columns:,} probabilities of {made.graph} to {path}")
