"""What can be asked of a training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; it is part of the checkpoint."""

    model: str = "gcn"
    """A network of :data:`tpugraph_db.models.networks.by_name.NETWORKS`."""
    loss: str = "auto"
    """One of :data:`tpugraph_db.models.networks.losses.LOSSES`; ``auto``: by the kind of configurations
    (:data:`tpugraph_db.models.networks.network.BEST`)."""
    epochs: int = 25
    """At most: it stops when the validation graphs have not been ranked better for ``patience`` epochs."""
    patience: int = 15
    seed: int = 0
    width: int = 0
    """Numbers in an op's state; 0: by the kind of configurations (:mod:`tpugraph_db.models.networks.by_name`)."""
    depth: int = 0
    """Layers; 0: the same."""
    batch: int = 40
    """Configurations of one graph in a step."""
    visits: int = 2
    """Steps on each graph in an epoch."""
    rate: float = 2e-3
    """Highest learning rate; it rises over the first tenth of the steps and falls as a cosine."""
    decay: float = 1e-2
    """Weight decay of AdamW."""
    segment_ops: int = 0
    """Ops in a segment of a graph that is learned in segments; 0: only where it is large, and then as many as fit."""
