import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.models.features.config_features import config_features
from tpugraph_db.models.features.layout_features import graph_columns, slower_columns
from tpugraph_db.models.features.tile_features import tile_columns


def test_layouts_have_what_makes_slower_and_the_graph():
    record = layout_graph()
    features = config_features(record)
    slower, others = slower_columns(record), graph_columns(record)
    assert features.columns == (*slower, *others)
    assert features.slower.tolist() == [True] * len(slower) + [False] * len(others)
    assert features.values.dtype == np.float32
    assert pytest.approx(np.array([*slower.values(), *others.values()]), rel=1e-6) == features.values.T


def test_tiles_have_theirs():
    features = config_features(tile_graph())
    expected = tile_columns(tile_graph())
    assert features.columns == tuple(expected)
    assert not features.slower.any()
    assert features.values.shape == (20, len(expected))


def test_no_configurations_make_no_rows():
    assert config_features(graphs.chain()).values.shape[0] == 0


@pytest.mark.parametrize("record", [layout_graph(), tile_graph(), graphs.diamond(), graphs.two_computations()])
def test_all_is_finite_and_read_only(record):
    features = config_features(record)
    assert np.isfinite(features.values).all()
    assert not features.values.flags.writeable
