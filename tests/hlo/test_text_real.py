"""HLO text of real models, which XLA's own parser refuses for the most part."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tpugraph_db.hlo.module import Instruction, Module
from tpugraph_db.hlo.text import parse

COUNTS = {
    "bert_single_2": (32, 1022),
    "gpt2_tp1": (7, 192),
    "llama2_7b_tp1": (113, 3517),
    "mlp_single": (10, 183),
}
"""Computations and instructions, counted by ``grep -c '^}'`` and ``grep -c ' = '``."""


@cache
def read(data: Path, name: str) -> tuple[str, Module]:
    text = (data / "hlo" / f"{name}.hlo").read_text()
    return text, parse(text, name)


def instructions(module: Module) -> dict[str, Instruction]:
    return {one.name: one for computation in module.computations for one in computation.instructions}


@pytest.mark.parametrize("name", COUNTS)
def test_all_of_it(data, name):
    text, module = read(data, name)
    ops = instructions(module)
    assert (len(module.computations), len(ops)) == COUNTS[name]
    assert module.unknown == {}
    lines = re.sub(r"/\*index=\d+\*/", "", text).split("\n")
    assert all(f"%{one.name} = {one.shape} {one.opcode}(" in lines[one.line - 1] for one in ops.values())


@pytest.mark.parametrize("name", COUNTS)
def test_names_stand_for_something_before(data, name):
    _, module = read(data, name)
    computations: set[str] = set()
    for computation in module.computations:
        seen: set[str] = set()
        for one in computation.instructions:
            assert seen.issuperset(one.operands)
            assert computations.issuperset(called for _, called in one.calls)
            seen.add(one.name)
        assert computation.root in seen
        computations.add(computation.name)
    assert module.entry == module.computations[-1].name


@pytest.mark.parametrize("name", COUNTS)
def test_metadata_is_all_there(data, name):
    text, module = read(data, name)
    ops = instructions(module).values()
    assert sorted(one.op_name for one in ops if one.op_name) == sorted(re.findall(r' op_name="([^"]+)"', text))
    assert sorted(one.source_line for one in ops if one.source_line) == sorted(
        map(int, re.findall(r" source_line=(\d+)", text))
    )


def test_some_of_their_attributes(data):
    ops = instructions(read(data, "llama2_7b_tp1")[1]).values()
    first = {opcode: next(one.attributes for one in ops if one.opcode == opcode) for opcode in ("pad", "dot", "gather")}
    assert first == {
        "pad": "padding=0_0x0_1x0_0",
        "dot": "lhs_contracting_dims={1}, rhs_contracting_dims={0}",
        "gather": "offset_dims={1}, collapsed_slice_dims={0}, start_index_map={0}, index_vector_dim=1, "
        "slice_sizes={1,32}",
    }
    scattered = next(one for one in ops if one.name == "reduce-scatter.1779")
    assert scattered.operands == ["reshape.1770", "get-tuple-element.1194"]
    assert scattered.calls == [("to_apply", "AddComputation.1775")]
    assert (scattered.op_name, scattered.source_line) == ("xla__reduce_scatter", 819)
