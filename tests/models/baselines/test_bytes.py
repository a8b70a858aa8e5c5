from dataclasses import replace

import numpy as np

from tests import graphs
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


def test_no_configurable_op_no_bytes():
    assert Bytes().scores(graphs.chain()).tolist() == []
    assert Bytes.name == "bytes"
