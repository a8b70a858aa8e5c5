"""A training's curves for others to show: TensorBoard event files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean

if TYPE_CHECKING:
    from tpugraph_db.models.training.trainer import Epoch, Trainer

TRACKERS = ("tensorboard",)


class TensorBoard:
    """Each epoch's loss, learning rate, and tau and OPA over the validation graphs, by the epoch's number."""

    def __init__(self, folder: Path) -> None:
        """Event files go into ``folder``, beside those of the epochs that a resumed training has behind it.

        Raises:
            UsageError: tensorboard is not installed.
        """
        if importlib.util.find_spec("tensorboard") is None:
            raise UsageError("--tracker tensorboard needs tensorboard: pip install 'tpugraph-db[tracker]'")
        self.folder = folder
        self._writer: Any = None

    def ready(self, trainer: Trainer) -> None:
        """To be called before the first epoch; what is there of later ones than are done is no longer shown."""
        from torch.utils.tensorboard import SummaryWriter

        writer: Any = SummaryWriter  # it has no types
        self._writer = writer(str(self.folder), purge_step=len(trainer.epochs) + 1)

    def epoch(self, epoch: Epoch) -> None:
        """To be called after each epoch."""
        curves = {"loss": epoch.loss, "rate": epoch.rate, "valid/tau": epoch.tau, "valid/opa": epoch.opa}
        for name, value in curves.items():
            if value is not None:
                self._writer.add_scalar(name, value, epoch.number)
        self._writer.flush()


def find_tracker(asked: str, checkpoint: Path) -> TensorBoard:
    """The tracker of a name, or of ``NAME=FOLDER``; without one it writes into ``checkpoint/NAME``.

    Raises:
        NotFoundError: no such tracker. UsageError: what it needs is not installed.
    """
    name, _, folder = asked.partition("=")
    if name not in TRACKERS:
        near = did_you_mean(name, list(TRACKERS))
        raise NotFoundError(f"no tracker {name!r}; there is {', '.join(TRACKERS)}{near}")
    return TensorBoard(Path(folder) if folder else checkpoint / name)
