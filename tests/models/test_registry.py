import subprocess
import sys

import pytest

from tests import graphs, learning
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.models.baselines.weighted_sum import WeightedSum
from tpugraph_db.models.registry import MODELS, find_model, find_scorer, need
from tpugraph_db.schema import CONFIG, LABELS, OP


@pytest.mark.parametrize("name", MODELS)
def test_every_model_goes_by_its_name(name):
    assert find_model(name).name == name


@pytest.mark.parametrize("name", MODELS)
def test_what_people_see_of_a_model_is_in_the_schema(name):
    assert set(find_model(name).shown) <= {*OP.property_names(), *CONFIG.property_names()}


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_says_whose_a_property_is(name):
    written = find_model(name).predict(graphs.diamond())
    for label, columns in ((OP, written.ops), (CONFIG, written.configs)):
        assert {p.name for p in label.properties if p.model == name} == set(columns)


def test_the_schema_knows_no_other_model():
    assert {p.model for label in LABELS for p in label.properties} == {"", *MODELS}


def test_the_first_model():
    assert isinstance(find_model("cost"), WeightedSum)


def test_an_unknown_model_names_near_ones():
    with pytest.raises(NotFoundError) as error:
        find_model("cots")
    assert str(error.value) == "no model 'cots'; there is cost, or a checkpoint's folder; did you mean cost?"


def test_a_model_is_imported_only_when_it_is_asked_for():
    module = "tpugraph_db.models.baselines.weighted_sum"
    script = f"import sys, tpugraph_db.models.registry; print({module!r} in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "False\n"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("checkpoint") / "lr=1", epochs=1)


def test_a_checkpoint_goes_by_its_network_s_name_or_another(checkpoint):
    assert find_model(checkpoint).name == "gcn"
    assert find_model(str(checkpoint), name="mine").name == "mine"


def test_a_checkpoint_s_name_before_its_folder(checkpoint, monkeypatch):
    assert find_scorer(f"mine={checkpoint}").name == "mine"
    assert find_scorer(str(checkpoint)).name == "gcn"
    monkeypatch.chdir(checkpoint.parent)
    assert find_scorer("lr=1").name == "gcn"
    assert find_scorer("mine=lr=1").name == "mine"
    with pytest.raises(NotFoundError, match="no model '1'"):
        find_scorer("mine=1")


def test_names_that_are_taken(checkpoint):
    with pytest.raises(UsageError, match="'cost' is the name of another model"):
        find_model(checkpoint, name="cost")
    with pytest.raises(UsageError, match="the model cost has a name"):
        find_model("cost", name="mine")


def test_a_model_that_scores_no_configuration():
    with pytest.raises(UsageError, match="the model cost ranks ops alone"):
        find_scorer("cost")


def test_a_folder_that_is_no_checkpoint(tmp_path):
    with pytest.raises(DataError, match=r"model\.json: expected a checkpoint's folder, found no such file"):
        find_model(tmp_path)


def test_what_is_not_installed_is_named_with_the_cure():
    need("sys", "json")
    with pytest.raises(UsageError, match=r"^learned models need nonesuch: pip install 'tpugraph-db\[models\]'$"):
        need("sys", "nonesuch")
