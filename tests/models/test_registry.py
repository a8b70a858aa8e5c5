import subprocess
import sys

import pytest

from tests import learning
from tests.models import made
from tpugraph_db.errors import DataError, NotFoundError, UsageError
from tpugraph_db.models.baselines.weighted_sum import WeightedSum
from tpugraph_db.models.registry import MODELS, TRAINED, expect_trained, find_model, find_scorer, need
from tpugraph_db.schema import CONFIG, LABELS, OP


@pytest.mark.parametrize("name", MODELS)
def test_every_model_goes_by_its_name(name):
    assert find_model(name).name == name


@pytest.mark.parametrize("name", MODELS)
def test_what_people_see_of_a_model_is_in_the_schema(name):
    assert set(find_model(name).shown) <= {*OP.property_names(), *CONFIG.property_names()}


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_says_whose_a_property_is(name):
    written = find_model(name).predict(made.layout_graph())
    for label, columns in ((OP, written.ops), (CONFIG, written.configs)):
        assert {p.name for p in label.properties if p.model == name} == set(columns)


def test_the_schema_knows_no_other_model():
    assert {p.model for label in LABELS for p in label.properties} == {"", *MODELS}


def test_the_first_model():
    assert isinstance(find_model("cost"), WeightedSum)


def test_an_unknown_model_names_near_ones():
    with pytest.raises(NotFoundError) as error:
        find_model("cots")
    assert str(error.value) == (
        "no model 'cots'; there is cost, bytes, ridge, or a checkpoint's folder; did you mean cost?"
    )


def test_a_model_is_imported_only_when_it_is_asked_for():
    modules = {where.partition(":")[0] for where in MODELS.values()} | {"torch", "lightgbm"}
    script = f"import sys, tpugraph_db.models.registry; print({modules!r} & {{*sys.modules}})"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "set()\n"


@pytest.mark.parametrize("name", TRAINED)
def test_a_model_that_must_be_trained_says_how(name):
    said = f"{name} must be trained: tpudb train --model {name} -o FOLDER, then --model FOLDER"
    with pytest.raises(NotFoundError, match=said):
        find_model(name)
    expect_trained(name)


def test_there_is_no_training_of_all_others():
    with pytest.raises(UsageError, match="the model bytes needs no training: tpudb predict --model bytes"):
        expect_trained("bytes")
    with pytest.raises(NotFoundError, match=r"no model 'gdbt' to train; there is gcn, gru, sage, gbdt; did you mean"):
        expect_trained("gdbt")


def test_a_name_near_that_of_a_trained_model():
    with pytest.raises(NotFoundError, match="or a checkpoint's folder; did you mean gbdt"):
        find_model("gbdtt")


def test_what_learns_from_the_graph_itself(checkpoint):
    assert (find_model("ridge").name, find_model("ridge", name="mine", shown=7).name) == ("ridge", "mine")
    assert find_model(checkpoint, shown=7).name == "gcn_fewshot"
    assert find_model("bytes", shown=7, seed=1).name == "bytes_fewshot"
    assert find_model("bytes", shown=7, name="mine").name == "mine"


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        ("cost", {"shown": 7}, "the model cost ranks ops alone"),
        ("ridge", {"shown": 3}, "--shown: expected at least 4 configurations to learn from, found 3"),
        ("ridge", {"shown": 0}, "--shown: expected at least 4 configurations to learn from, found 0"),
        ("bytes", {"seed": 0}, "--seed is of which configurations --shown shows: give both"),
        ("ridge", {"name": "Mine"}, "a model's name must match"),
        ("ridge", {"name": "bytes"}, "'bytes' is the name of another model"),
        ("bytes", {"name": "mine"}, "the model bytes has a name"),
    ],
)
def test_what_makes_no_sense(model, options, said):
    with pytest.raises(UsageError, match=said):
        find_model(model, **options)


def test_fewshot_is_of_another_model():
    with pytest.raises(NotFoundError, match="fewshot corrects another model: --model MODEL --shown 20"):
        find_model("fewshot")


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
    with pytest.raises(UsageError, match="'gbdt' is the name of another model"):
        find_model(checkpoint, name="gbdt")
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
