"""train."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, format_option, open_db
from tpugraph_db.cli.params import where_options, where_values
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.signals import last_words
from tpugraph_db.cli.terminal import say, say_left_out
from tpugraph_db.errors import UsageError

if TYPE_CHECKING:
    from tpugraph_db.models.training.segments import Segments
    from tpugraph_db.models.training.trainer import Epoch, Trainer
    from tpugraph_db.train import Chosen, Trained

_GRAPHS_SHOWN = 5


@click.command("train")
@click.option("--model", default="gcn", show_default=True, help="gcn, gru, sage or gbdt: docs/models.md.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="The checkpoint's folder.")  # fmt: skip
@click.option(
    "--where", metavar="CYPHER", help="Condition on a Graph g, or a file: to learn from.  [default: g.split = 'train']"
)
@click.option("--valid", metavar="CYPHER", help="As --where, to choose by.  [default: g.split = 'valid']")
@where_options
@click.option("--no-valid", is_flag=True, help="Choose by nothing: all epochs, and the last one's weights.")
@click.option("--loss", default="auto", show_default=True,
              help="listmle, hinge, logistic; cross_entropy for gcn. For gbdt pairwise or lambdarank.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=25, show_default=True)
@click.option("--patience", type=click.IntRange(1), default=15, show_default=True, help="Epochs without a better one.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--width", type=click.IntRange(0), default=0, help="Numbers in an op's state.  [default: 32; tiles 64]")
@click.option("--depth", type=click.IntRange(0), default=0, help="Layers.  [default: 1; tiles 3]")
@click.option("--batch", type=click.IntRange(2), default=40, show_default=True, help="Configurations in a step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=2e-3, show_default=True, help="Learning rate.")
@click.option("--segment-ops", type=click.IntRange(0), default=0, show_default="auto",
              help="Learn gcn's graphs in segments of so many ops; auto: the large ones, as fit.")  # fmt: skip
@click.option("--tracker", metavar="NAME[=FOLDER]",
              help="tensorboard: event files in FOLDER.  [default: OUTPUT/tensorboard]")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in the folder, with the same numbers.")
@click.option("--backend", default="auto", show_default=True, help="auto, dgl or torch.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@db_option
@format_option
def train_command(
    folder: Path,
    where: str | None,
    valid: str | None,
    hops: int,
    params: tuple[str, ...],
    no_valid: bool,
    tracker: str | None,
    resume: bool,
    backend: str,
    device: str,
    uri: str | None,
    format_: str | None,
    **asked: Any,
) -> None:
    """Train a model to order the configurations of the store's graphs, and keep it as a checkpoint.

    \b
      tpudb train --model gcn -o gcn/
      tpudb train --where "g.collection STARTS WITH 'layout:' AND g.split = 'train'" -o gcn/
      tpudb train --where dots.cypher -k 3 -o gcn/
      tpudb predict --all --model gcn/ --write
      tpudb train --model gbdt --loss lambdarank -o trees/

    A network's checkpoint is saved after every epoch; --resume goes on as if nothing had been. It holds the weights of
    the epoch that ranked the validation graphs best. Of the options that say how to train, gbdt has --loss (pairwise
    unless given) and --seed.

    A file of Cypher returns graphs or ops; what is within -k steps of a graph's ops is a graph then.
    """
    from tpugraph_db.models.registry import TREES, expect_trained
    from tpugraph_db.models.training.recipe import Recipe
    from tpugraph_db.models.training.tracker import find_tracker
    from tpugraph_db.train import TRAIN, VALID, choose, train_network

    expect_trained(asked["model"])
    trees = _expect_of_gbdt() if asked["model"] == TREES else None
    recipe = Recipe(**asked)
    wheres = where or TRAIN, None if no_valid else valid or VALID
    given = where_values(params, wheres)
    watching = [find_tracker(tracker, folder)] if tracker else []
    with open_db(uri) as db:  # the store is for others again while the model learns
        chosen = choose(db.store, *wheres, hops=hops, params=given)
    say_left_out(chosen.left_out)
    if trees is not None:
        _train_gbdt(chosen, trees, folder, format_)
        return
    with _Progress(recipe.epochs, folder, resume) as progress, last_words(progress.last_words):
        trained = train_network(
            chosen,
            recipe,
            folder,
            resume=resume,
            backend=backend,
            device=device,
            on_ready=lambda trainer: _tell(trainer, progress.ready, *(one.ready for one in watching)),
            on_epoch=lambda epoch: _tell(epoch, progress.epoch, *(one.epoch for one in watching)),
        )
    _report(trained, format_)


_OF_GBDT = {"model", "folder", "where", "valid", "hops", "params", "no_valid", "loss", "seed", "uri", "format_"}
"""Options that say something to it; any other is refused where it is given."""


def _expect_of_gbdt() -> dict[str, Any]:
    """What is given of how gbdt learns."""
    given = _given()
    if other := sorted({*given} - _OF_GBDT):
        raise UsageError(f"gbdt has no {', '.join('--' + name.replace('_', '-') for name in other)}: of networks alone")
    return {name: given[name] for name in ("loss", "seed") if name in given}


def _train_gbdt(chosen: Chosen, given: Mapping[str, Any], folder: Path, format_: str | None) -> None:
    from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe
    from tpugraph_db.stores.result import Result
    from tpugraph_db.train import train_gbdt

    recipe = GbdtRecipe(**given)
    with progress() as bar:
        growing = bar.add_task("growing", total=None)
        made = train_gbdt(
            chosen, recipe, folder, on_round=lambda done, total: bar.update(growing, completed=done, total=total)
        )
    tau, opa = (None if figure is None else round(figure, 4) for figure in (made.tau, made.opa))
    names = ("checkpoint", "train", "valid", "tau", "opa")
    out.write(Result(names, [(str(made.folder), made.train, made.valid, tau, opa)], 1), format_, None)


def _given() -> dict[str, Any]:
    """The command's options that its line gives, less those that have their defaults."""
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    return {name: value for name, value in context.params.items() if context.get_parameter_source(name) != default}


def _tell(what: Any, *ears: Callable[[Any], None]) -> None:
    for ear in ears:
        ear(what)


class _Progress:
    """Epochs, loss, and how the validation graphs are ranked, on stderr while it is a terminal."""

    def __init__(self, epochs: int, folder: Path, resume: bool) -> None:
        self._bar = progress("epoch", "{task.description}")
        self._task = self._bar.add_task("preparing", total=epochs)
        self._folder, self._is_saved = folder, resume

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def ready(self, trainer: Trainer) -> None:
        """Called before the first epoch."""
        _say_segments(trainer.segments)
        self._bar.update(self._task, completed=len(trainer.epochs), description="")

    def epoch(self, epoch: Epoch) -> None:
        """Called after each epoch."""
        judged = "" if epoch.tau is None else f"  tau {epoch.tau:.3f}  OPA {epoch.opa:.3f}"
        self._bar.update(self._task, completed=epoch.number, description=f"loss {epoch.loss:.4f}{judged}")
        self._is_saved = True

    def last_words(self) -> str:
        """What to do about a training that is interrupted."""
        if self._is_saved:
            return f"the epochs that are done are in {self._folder}; the same command with --resume goes on"
        return "no epoch was done yet: nothing is saved"


def _say_segments(cut: Mapping[str, Segments]) -> None:
    for graph, parts in list(cut.items())[:_GRAPHS_SHOWN]:
        say(f"learned in {len(parts)} segments of {parts.size:,} ops (--segment-ops): {graph}")
    if len(cut) > _GRAPHS_SHOWN:
        say(f"learned in segments: {len(cut) - _GRAPHS_SHOWN:,} more")


def _report(trained: Trained, format_: str | None) -> None:
    from tpugraph_db.stores.result import Result

    row = {
        "checkpoint": str(trained.folder),
        "train": trained.train,
        "valid": trained.valid,
        "epochs": len(trained.epochs),
        "best_epoch": trained.best.number,
        "loss": round(trained.best.loss, 4),
        "tau": None if trained.best.tau is None else round(trained.best.tau, 4),
        "opa": None if trained.best.opa is None else round(trained.best.opa, 4),
    }
    out.write(Result(tuple(row), [tuple(row.values())], 1), format_, None)
