"""XLA's own reading and printing of HLO, by jaxlib's private module: what ours are held to."""

from __future__ import annotations

import re
from pathlib import Path

import jaxlib._hlo as xla

from tpugraph_db.program import Program

EVERY_OPCODE = Path(__file__).with_name("every_opcode.hlo")
"""Instructions of every opcode with every attribute, as XLA reads them."""

_LINE = re.compile(r"  (?:ROOT )?%(\S+) = (.*)")
_STRING = r'"(?:\\.|[^"\\])*"'
_UNSAID = re.compile(rf', metadata=\{{(?:[^{{}}"]|{_STRING})*\}}|, control-predecessors=\{{[^}}]*\}}|/\*.*?\*/')


def message(text: str) -> bytes:
    """HLO text as HloModuleProto."""
    return bytes(xla.hlo_module_from_text(text).as_serialized_hlo_module_proto())


def text(data: bytes) -> str:
    """HloModuleProto as HLO text."""
    return str(xla.HloModule.from_serialized_hlo_module_proto(data).to_string())


def lines(data: bytes) -> dict[str, str]:
    """What XLA prints of each instruction behind its name, less metadata, control predecessors, comments and ``%``."""
    found = filter(None, map(_LINE.fullmatch, text(data).split("\n")))
    return {line[1]: _UNSAID.sub("", line[2]).replace("%", "") for line in found}


def ours(program: Program) -> dict[str, str]:
    """The same of a program as we read it."""
    names = program.names.tolist()
    operands = [", ".join(names[operand] for operand in one) for one in program.operands.tolist()]
    columns = (names, program.shapes.tolist(), program.opcodes.tolist(), operands, program.attributes.tolist())
    return {name: _line(*said) for name, *said in zip(*columns, strict=True)}


def _line(shape: str, opcode: str, operands: str, attributes: str) -> str:
    if opcode in ("parameter", "constant"):
        return f"{shape} {attributes}"
    return f"{shape} {opcode}({operands})" + (f", {attributes}" if attributes else "")
