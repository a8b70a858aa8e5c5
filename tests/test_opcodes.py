import re

import pytest

from tests import real
from tpugraph_db.opcodes import NUMBERS, OPCODES

CELL = re.compile(r"\| (\d+) \| ([a-z0-9-]+|\(unknown\))(?: \(tombstone\))? (?=\|)")


@pytest.fixture(scope="module")
def reference(data):
    text = (data / "reference" / "opcodes.md").read_text()
    return {int(number): "" if name == "(unknown)" else name for number, name in CELL.findall(text)}


def test_names_are_the_reference_s(reference):
    assert dict(enumerate(OPCODES)) == reference


def test_there_are_121_and_the_first_is_unknown():
    assert len(OPCODES) == 121
    assert OPCODES[0] == ""
    assert "" not in OPCODES[1:]


def test_numbers_turn_names_back():
    assert {number: name for name, number in NUMBERS.items()} == dict(enumerate(OPCODES[1:], start=1))


def test_some_numbers_by_hand():
    assert [NUMBERS[name] for name in ("convolution", "dot", "reshape", "tan")] == [26, 34, 75, 120]


@pytest.mark.parametrize("name", real.FILES)
def test_every_op_of_a_real_graph_has_a_name(data, name):
    assert (real.record(data, name).opcodes != "").all()
