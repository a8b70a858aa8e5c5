"""HLO text of real models, which XLA's own parser refuses for the most part."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.hlo.seen import Op, ops
from tpugraph_db.hlo.text import read
from tpugraph_db.program import Program

COUNTS = {
    "bert_single_2": (32, 1022),
    "gpt2_tp1": (7, 192),
    "llama2_7b_tp1": (113, 3517),
    "mlp_single": (10, 183),
}
"""Computations and instructions, counted by ``grep -c '^}'`` and ``grep -c ' = '``."""


@cache
def found(data: Path, name: str) -> tuple[str, Program, dict[str, Op]]:
    text = (data / "hlo" / f"{name}.hlo").read_text()
    program, unknown = read(text, name)
    assert unknown == {}
    return text, program, ops(program)


@pytest.mark.parametrize("name", COUNTS)
def test_all_of_it(data, name):
    text, program, named = found(data, name)
    assert (len(program.computation_names), len(named)) == COUNTS[name]
    assert program.entry == len(program.computation_names) - 1
    said = re.findall(r"^  (?:ROOT )?%(\S+) = (.*?) ([\w-]+)\(", re.sub(r"/\*index=\d+\*/", "", text), re.MULTILINE)
    assert [(name, one.shape, one.opcode) for name, one in named.items()] == said


@pytest.mark.parametrize("name", COUNTS)
def test_metadata_is_all_there(data, name):
    text, _, named = found(data, name)
    sources = [one.source for one in named.values()]
    assert [op_name for op_name, _, _ in sources if op_name] == re.findall(r' op_name="([^"]+)"', text)
    assert [file for _, file, _ in sources if file] == re.findall(r' source_file="([^"]+)"', text)
    assert [line for _, _, line in sources if line] == list(map(int, re.findall(r" source_line=(\d+)", text)))


@pytest.mark.parametrize("name", COUNTS)
def test_operands_are_all_there(data, name):
    text, _, named = found(data, name)
    between = re.findall(r"^  (?:ROOT )?%\S+ = .*? [\w-]+\((.*?%.*?)\)(?:,|$)", text, re.MULTILINE)
    assert [one.operands for one in named.values() if one.operands] == [
        re.findall(r"%([\w.-]+)", written) for written in between
    ]


def test_some_of_their_attributes(data):
    named = found(data, "llama2_7b_tp1")[2]
    first = {
        opcode: next(one.attributes for one in named.values() if one.opcode == opcode)
        for opcode in ("pad", "dot", "gather")
    }
    assert first == {
        "pad": "padding=0_0x0_1x0_0",
        "dot": "lhs_contracting_dims={1}, rhs_contracting_dims={0}",
        "gather": "offset_dims={1}, collapsed_slice_dims={0}, start_index_map={0}, index_vector_dim=1, "
        "slice_sizes={1,32}",
    }
    assert named["reduce-scatter.1779"].operands == ["reshape.1770", "get-tuple-element.1194"]
    assert named["reduce-scatter.1779"].calls == [("to_apply", "AddComputation.1775")]
