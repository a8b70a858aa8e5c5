"""What a program is before anything is chosen: its HLO, and the ops whose layout can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tpugraph_db.collect.sites import Site
from tpugraph_db.collect.source import Source
from tpugraph_db.collect.tie import tie
from tpugraph_db.collect.worker import Worker
from tpugraph_db.errors import DataError
from tpugraph_db.hlo import text
from tpugraph_db.program import Program


@dataclass(frozen=True)
class Described:
    """A program that runs."""

    hlo: str
    """Text of the unconstrained module before optimisation."""
    program: Program
    """The same, read."""
    sites: list[Site]
    """Outputs that can be constrained, each tied to an op."""
    ops: dict[int, int]
    """Number of a site -> index of its op."""
    untied: int
    """Outputs that are no op of their own in the HLO, and so are left alone."""
    default: str
    """Fingerprint of what the compiler makes of it when nothing is said."""
    inputs: str
    """sha256 of what it is measured on."""
    seconds: float
    """Spent on compiling that."""
    facts: dict[str, Any]
    """Machine and versions (:func:`tpugraph_db.collect.machine.facts`)."""


def describe(worker: Worker, source: Source, timeout: float) -> Described:
    """Ask a process that has the program.

    Raises:
        DataError: it cannot be run, or has nothing to choose. WorkerDied: the process ended.
    """
    reply = worker.ask(timeout, do="describe")
    program = text.program(reply["text"], source.text, "before_optimizations")
    found = [Site(site["number"], site["opcode"], tuple(site["dims"])) for site in reply["sites"]]
    ops = tie(program, found)
    if not ops:
        expected = "an output of rank 2 to 6 of a dot, convolution, reshape or transpose"
        raise DataError(source.text, "program", expected=expected, found="none, so there is no layout to choose")
    return Described(
        hlo=reply["text"],
        program=program,
        sites=[site for site in found if site.number in ops],
        ops=ops,
        untied=len(found) - len(ops),
        default=reply["default"],
        inputs=reply["inputs"],
        seconds=reply["seconds"],
        facts=reply["facts"],
    )
