"""Networks by name. One is a module here and a line in :data:`NETWORKS`."""

from __future__ import annotations

import torch
from torch import nn

from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.models.features.inputs import LAYOUT, TILE
from tpugraph_db.models.features.statistics import Statistics
from tpugraph_db.models.networks.gcn import Gcn
from tpugraph_db.models.networks.gru import Gru
from tpugraph_db.models.networks.sage import Sage
from tpugraph_db.models.training.recipe import Recipe

NETWORKS: dict[str, type[Gcn] | type[Gru] | type[Sage]] = {"gcn": Gcn, "gru": Gru, "sage": Sage}

WIDTH, DEPTH = {LAYOUT: 32, TILE: 64}, {LAYOUT: 1, TILE: 3}
"""Numbers in an op's state, and layers, where a recipe leaves them open: docs/results.md."""


def build(recipe: Recipe, statistics: Statistics) -> Gcn | Gru | Sage:
    """A network with the first weights of the recipe's seed.

    Raises:
        NotFoundError: no network of that name.
    """
    if recipe.model not in NETWORKS:
        near = did_you_mean(recipe.model, list(NETWORKS))
        raise NotFoundError(f"no network {recipe.model!r}; there is {', '.join(NETWORKS)}{near}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        kind = statistics.kind
        return NETWORKS[recipe.model](statistics, recipe.width or WIDTH[kind], recipe.depth or DEPTH[kind])


def parameters(net: nn.Module) -> int:
    """How many numbers it learns."""
    return sum(parameter.numel() for parameter in net.parameters())
