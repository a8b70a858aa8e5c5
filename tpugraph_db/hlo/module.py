"""The form that HLO text is read into, before its names become indices (:mod:`tpugraph_db.hlo.assemble`)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Instruction:
    """One HLO instruction. Texts are as HLO prints them, names without ``%``."""

    name: str
    opcode: str
    shape: str
    """Canonical text of the output's shape: as XLA prints it, one space after a comma between a tuple's parts."""
    operands: list[str]
    """Names, in order; each stands earlier in the same computation."""
    attributes: str = ""
    """What follows the operands, canonical text (see :attr:`tpugraph_db.program.Program.attributes`)."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """(attribute, name of a computation) for each computation called, in order."""
    control_predecessors: list[str] = field(default_factory=list)
    op_name: str = ""
    source_file: str = ""
    source_line: int = 0
    line: int = 0
    """Where it stands in the text, from 1; 0 where it was not text."""


@dataclass(slots=True)
class Computation:
    """A list of instructions, producers before consumers."""

    name: str
    instructions: list[Instruction]
    root: str
    """Name of the instruction that is its result."""
    line: int = 0


@dataclass(slots=True)
class Module:
    """A program."""

    name: str
    computations: list[Computation]
    entry: str
    """Name of the entry computation."""
    attributes: str = ""
    """What follows its name, as text."""
    unknown: dict[str, int] = field(default_factory=dict)
    """What the reader did not know and kept as text: attribute or opcode -> how often."""
