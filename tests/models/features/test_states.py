import numpy as np
import pytest

from tests import graphs
from tpugraph_db import columns
from tpugraph_db.errors import DataError
from tpugraph_db.models.features.choices import describe
from tpugraph_db.models.features.states import UNITS, states

SHAPE = "f32[4,8]{1,0}"
BYTES = 4 * 8 * 4


def record(ops, edges, op_ids, rows):
    """A graph, and a configuration a row; the first is the most frequent."""
    return graphs.make_record("s", ops, edges, configurations=graphs.layouts(op_ids, rows, [1] * len(rows)))


def line(*opcodes):
    """Ops of one shape, each reading the one before."""
    return [(opcode, SHAPE) for opcode in opcodes], [(op, op - 1) for op in range(1, len(opcodes))]


def cell(found, config, op, name):
    state = found.picked[config, found.ops.tolist().index(op)]
    return found.values[state, list(UNITS).index(name)]


def test_a_choice_and_the_copies_around_it_by_hand():
    found = states(record(*line("parameter", "negate", "tanh"), [1], [[[1, 0]], [[1, 0]], [[0, 1]]]))
    assert found.ops.tolist() == [1]
    assert found.picked.tolist() == [[0], [0], [1]]
    assert found.default.tolist() == [0]
    assert found.choice.tolist() == [0, 1]
    # written column-major, and turned back for tanh: each moves all bytes; the rows of 8 are read 8 apart, or 4
    assert found.copied.tolist() == [[0, 0], [BYTES, BYTES]]
    assert [cell(found, 2, 1, f"{kind}_copies") for kind in ("written", "turned")] == [1, 1]
    assert cell(found, 2, 1, "written_log_bytes") == pytest.approx(np.log1p(BYTES))
    reaches = [cell(found, 2, 1, f"{kind}_log_reach") for kind in ("written", "turned")]
    assert reaches == pytest.approx([np.log1p(4), np.log1p(8)])
    assert cell(found, 0, 1, "written_log_reach") == cell(found, 0, 1, "turned_log_bytes") == 0
    assert cell(found, 2, 1, "written_over_12") == 0


def test_an_op_without_a_choice_has_the_states_that_its_producers_choices_make():
    ops, edges = line("parameter", "negate", "transpose", "tanh")
    ops[2:] = [("transpose", "f32[8,4]{1,0}"), ("tanh", "f32[8,4]{1,0}")]
    made = record(ops, edges, [1], [[[1, 0]], [[0, 1]], [[0, 1]]])
    features = made.features.copy()
    features[2, columns.OP_COLUMNS.index("dimensions_0")] = 1
    found = states(made.replace(features=features))
    assert found.ops.tolist() == [1, 2]
    # the default is column-major, the more frequent: the transpose then gives a row-major array for nothing
    assert found.default.tolist() == found.picked[1].tolist() == found.picked[2].tolist()
    assert found.picked[0].tolist() != found.default.tolist()
    assert cell(found, 0, 2, "configurable") == 0
    assert cell(found, 0, 1, "configurable") == 1
    of_transpose = found.copied[[found.picked[0, 1], found.picked[1, 1]]]
    assert of_transpose.tolist() == [[0, BYTES], [0, 0]]
    assert found.choice[found.picked[:, 1]].tolist() == [-1, -1, -1]


def test_what_is_known_of_a_choice_is_part_of_its_states():
    made = record(*line("parameter", "negate", "tanh"), [1], [[[-1]], [[0, 1]], [[1, 0]]])
    found, known = states(made), describe(made)
    at = [list(UNITS).index(name) for name in known.columns]
    assert found.values[:, at].tolist() == known.values[found.choice].tolist()
    assert found.values.shape == (3, len(UNITS))
    assert np.isfinite(found.values).all()


@pytest.mark.parametrize("seed", range(3))
def test_configurations_share_a_state_where_choice_and_layouts_are_the_same(seed):
    """Ops of a chain read row-major arrays, whatever was chosen before them: their states are their choices."""
    random = np.random.default_rng(seed)
    rows = [[[[-1], [1, 0], [0, 1]][pick] for pick in picks] for picks in random.integers(0, 3, (30, 3))]
    found = states(record(*line("parameter", "negate", "tanh", "abs", "sign"), [1, 2, 3], rows))
    for op in range(3):
        seen = {}
        for config, row in enumerate(rows):
            seen.setdefault(tuple(row[op]), set()).add(int(found.picked[config, op]))
        assert [len(numbers) for numbers in seen.values()] == [1] * len(seen)
        assert len(set.union(*seen.values())) == len(seen)
    assert len(np.unique(found.picked)) == len(found.choice)


def test_tiles_have_no_states():
    with pytest.raises(DataError, match="expected layouts of ops, found tile sizes"):
        states(graphs.two_computations())
