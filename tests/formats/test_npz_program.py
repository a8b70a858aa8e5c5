import zipfile

import numpy as np
import pytest

from tpugraph_db.errors import DataError
from tpugraph_db.formats import npz, read
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import text
from tpugraph_db.hlo.record import record

HLO = """\
HloModule jit_f

ENTRY main {
  x = f32[2,3]{1,0} parameter(0), metadata={op_name="x"}
  y = f32[3,2]{1,0} transpose(x), dimensions={1,0}, metadata={op_name="jit(f)/transpose"}
  ROOT z = f32[3,2]{1,0} negate(y)
}
"""
OPS = 3


@pytest.fixture
def written(tmp_path):
    """Write the arrays of a program that nobody measured, and more beside them."""

    def write(name="f.npz", **beside):
        program = text.program(HLO, "f.hlo")
        npz.write(record(program, Identity(None, "none", "f")), tmp_path / name)
        with zipfile.ZipFile(tmp_path / name, "a") as archive:
            for key, array in beside.items():
                with archive.open(f"{key}.npy", "w") as member:
                    np.lib.format.write_array(member, np.asarray(array))
        return tmp_path / name

    return write


def characters(hlo):
    return np.frombuffer(hlo.encode(), np.uint8)


def test_without_it_there_is_no_program(written):
    found = read(written())
    assert (found.program, found.measured_ns) == (None, None)


def test_names_come_back(written):
    found = read(written(hlo_text=characters(HLO)))
    assert found.program.names.tolist() == ["x", "y", "z"]
    assert found.program.op_name[1] == "jit(f)/transpose"
    assert found.program.stage == "before_optimizations"


def test_the_files_name_says_another_stage(written):
    path = written("f.after_optimizations.npz", hlo_text=characters(HLO), op_measured_ns=np.arange(OPS))
    found = read(path)
    assert found.program.stage == "after_optimizations"
    assert found.measured_ns.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("hlo", "said"),
    [
        (HLO.replace("negate", "cosine"), "expected the program of node_opcode (3 ops), found another, of 3 ops"),
        (HLO.replace("negate(y)", "negate(y)\n  w = f32[] constant(0)"), "found another, of 4 ops"),
        ("HloModule", "f.npz: hlo_text: line 1, column "),
        ("", "f.npz: hlo_text: line 1, column 1"),
    ],
)
def test_another_program_is_refused(written, hlo, said):
    with pytest.raises(DataError) as raised:
        read(written(hlo_text=characters(hlo)))
    assert said in str(raised.value)


@pytest.mark.parametrize("array", [np.arange(2), np.arange(3.0), np.arange(3)[None]])
def test_a_duration_an_op(written, array):
    with pytest.raises(DataError, match=r"op_measured_ns: expected int64 \(ops\)"):
        read(written(op_measured_ns=array))


def test_no_duration_is_negative(written):
    with pytest.raises(DataError, match="op_measured_ns: expected nanoseconds, 0 for not seen, found -1"):
        read(written(op_measured_ns=np.array([3, -1, 0])))


def test_no_text(written):
    with pytest.raises(DataError, match=r"hlo_text: expected uint8 \(characters\)"):
        read(written(hlo_text=np.array("HloModule")))


def test_bytes_that_are_no_text(written):
    with pytest.raises(DataError, match="UTF-8"):
        read(written(hlo_text=np.full(9, 0xFF, np.uint8)))
