import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.models.baselines.few_design import ROW_WEIGHT, design


def test_a_layout_is_one_column_a_choice():
    one_hot = design(graphs.diamond(), known=False)
    assert one_hot.rows(np.arange(4)).tolist() == [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0]]


def test_what_is_known_adds_a_column_for_each_layout_and_the_features():
    # slot 0 differs in its output, slot 1 in its input; each of the other layouts is one and the same
    table = design(graphs.diamond(), known=True).rows(np.arange(4))
    assert table[:, :4].tolist() == [[ROW_WEIGHT * x for x in row] for row in design_rows()]
    layouts = table[:, 4:12]
    assert layouts.sum(axis=1).tolist() == [6] * 4
    assert [len(np.unique(column)) for column in layouts.T].count(2) == 4
    dense = table[:, 12:]
    assert dense.mean(axis=0) == pytest.approx(0, abs=1e-7)
    assert dense.std(axis=0) == pytest.approx(1)


def design_rows():
    return design(graphs.diamond(), known=False).rows(np.arange(4)).tolist()


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("record", [layout_graph(), tile_graph()])
def test_the_product_is_that_of_the_whole_matrix(record, known):
    made = design(record, known=known)
    table = made.rows(np.arange(len(record.configurations)))
    vector = np.random.default_rng(0).normal(size=table.shape[1])
    assert made.times(vector) == pytest.approx(table @ vector)


def test_tiles_are_standardised_logarithms_without_constant_columns():
    table = design(tile_graph(), known=False).rows(np.arange(20))
    assert table.shape == (20, 4)  # two bounds, their sum and product
    assert table.mean(axis=0) == pytest.approx(0)
    first = np.log1p([a for a in (1, 2, 4, 8, 16) for _ in range(4)])
    assert table[:, 0] == pytest.approx((first - first.mean()) / first.std())
