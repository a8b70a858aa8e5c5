import numpy as np
import pytest
from hypothesis import given

from tests import graphs, strategies
from tpugraph_db import flat
from tpugraph_db.packed import Coded
from tpugraph_db.program import Program

PROGRAM = graphs.lowered().program


def test_arrays_have_dotted_names():
    made = flat.arrays(Coded.of(["x", "y", "x"]), "op_name")
    assert {name: array.tolist() for name, array in made.items()} == {
        "op_name.table.data": [ord("x"), ord("y")],
        "op_name.table.offsets": [0, 1, 2],
        "op_name.codes": [0, 1, 0],
    }


def test_scalars():
    assert flat.scalars(PROGRAM) == {
        "module": "jit_loss",
        "module_attributes": "is_scheduled=true",
        "stage": "before_optimizations",
        "entry": 2,
    }


@given(strategies.programs())
def test_every_program_comes_back(program):
    arrays = flat.arrays(program, "p")
    assert flat.restored(Program, "p", arrays, flat.scalars(program)) == program


def test_what_is_missing_is_named():
    arrays = flat.arrays(PROGRAM, "p")
    del arrays["p.calls"]
    with pytest.raises(KeyError, match=r"p\.calls"):
        flat.restored(Program, "p", arrays, flat.scalars(PROGRAM))


def test_all_arrays_are_of_types_that_a_payload_holds():
    assert {array.dtype for array in flat.arrays(PROGRAM, "p").values()} == {
        np.dtype(kind) for kind in (np.uint8, np.uint32, np.int64)
    }
