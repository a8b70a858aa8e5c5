from dataclasses import replace

import numpy as np
import pytest

from tests import graphs
from tpugraph_db.errors import DataError
from tpugraph_db.models.baselines.bytes import Bytes


def test_bytes_of_the_ops_whose_row_is_not_the_most_frequent():
    # op 1 has 1024 bytes, op 2 has 256; the rows are (p, r), (q, r), (p, s), (p, r)
    assert Bytes().scores(graphs.diamond()).tolist() == [0, 1024, 256, 0]


def test_bytes_of_the_ops_whose_row_is_not_the_default_configuration_s():
    record = graphs.diamond()
    said = replace(record.configurations, is_default=np.array([False, True, False, False]))
    assert Bytes().scores(record.replace(configurations=said)).tolist() == [1024, 0, 1280, 1024]


def test_tiles_are_counted():
    configurations = graphs.tiles([[2, 2], [1, 2], [1, 1]], [1, 1, 1], [1, 1, 1])
    record = graphs.make_record("k", [("copy", "f32[16,256]{1,0}")], [], configurations=configurations)
    assert Bytes().scores(record).tolist() == [1, 2, 4]


def test_what_it_writes():
    found = Bytes().predict(graphs.diamond())
    assert {name: column.tolist() for name, column in found.configs.items()} == {
        "bytes_score": [0, 1024, 256, 0], "bytes_rank": [0, 2, 1, 0]
    }  # fmt: skip
    assert (found.model, found.version, found.ops, found.notes) == ("bytes", "1", {}, {})


def test_a_graph_without_configurations_is_refused():
    with pytest.raises(DataError, match="chain: configurations: expected at least one, found none; the model cost"):
        Bytes().predict(graphs.chain())


def test_no_configurable_op_no_bytes():
    assert Bytes().scores(graphs.chain()).tolist() == []
    assert Bytes.name == "bytes"
