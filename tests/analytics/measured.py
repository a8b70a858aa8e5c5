"""Graphs whose runtimes are made: what each op's layout does to them is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests import graphs
from tpugraph_db.record import GraphRecord

ROWS = ([], [1, 0], [0, 1], [-1] * 6 + [1, 0], [-1] * 6 + [0, 1])
"""Choices by number: free, {1,0}, {0,1}, and the input's."""
SLOWER = np.log(1.2)


def measured(codes: np.ndarray, log_runtime: np.ndarray, **said: object) -> GraphRecord:
    """Op 0 feeds a chain of dots, each configurable; ``codes`` (c, s) choose among :data:`ROWS`, ns come rounded."""
    slots = codes.shape[1]
    ops = [("parameter", "f32[8,8]{1,0}"), *[("dot", "f32[8,8]{1,0}")] * slots]
    rows = [[ROWS[code] for code in row] for row in codes.tolist()]
    runtimes = np.rint(np.exp(log_runtime)).astype(np.int64)
    configurations = graphs.layouts(list(range(1, slots + 1)), rows, runtimes.tolist())
    edges = [(op, op - 1) for op in range(1, slots + 1)]
    return graphs.make_record("made", ops, edges, configurations=replace(configurations, **said))


def known_effects(count: int = 120, noise: float = 0.01) -> GraphRecord:
    """Op 1 is 20 % slower with {1,0}; op 2 does nothing; 3 and 4 are chosen together, 10 % faster with {0,1}.

    Op 5 has one layout, 6 to 9 do nothing either. Configuration 0 is the compiler's own, everything but 5 free. All
    were measured twice.
    """
    random = np.random.default_rng(0)
    codes = random.integers(0, 3, (count, 9))
    codes[:, 3], codes[:, 4] = codes[:, 2], 1
    codes[0, :4] = codes[0, 5:] = 0
    log_runtime = 14 + SLOWER * (codes[:, 0] == 1) + np.log(0.9) * (codes[:, 2] == 2)
    first, again = log_runtime + noise * random.normal(size=(2, count))
    is_default = np.arange(count) == 0
    return measured(codes, first, is_default=is_default, repeat_runtime_ns=np.rint(np.exp(again)).astype(np.int64))
