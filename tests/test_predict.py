import numpy as np
import pytest

from tests import graphs
from tests.conftest import ENGINES, open_empty, write_npz
from tpugraph_db.analytics import op_costs
from tpugraph_db.errors import NotFoundError
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.predict import GraphPrediction

COSTS = "MATCH (o:Op) RETURN o.index, o.cost, o.cost_share, o.cost_rank, o.cost_finish ORDER BY o.graph, o.index"
NOTES = "MATCH (p:Prediction)-[:FOR]->(g:Graph) RETURN p.id, g.id, p.graph, p.model, p.version, p.properties, p.nodes"
DIAMOND = graphs.diamond()


def prediction(**columns):
    """A prediction of the diamond; the first column is the one to sort by."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    return GraphPrediction("d", DIAMOND, Prediction("m", "1", ops=arrays), tuple(columns))


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("db")
    with open_empty(request.param, request, folder) as database:
        database.load([write_npz(DIAMOND, folder)])
        yield database


@pytest.fixture
def loaded(store):
    """A database with the diamond, without predictions, on each engine in turn."""
    store.clear(model="cost")
    return store


def test_top_lists_the_largest_first_with_what_people_know_the_op_by():
    top = prediction(score=[1.0, 4.0, 2.0, 3.0], rank=[0, 3, 1, 2]).top(2)
    assert top.columns == ("graph", "index", "opcode", "shape", "score", "rank")
    assert top.rows == [("d", 1, "convolution", "bf16[4,8,16]", 4.0, 3), ("d", 3, "add", "f32[]", 3.0, 2)]


def test_top_says_how_many_there_are():
    assert prediction(score=[1.0, 4.0, 2.0, 3.0]).top(1).truncated == "showing 1 of 4"


def test_top_of_more_than_there_are_is_all():
    assert len(prediction(score=[1.0, 4.0, 2.0, 3.0]).top(99)) == 4


def test_top_of_none():
    assert prediction(score=[1.0, 4.0, 2.0, 3.0]).top(0).rows == []


def test_ties_stand_by_index():
    top = prediction(score=[1.0, 2.0, 1.0, 2.0]).top(4)
    assert [row[1] for row in top] == [1, 3, 0, 2]


def test_values_are_plain_python():
    row = prediction(score=[1.0, 4.0, 2.0, 3.0], rank=[0, 3, 1, 2]).top(1).rows[0]
    assert [type(value) for value in row] == [str, int, str, str, float, int]


def test_a_prediction_alone_writes_nothing(loaded):
    loaded.predict()
    assert loaded.query(COSTS).rows == [(index, None, None, None, None) for index in range(4)]
    assert loaded.query(NOTES).rows == []


def test_write_puts_the_values_on_the_nodes(loaded):
    costs = op_costs(DIAMOND)
    loaded.predict(["diamond"], write=True)
    columns = (costs.cost, costs.cost_share, costs.cost_rank, costs.cost_finish)
    assert loaded.query(COSTS).rows == list(zip(range(4), *(column.tolist() for column in columns), strict=True))


def test_write_notes_model_and_version(loaded):
    loaded.predict(write=True)
    properties = ["Op.cost", "Op.cost_share", "Op.cost_rank", "Op.cost_finish"]
    assert loaded.query(NOTES).rows == [
        (f"{DIAMOND.id}/prediction/cost", DIAMOND.id, DIAMOND.id, "cost", "1", properties, 4)
    ]


def test_writing_again_changes_nothing(loaded):
    loaded.predict(write=True)
    before = loaded.query(COSTS).rows, loaded.query(NOTES).rows
    loaded.predict(write=True)
    assert (loaded.query(COSTS).rows, loaded.query(NOTES).rows) == before


def test_clear_takes_everything_off(loaded):
    loaded.predict(write=True)
    assert loaded.clear(model="cost") == 1
    assert loaded.query(COSTS).rows == [(index, None, None, None, None) for index in range(4)]
    assert loaded.query("MATCH (p:Prediction) RETURN count(*)").rows == [(0,)]


def test_clear_of_what_is_not_there(loaded):
    assert loaded.clear(model="cost") == 0


def test_a_model_that_is_not_there(loaded):
    with pytest.raises(NotFoundError, match="no model 'cots'"):
        loaded.predict(model="cots")
