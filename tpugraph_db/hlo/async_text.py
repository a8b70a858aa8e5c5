"""The short form of asynchronous ops in HLO text, made into what it stands for.

XLA prints an ``async-start`` of a computation with one op in it as that op with ``-start`` after its opcode, and leaves
the computation away: ``s = (...) custom-call-start(p), custom_call_target="f"`` is an ``async-start`` that calls a
computation ``async_wrapped``. Its ``-update`` and ``-done`` are ``async-update`` and ``async-done``.
"""

from __future__ import annotations

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.attributes_text import pairs
from tpugraph_db.hlo.cursor import Cursor
from tpugraph_db.hlo.module import Computation, Instruction
from tpugraph_db.hlo.unique import Uniquer
from tpugraph_db.hlo.vocabulary import OPCODES

_STEPS = {f"{opcode}-{step}": (opcode, f"async-{step}") for opcode in OPCODES for step in ("start", "update", "done")}
SHORT = {short: steps for short, steps in _STEPS.items() if short not in OPCODES}
"""Short opcode -> (opcode of the wrapped op, opcode)."""
_OF_START = frozenset({"async_execution_thread", "sharding", "frontend_attributes", "backend_config"})
_OF_BOTH = frozenset({"frontend_attributes", "backend_config"})


def unwrap(computations: list[Computation]) -> list[Computation]:
    """Write short forms out; a wrapped op's computation comes before the one that it was in."""
    names = Uniquer()
    for computation in computations:
        names.name(computation.name)
    written: list[Computation] = []
    for computation in computations:
        for one in computation.instructions:
            if one.opcode in SHORT:
                written += _write_out(one, names)
        written.append(computation)
    return written


def _write_out(one: Instruction, names: Uniquer) -> list[Computation]:
    opcode, step = SHORT[one.opcode]
    if step != "async-start":
        one.opcode = step
        return []
    parts = shape.parse(one.shape).parts
    if len(parts) < 2 or len(parts[0].parts) != len(one.operands):
        return []  # no shape of an async-start: an opcode that is not known
    name = names.name("async_wrapped")
    said = list(pairs(Cursor(f", {one.attributes}", "") if one.attributes else Cursor("", "")))
    inner = ", ".join(f"{key}={value}" for key, value in said if key not in _OF_START or key in _OF_BOTH)
    outer = [f"{key}={value}" for key, value in said if key in _OF_START]
    wrapped = _wrapped(name, opcode, parts, inner, one)
    thread = int(bool(outer) and outer[0].startswith("async_execution_thread="))
    one.opcode, one.attributes = step, ", ".join([*outer[:thread], f"calls={name}", *outer[thread:]])
    one.calls = [("calls", name)]
    return [wrapped]


def _wrapped(
    name: str, opcode: str, parts: tuple[shape.Shape, ...], attributes: str, start: Instruction
) -> Computation:
    parameters = [
        Instruction(
            f"async_param.{number}" if number else "async_param", "parameter", part.text, [], f"parameter({number})"
        )
        for number, part in enumerate(parts[0].parts)
    ]
    operands = [parameter.name for parameter in parameters]
    root = Instruction(opcode, opcode, parts[1].text, operands, attributes, start.calls)
    root.op_name, root.source_file, root.source_line = start.op_name, start.source_file, start.source_line
    for one in (*parameters, root):
        one.line = start.line
    return Computation(name, [*parameters, root], root.name, start.line)
