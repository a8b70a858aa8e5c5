import dataclasses
import json

import pytest

from tpugraph_db.models.networks.by_name import DEPTH, NETWORKS, WIDTH
from tpugraph_db.models.networks.losses import LOSSES
from tpugraph_db.models.networks.network import AUTO, BEST
from tpugraph_db.models.training.recipe import Recipe


def test_what_is_not_said_can_be_trained():
    recipe = Recipe()
    assert recipe.model in NETWORKS
    assert all(loss in LOSSES for loss in BEST.values())
    assert (recipe.loss, recipe.width, recipe.depth) == (AUTO, 0, 0)
    assert min(recipe.epochs, recipe.patience, recipe.visits, recipe.rate, *WIDTH.values(), *DEPTH.values()) > 0
    assert recipe.batch > 1


def test_it_outlives_json():
    recipe = Recipe(model="gru", rate=1e-4)
    assert Recipe(**json.loads(json.dumps(dataclasses.asdict(recipe)))) == recipe


def test_it_stays_what_it_was():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Recipe().seed = 1
