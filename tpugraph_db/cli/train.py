"""train."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, format_option, open_db
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.signals import last_words
from tpugraph_db.cli.terminal import say_left_out

if TYPE_CHECKING:
    from tpugraph_db.models.training.trainer import Epoch, Trainer
    from tpugraph_db.train import Trained


@click.command("train")
@click.option("--model", default="gcn", show_default=True, help="gcn, gru or sage: docs/models.md.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="The checkpoint's folder.")  # fmt: skip
@click.option("--where", metavar="CYPHER", help="Condition on a Graph g to learn from.  [default: g.split = 'train']")
@click.option("--valid", metavar="CYPHER", help="Condition on a Graph g to choose by.  [default: g.split = 'valid']")
@click.option("--no-valid", is_flag=True, help="Choose by nothing: all epochs, and the last one's weights.")
@click.option("--loss", default="auto", show_default=True, help="listmle, hinge, logistic; cross_entropy for gcn.")
@click.option("--epochs", type=click.IntRange(1), default=25, show_default=True)
@click.option("--patience", type=click.IntRange(1), default=15, show_default=True, help="Epochs without a better one.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--width", type=click.IntRange(0), default=0, help="Numbers in an op's state.  [default: 32; tiles 64]")
@click.option("--depth", type=click.IntRange(0), default=0, help="Layers.  [default: 1; tiles 3]")
@click.option("--batch", type=click.IntRange(2), default=40, show_default=True, help="Configurations in a step.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=2e-3, show_default=True, help="Learning rate.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in the folder, with the same numbers.")
@click.option("--backend", default="auto", show_default=True, help="auto, dgl or torch.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@db_option
@format_option
def train_command(
    folder: Path,
    where: str | None,
    valid: str | None,
    no_valid: bool,
    resume: bool,
    backend: str,
    device: str,
    uri: str | None,
    format_: str | None,
    **asked: Any,
) -> None:
    """Train a network to order the configurations of the store's graphs, and keep it as a checkpoint.

    \b
      tpudb train --model gcn -o gcn/
      tpudb train --where "g.collection STARTS WITH 'layout:' AND g.split = 'train'" -o gcn/
      tpudb predict --all --model gcn/ --write

    The checkpoint is saved after every epoch; --resume goes on as if nothing had been. It holds the weights of the
    epoch that ranked the validation graphs best.
    """
    from tpugraph_db.models.training.recipe import Recipe
    from tpugraph_db.train import TRAIN, VALID, choose, train_network

    recipe = Recipe(**asked)
    with open_db(uri) as db:  # the store is for others again while the network learns
        chosen = choose(db.store, where or TRAIN, None if no_valid else valid or VALID)
    say_left_out(chosen.left_out)
    with _Progress(recipe.epochs, folder, resume) as progress, last_words(progress.last_words):
        trained = train_network(
            chosen,
            recipe,
            folder,
            resume=resume,
            backend=backend,
            device=device,
            on_ready=progress.ready,
            on_epoch=progress.epoch,
        )
    _report(trained, format_)


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
