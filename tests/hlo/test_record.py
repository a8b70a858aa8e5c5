from __future__ import annotations

import numpy as np
import pytest

from tests.hlo.messages import computation, doubled, instruction, module
from tpugraph_db import features
from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats import validate
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import proto
from tpugraph_db.hlo.record import record, unmeasured
from tpugraph_db.program import Program

LOCAL = Identity(None, "none", "doubled", "ab")


def program(message=None) -> Program:
    return proto.program((message or doubled()).SerializeToString(), "x.pb")


def test_a_program_that_nobody_measured():
    ours = program()
    made = record(ours, LOCAL, unknown={"hypot": 1})
    assert (made.id, made.sha256) == ("hlo:local/none/doubled", "ab")
    assert made.program is ours
    assert (len(made.configurations), len(made.configurable_ops), made.failed_runs) == (0, 0, None)
    assert made.unknown == {"hypot": 1}
    assert made.opcodes.tolist() == ["parameter", "add", "parameter", "call"]
    np.testing.assert_array_equal(made.features, features.node_features(ours))
    np.testing.assert_array_equal(made.edges, [[1, 0], [3, 1], [3, 2]])
    np.testing.assert_array_equal(made.splits, [0, 4])
    validate.check(made, "x.pb")


def test_opcodes_that_xla_does_not_have_are_counted():
    main = computation(1, "main", instruction(1, "parameter"), *(instruction(id, "hypot", [1, 1]) for id in (2, 3)))
    assert record(program(module(main)), LOCAL).unknown == {"hypot": 2}


def test_tiles_have_no_segments():
    ones = np.ones(2, np.int64)
    tiles = TileConfigurations(runtime_ns=ones, features=np.zeros((2, 24), np.float32), normalizer_ns=ones)
    made = record(program(), LOCAL, tiles, failed_runs=3)
    assert (made.collection, made.splits, made.failed_runs) == ("tile:local", None, 3)


def test_what_is_said_of_the_graph_is_kept():
    made = record(program(), Identity("mine", "train", "x"), unmeasured())
    assert made.id == "mine/train/x"


def test_an_attribute_that_is_not_hlo_is_refused_by_its_file():
    ours = program(module(computation(1, "main", instruction(1, "parameter"))))
    broken = Program(**{**vars(ours), "attributes": type(ours.attributes).of(["dimensions={x}"])})
    with pytest.raises(DataError, match=r"x\.pb: attributes: expected HLO, found 'x' where a number of 64 bits is"):
        record(broken, LOCAL, where="x.pb")
