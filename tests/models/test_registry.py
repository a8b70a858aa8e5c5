import subprocess
import sys

import pytest

from tpugraph_db.errors import NotFoundError
from tpugraph_db.models.registry import MODELS, find_model
from tpugraph_db.models.weighted_sum import WeightedSum
from tpugraph_db.schema import CONFIG, OP


@pytest.mark.parametrize("name", MODELS)
def test_every_model_goes_by_its_name(name):
    assert find_model(name).name == name


@pytest.mark.parametrize("name", MODELS)
def test_what_people_see_of_a_model_is_in_the_schema(name):
    assert set(find_model(name).shown) <= {*OP.property_names(), *CONFIG.property_names()}


def test_the_first_model():
    assert isinstance(find_model("cost"), WeightedSum)


def test_an_unknown_model_names_near_ones():
    with pytest.raises(NotFoundError) as error:
        find_model("cots")
    assert str(error.value) == "no model 'cots'; there is cost; did you mean cost?"


def test_a_model_is_imported_only_when_it_is_asked_for():
    script = "import sys, tpugraph_db.models.registry; print('tpugraph_db.models.weighted_sum' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "False\n"
