import pytest

from tests import graphs
from tpugraph_db.analytics import op_costs
from tpugraph_db.models.baselines.weighted_sum import WeightedSum


@pytest.fixture(scope="module")
def prediction():
    return WeightedSum().predict(graphs.diamond())


def test_it_says_model_and_version(prediction):
    assert (prediction.model, prediction.version) == ("cost", "1")


def test_its_columns_are_those_that_people_see(prediction):
    assert tuple(prediction.ops) == WeightedSum.shown == ("cost", "cost_share", "cost_rank", "cost_finish")


def test_its_values_are_the_analytics(prediction):
    expected = vars(op_costs(graphs.diamond()))
    assert {name: column.tolist() for name, column in prediction.ops.items()} == {
        name: column.tolist() for name, column in expected.items()
    }


def test_it_ranks_no_configurations(prediction):
    assert prediction.configs == {}
