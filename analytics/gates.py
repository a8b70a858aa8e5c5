"""Bounds on what may differ between two graphs: ``bytes>+5%`` fails where B has over 5 % more bytes than A.

A gate is ``WHAT COMPARISON NUMBER[%]``:

- WHAT: a total of the difference (:func:`tpugraph_db.analytics.diff_totals.total_rows` lists them). ``ops:OPCODE`` is
  how many ops have an opcode.
- COMPARISON: ``>``, ``>=``, ``<`` or ``<=``.
- NUMBER: with or without sign, ``5``, ``+5``, ``-0.5``, ``1e9``; with ``%`` in percent of A's.

Compared is B's figure less A's; of what is of both graphs together (``added``, ``tau``), itself. Where the comparison
holds, the gate has failed.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tpugraph_db.analytics.diff import Difference
from tpugraph_db.analytics.diff_totals import OF_MATCHING
from tpugraph_db.analytics.figures import KINDS
from tpugraph_db.analytics.total import Total
from tpugraph_db.errors import GateError, NotFoundError, UsageError, did_you_mean
from tpugraph_db.opcodes import NUMBERS

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_GATE = re.compile(
    r"\s*(?P<what>[a-z][\w:.\-]*?)\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?P<of>%?)\s*",
    re.IGNORECASE | re.ASCII,
)
_RUNTIMES = ("best_ns", "median_ns", "worst_ns", "default_ns")
_NAMES = (
    *OF_MATCHING,
    *("ops", "edges", "computations", "configurable_ops", "configs", "distinct_configs", "common_configs"),
    *_RUNTIMES,
    *("compared_configs", "tau", "equal_ranks", "top1_same"),
    *(f"{before}{name}" for before in ("", "path:") for name in KINDS if name not in ("fanout", "headroom")),
)
"""What a difference may say, opcodes and models aside."""


@dataclass(frozen=True)
class Gate:
    """One bound."""

    text: str
    what: str
    sign: str
    bound: float
    percent: bool

    @property
    def figure(self) -> str | None:
        """The figure of ops that it asks for, if it does."""
        name = self.what.removeprefix("path:")
        return name if name in KINDS else None

    def found(self, of: Total) -> str:
        """What there is: ``+12.3% (1024 -> 1150)``; empty where the gate holds.

        Raises:
            UsageError: percent of one number of both graphs. NotFoundError: the figure is not known of a graph.
        """
        if of.both is not None:
            if self.percent:
                raise UsageError(f"--fail-on {self.text}: {of.what} is one number of both graphs: give it without %")
            return f"{of.both:.6g}" if _COMPARE[self.sign](of.both, self.bound) else ""
        value = of.percent if self.percent else of.change
        if value is None or of.a is None or of.b is None:
            graph = "either graph" if of.a is None and of.b is None else "graph A" if of.a is None else "graph B"
            raise NotFoundError(f"--fail-on {self.text}: {of.what} is not known of {graph}")
        if not _COMPARE[self.sign](value, self.bound):
            return ""
        return f"{value:+.6g}{'%' if self.percent else ''} ({of.a:.15g} -> {of.b:.15g})"


def parse(text: str) -> Gate:
    """Read a gate.

    Raises:
        UsageError: it is none.

    >>> parse("bytes > +5%")
    Gate(text='bytes > +5%', what='bytes', sign='>', bound=5.0, percent=True)
    """
    match = _GATE.fullmatch(text)
    if not match:
        expected = "expected WHAT, one of > >= < <=, and a number, with % or without, as 'bytes>+5%'"
        raise UsageError(f"--fail-on: {expected}; found {text!r}{_meant(text)}")
    return Gate(text, match["what"], match["sign"], float(match["bound"]), bool(match["of"]))


def hold(difference: Difference, gates: Iterable[Gate]) -> None:
    """Nothing, where every gate holds.

    Raises:
        GateError: names each that failed, with what was found. UsageError: there is no such total.
        NotFoundError: there is, but these graphs do not have it.
    """
    fail(judge(difference, gates))


def fail(failed: Sequence[str]) -> None:
    """Raise GateError where a gate has failed (:func:`judge`)."""
    if failed:
        raise GateError(f"{len(failed)} gate{'s' * (len(failed) > 1)} failed: {'; '.join(failed)}")


def judge(difference: Difference, gates: Iterable[Gate]) -> list[str]:
    """A text for each gate that failed; raises as :func:`hold`, but no GateError."""
    totals = {of.what: of for of in difference.totals}
    found = [(gate, gate.found(_total(gate, totals))) for gate in gates]
    return [f"{gate.text}: found {text}" for gate, text in found if text]


def _total(gate: Gate, totals: dict[str, Total]) -> Total:
    if gate.what in totals:
        return totals[gate.what]
    if gate.what.removeprefix("ops:") in NUMBERS and gate.what.startswith("ops:"):
        return Total(gate.what, 0, 0, None, "structural")
    if gate.what in _RUNTIMES:
        raise NotFoundError(f"--fail-on {gate.text}: neither graph has {_what_lacks(gate.what)}")
    if gate.what in _NAMES:
        raise NotFoundError(f"--fail-on {gate.text}: these graphs have no {gate.what}")
    known = [*_NAMES, *totals, *(f"ops:{name}" for name in NUMBERS)]
    hint = did_you_mean(gate.what, list(dict.fromkeys(known))) or "; tpudb diff --summary lists what there is"
    raise UsageError(f"--fail-on {gate.text}: there is no {gate.what!r}{hint}")


def _what_lacks(name: str) -> str:
    return "a measured default configuration" if name == "default_ns" else "measured configurations"


def _meant(text: str) -> str:
    """``; did you mean 'bytes>=5'?`` where signs stand the wrong way round or are doubled."""
    turned = text.replace("=>", ">=").replace("=<", "<=").replace(">>", ">").replace("<<", "<").replace(" percent", "%")
    return f"; did you mean {turned!r}?" if turned != text and _GATE.fullmatch(turned) else ""
