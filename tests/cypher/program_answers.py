"""Answers worked out by hand on the literal program (``tests.graphs.LOWERED_TEXT``), for what only HLO says."""

from __future__ import annotations

from tests.cypher.answers import TWO, Case

LOWERED = "hlo:local/none/lowered"
FILE = "/home/me/model.py"
ERF = (LOWERED, 8, "erf.1", "erf", "f32[4,8]", "jit(loss)/erf", FILE, 12)
TOTAL = (LOWERED, 9, "total", "reduce", "f32[4]", "jit(loss)/reduce_sum", FILE, 13)

ANSWERS: dict[str, list[Case]] = {
    "biggest_ops": [
        (
            {"graph": LOWERED, "top": 2},
            [
                (LOWERED, 10, "tuple", "(f32[4], f32[4,8])", None, 144, 0),
                (LOWERED, 3, "parameter", "f32[4,8]", "{1,0}", 128, 1),
            ],
        ),
    ],
    "calls": [
        (
            {"graph": LOWERED},
            [
                (7, "fusion", "f32[4,8]", 2, 1, "fused", "calls", 4, "multiply"),
                (9, "reduce", "f32[4]", 2, 0, "sum", "to_apply", 2, "add"),
            ],
        ),
        ({"graph": TWO}, [(6, "reduce", "f32[]", 1, 0, None, None, 2, "add")]),
    ],
    "computations": [
        (
            {"graph": LOWERED},
            [
                (2, "main", "entry", 6, 4, 0, 548, 10, "tuple", "(f32[4], f32[4,8])", 0, 2),
                (0, "sum", "reducer", 3, 1, 0, 12, 2, "add", "f32[]", 1, 0),
                (1, "fused", "fusion", 2, 1, 0, 256, 4, "multiply", "f32[4,8]", 1, 0),
            ],
        ),
    ],
    "ops_by_name": [
        (
            {"name": "erf.1"},
            [(LOWERED, 8, "erf", "f32[4,8]", "main", "entry", "jit(loss)/erf", FILE, 12)],
        ),
        (
            {"name": "square", "graph": LOWERED},
            [(LOWERED, 4, "multiply", "f32[4,8]", "fused", "fusion", None, None, None)],
        ),
        ({"name": "square", "graph": TWO}, []),
        ({"name": "erf"}, []),
    ],
    "ops_by_source": [
        ({}, [ERF, TOTAL]),
        ({"source_file": "model.py", "source_line": 12}, [ERF]),
        ({"source_file": "other.py"}, []),
        ({"op_name": "reduce"}, [TOTAL]),
        ({"graph": LOWERED, "top": 1}, [ERF]),
        ({"graph": TWO}, []),
    ],
    "source_lines": [
        ({"graph": LOWERED}, [(FILE, 12, 1, ["erf"], 128, 700), (FILE, 13, 1, ["reduce"], 16, None)]),
        ({"graph": LOWERED, "top": 1}, [(FILE, 12, 1, ["erf"], 128, 700)]),
        ({"graph": TWO}, []),
    ],
}
