"""eval."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db, output_options
from tpugraph_db.cli.params import where_options, where_values
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say, say_left_out
from tpugraph_db.errors import GateError, UsageError

if TYPE_CHECKING:
    from tpugraph_db.models.judging.judge import Scorer
    from tpugraph_db.stores import Result

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_GATE = re.compile(r"([a-z_:]+(?:@[0-9]+)?)\s*(>=|<=|>|<)\s*(-?[0-9]*\.?[0-9]+)")


@click.command("eval")
@click.option(
    "--model", "models", multiple=True, help="bytes, ridge, a checkpoint's folder, or NAME=FOLDER; may be repeated."
)
@click.option("--layout", metavar="MODEL", help="The competition's mean: model of the layout collections.")
@click.option("--tile", metavar="MODEL", help="The competition's mean: model of the tile collection.")
@click.option(
    "--where", metavar="CYPHER", help="Condition on a Graph g, or a file, to judge by.  [default: g.split = 'test']"
)
@click.option("--train", metavar="CYPHER", help="What baselines learn from, as --where.  [default: g.split = 'train']")
@where_options
@click.option("--no-train", is_flag=True, help="Leave out the baselines that learn.")
@click.option("--lists", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="FOLDER",
              help="Judge on the paper's 1,000 configurations of each graph: its *.json are here.")  # fmt: skip
@click.option("--shown", type=click.IntRange(0), default=20, show_default=True,
              help="Configurations of each graph for ridge and few-shot; all are judged on the others.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--by-graph", is_flag=True, help="A row for each graph instead of means.")
@click.option(
    "--min", "gates", multiple=True, metavar="'tau>=0.4'", help="Exit with 4 where the first model misses it."
)
@click.option("--backend", default="auto", show_default=True, help="auto, dgl or torch.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@db_option
@output_options
def eval_command(
    models: tuple[str, ...],
    layout: str | None,
    tile: str | None,
    where: str | None,
    train: str | None,
    params: tuple[str, ...],
    no_train: bool,
    lists: Path | None,
    by_graph: bool,
    gates: tuple[str, ...],
    backend: str,
    device: str,
    uri: str | None,
    format_: str | None,
    output: Path | None,
    **asked: Any,
) -> None:
    """Say how well models rank configurations that they have not seen, beside what they must beat.

    \b
      tpudb eval --model gcn/ --model sage/
      tpudb eval --model gcn/ --where "g.split = 'valid'" --min 'tau>=0.4'
      tpudb eval --layout gcn/ --tile sage/ --where "g.split = 'valid'" --min 'competition>=0.5'

    Kendall's tau-b, OPA, slowdown@k (the best of the k best-scored over the best, less 1), each a mean over graphs with
    a 95 % interval. repeat_tau says how well two measurements agree: no model can do better. Graphs that cannot be
    graded are listed, not averaged.

    --layout and --tile judge as the competition does: tau of each layout collection, 1 - slowdown@5 of tile:xla, and
    their mean. --min is of 'competition' then, or of a collection.
    """
    from tpugraph_db.models.judging.by_kind import ByKind
    from tpugraph_db.models.judging.protocol import PaperLists
    from tpugraph_db.models.registry import find_scorer
    from tpugraph_db.train import TEST, TRAIN

    by_kind = {kind: model for kind, model in (("layout", layout), ("tile", tile)) if model}
    if by_kind and models:
        raise UsageError("--layout and --tile are the competition's mean, --model is for one kind: not both")
    wanted = [_gate(text, bool(by_kind)) for text in gates]
    if wanted and not (models or by_kind):
        raise UsageError("--min is of the first --model: name one")
    find = partial(find_scorer, backend=backend, device=device)
    scorers: list[Scorer] = [find(model) for model in models]
    if by_kind:
        scorers = [ByKind({kind: find(model) for kind, model in by_kind.items()})]
    wheres = where or TEST, None if no_train else train or TRAIN
    given = where_values(params, wheres)
    with open_db(uri) as db, progress() as bar:
        judging = bar.add_task("judging", total=None)
        found = db.evaluate(
            scorers,
            where=wheres[0],
            train=wheres[1],
            params=given,
            lists=PaperLists.read(lists) if lists else None,
            on_graph=lambda done, total: bar.update(judging, completed=done, total=total),
            **asked,
        )
    say_left_out(found.left_out, every=by_graph)
    for model, graphs in found.seen.items():
        say(f"no test: {model} was trained on, or chosen by, {len(graphs):,} of these graphs, as {graphs[0]}")
    if by_kind and found.absent:
        say(f"not judged, and not in the mean: {', '.join(found.absent)}")
    table = found.competition(asked["seed"]) if by_kind else found.table(asked["seed"])
    out.write(found.by_graph() if by_graph else table, format_, output)
    _hold(table, scorers, wanted)


def _gate(text: str, competition: bool) -> tuple[str, str, float]:
    from tpugraph_db.models.judging.competition import COLLECTIONS, MEAN
    from tpugraph_db.models.judging.summary import METRICS

    match = _GATE.fullmatch(text.strip())
    if not match:
        raise UsageError(f"--min: expected a metric, >=, <=, > or <, and a number, as 'tau>=0.4'; found {text!r}")
    if match[1] == MEAN and not competition:
        raise UsageError(f"--min: {MEAN} is the mean of what --layout and --tile judge: name a checkpoint by them")
    known = (MEAN, *COLLECTIONS) if competition else METRICS
    if match[1] not in known:
        raise UsageError(f"--min: no metric {match[1]!r}; there is {', '.join(known)}")
    return match[1], match[2], float(match[3])


def _hold(table: Result, scorers: Sequence[Scorer], gates: Sequence[tuple[str, str, float]]) -> None:
    """Raise GateError where the first model's mean of a metric, or of a collection, misses a bound."""
    at = table.columns.index("mean")
    means = {row[1]: row[at] for row in table if scorers and row[0] == scorers[0].name}
    for metric, sign, bound in gates:
        if metric not in means:
            raise UsageError(f"--min: no graph has the metric {metric} here; there is {', '.join(means)}")
        if not _COMPARE[sign](means[metric], bound):
            raise GateError(f"{scorers[0].name}: {metric}: expected {sign} {bound:g}, found {means[metric]:.4f}")
