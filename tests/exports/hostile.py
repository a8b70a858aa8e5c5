"""A program whose names would break a writer that did not expect them."""

from __future__ import annotations

from dataclasses import replace

from tests import graphs
from tpugraph_db.packed import Coded, Strings
from tpugraph_db.record import GraphRecord

NAMES = (
    'a"b',
    "c\\",
    "</script><script>alert(1)</script>",
    "<b>&amp;&lt;",
    "]]>",
    "line\nbreak\ttab\r",
    "\x1b[31mred\x00\x07",
    "\u202ebidi\u2028",
    '=cmd|"/c calc"!A1',
    "{}[]; -> digraph",
    "'--><!-- 名前 \uffff",
)
"""One for each op of :func:`tests.graphs.lowered`."""


def hostile() -> GraphRecord:
    """The literal program under such names, which stand in its metadata and in the graph's own name too."""
    record = graphs.lowered()
    assert record.program
    program = replace(
        record.program,
        names=Strings.of(NAMES),
        op_name=Coded.of([f"jit/{name}/x" for name in NAMES]),
        source_file=Coded.of(NAMES),
        computation_names=Strings.of(NAMES[:3]),
    )
    return record.replace(program=program, name='x"</script>\x01&')
