"""The short form of asynchronous ops in HLO text, made into what it stands for.

XLA prints an ``async-start`` of a computation with one op in it as that op with ``-start`` after its opcode, and leaves
the computation away: ``s = (...) custom-call-start(p), custom_call_target="f"`` is an ``async-start`` that calls a
computation ``async_wrapped``. Its ``-update`` and ``-done`` are ``async-update`` and ``async-done``.
"""

from __future__ import annotations

from tpugraph_db.hlo import shape
from tpugraph_db.hlo.text.attributes import Tail, pairs, simple
from tpugraph_db.hlo.text.body import Bodies
from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.rows import Row, Rows, Span
from tpugraph_db.hlo.unique import Uniquer
from tpugraph_db.hlo.vocabulary import OPCODES

_STEPS = {f"{opcode}-{step}": (opcode, f"async-{step}") for opcode in OPCODES for step in ("start", "update", "done")}
_SHORT = {short: steps for short, steps in _STEPS.items() if short not in OPCODES}
_OF_START = frozenset({"async_execution_thread", "sharding", "frontend_attributes", "backend_config"})
_OF_BOTH = frozenset({"frontend_attributes", "backend_config"})


def unwrap(bodies: Bodies) -> None:
    """Write short forms out; a wrapped op's computation comes before the one that it was in."""
    if _SHORT.keys().isdisjoint({row[3] for row in bodies.rows.rows}):
        return
    names = Uniquer()
    for span in bodies.spans:
        names.name(span.name)
    rows, spans, bodies.rows, bodies.spans = bodies.rows, bodies.spans, Rows(), []
    for span in spans:
        own = Rows(rows.rows[span.start : span.stop], rows.lines[span.start : span.stop])
        for number, row in enumerate(own.rows):
            if row[3] in _SHORT:
                _write_out(bodies, own, number, names)
        _place(bodies, own, span.name, span.root - span.start, span.line)


def _place(bodies: Bodies, rows: Rows, name: str, root: int, line: int) -> None:
    start = len(bodies.rows)
    bodies.rows.add(rows)
    bodies.spans.append(Span(name, start + root, start, len(bodies.rows), line))


def _write_out(bodies: Bodies, rows: Rows, number: int, names: Uniquer) -> None:
    row = rows.rows[number]
    opcode, step = _SHORT[row[3]]
    parts = shape.parse(row[2]).parts
    if step != "async-start":
        rows.rows[number] = (*row[:3], step, *row[4:])
    elif len(parts) > 1 and parts[0].parts and len(parts[0].parts) == row[4].count(",") + 1:
        name = names.name("async_wrapped")
        rows.rows[number] = (*row[:3], step, *row[4:6], f"@{name}", *row[7:11], "")
        outer, inner = _shared_out(bodies.tails.get(row[6]) or simple(row[6] + row[11]), name)
        bodies.tails[f"@{name}"], bodies.tails[f"@{name}/inner"] = outer, inner
        root = ("ROOT", opcode, parts[1].text, opcode, "", "", f"@{name}/inner", *row[7:11], "")
        wrapped = _wrapped(parts[0].parts, root, rows.lines[number])
        bodies.operands.shapes.update({row[2]: row[2] for row in wrapped.rows})
        _place(bodies, wrapped, name, len(wrapped) - 1, rows.lines[number])


def _shared_out(tail: Tail, name: str) -> tuple[Tail, Tail]:
    """The attributes of the ``async-start`` and of what it wraps."""
    said = list(pairs(Cursor(f", {tail.attributes}" if tail.attributes else "", "")))
    of_start = [f"{key}={value}" for key, value in said if key in _OF_START]
    inner = [f"{key}={value}" for key, value in said if key not in _OF_START or key in _OF_BOTH]
    thread = sum(text.startswith("async_execution_thread=") for text in of_start[:1])
    outer = [*of_start[:thread], f"calls={name}", *of_start[thread:]]
    start = tail._replace(attributes=", ".join(outer), calls=[("calls", name)])
    return start, Tail(", ".join(inner), tail.calls, [], [])


def _wrapped(parameters: tuple[shape.Shape, ...], root: Row, line: int) -> Rows:
    names = [f"async_param.{number}" if number else "async_param" for number in range(len(parameters))]
    rows = [
        ("", name, part.text, "parameter", str(number), "", "", "", "", "", "", "")
        for number, (name, part) in enumerate(zip(names, parameters, strict=True))
    ]
    return Rows([*rows, (*root[:4], ", ".join(names), *root[5:])], [line] * (len(rows) + 1))
