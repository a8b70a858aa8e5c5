"""Whether a network can learn one collected program by heart: Kendall's tau-b to the runtimes that it learned from.

``python -m benchmarks.by_heart [PROGRAM]``; repeats of a configuration are merged. No claim about programs not seen.
"""

from __future__ import annotations

import sys
from datetime import date

import torch

from benchmarks.common import keep, machine
from benchmarks.unseen import DATA
from tpugraph_db.formats import read
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.features.targets import merged
from tpugraph_db.models.judging.metrics import kendall
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.models.training.scoring import scores
from tpugraph_db.models.training.trainer import Trainer

PROGRAM = "mlp_monarch"
EPOCHS = {"gcn": 450, "gru": 110}
DEPTH = {"gcn": 3, "gru": 2}


def main() -> None:
    """Print the tau of each network."""
    torch.set_num_threads(1)
    name = (sys.argv[1:] or [PROGRAM])[0]
    record = read(next(DATA.rglob(f"{name}.npz")))
    learned = merged(record.configurations)
    found = {}
    for model, epochs in EPOCHS.items():
        recipe = Recipe(model=model, epochs=epochs, width=64, depth=DEPTH[model], rate=3e-3, decay=0.0, visits=4)
        trainer = Trainer(recipe, [record])
        while not trainer.done:
            trainer.epoch()
        trainer.net.eval()
        graph = Prepared(inputs(record), trainer.statistics, trainer.net.shared, trainer.net.weights)
        ranked = scores(trainer.net, graph)[learned.index]
        found[model] = round(kendall(ranked, learned.log_runtime), 4)
        print(f"{model} {name}: tau {found[model]} after {len(trainer.epochs)} epochs", flush=True)
    keep("by heart", {"program": name, "tau": found, "machine": machine(), "date": date.today().isoformat()})


if __name__ == "__main__":
    main()
