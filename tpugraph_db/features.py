"""A program's arrays as TpuGraphs' own tools make them, bit for bit: 140 columns an op, opcodes, edges, splits.

Source: google-research-datasets/tpu_graphs, ``process_data/xla/featurizers.h`` and ``hlo_encoder.cc``. Their numbers
are int64 that wrap around, and become float32 last. Everything is made once for each distinct shape and text of
attributes, of which a program has few, and then spread over the ops.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns
from tpugraph_db.feature_rows import (
    ATTRIBUTE_COLUMNS,
    LAYOUT_COLUMNS,
    PARAMETER,
    SHAPE_COLUMNS,
    attributes_said,
    layout_row,
    said_row,
    shape_row,
)
from tpugraph_db.opcodes import NUMBERS
from tpugraph_db.program import Program

_CUT = ("cluster", "while", "cond")
"""A computation whose name holds one of these ends a segment."""


def node_features(program: Program) -> NDArray[np.float32]:
    """(n, 140) float32: columns ``columns.OP_COLUMNS``.

    Raises:
        ValueError: an attribute or shape that is written in a way that HLO does not have.
    """
    features = np.zeros((len(program), len(columns.OP_COLUMNS)), np.float32)
    features[program.computation_roots, columns.IS_ROOT] = 1
    for place, row in ((SHAPE_COLUMNS, shape_row), (LAYOUT_COLUMNS, layout_row)):
        features[:, place] = _float32([row(text) for text in program.shapes.table])[program.shapes.codes]
    features[:, ATTRIBUTE_COLUMNS], parameters = _attribute_rows(program)
    features[:, PARAMETER] = parameters
    return features


def opcode_numbers(program: Program) -> NDArray[np.uint8]:
    """(n,) uint8: the dataset's number of each opcode; 0 for one that is newer than its table."""
    numbers = np.array([NUMBERS.get(opcode, 0) for opcode in program.opcodes.table], np.uint8)
    return numbers[program.opcodes.codes]


def edge_index(program: Program) -> NDArray[np.int64]:
    """(m, 2) int64: (consumer, producer), sorted, each pair once.

    A producer is an operand, or the root of a computation that the consumer calls.
    """
    callers, called = program.calls.T
    consumers = np.concatenate([program.operands.rows(), callers])
    producers = np.concatenate([program.operands.values, program.computation_roots[called]])
    pairs = np.unique(consumers * len(program) + producers)
    return np.stack(np.divmod(pairs, len(program)), axis=1)


def node_splits(program: Program) -> NDArray[np.int64]:
    """(k,) int64: 0, then how many ops stand before the end of each segment; the last is n."""
    ends = program.computation_starts[1:].tolist()
    names = program.computation_names.tolist()
    cuts = [end for end, name in zip(ends, names, strict=True) if any(word in name for word in _CUT)]
    return np.array([0, *cuts, *[len(program)] * (cuts[-1:] != [len(program)])], np.int64)


def _attribute_rows(program: Program) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A row for each op, and the number of each parameter, 0 for other ops."""
    opcodes, texts = program.opcodes.table.tolist(), program.attributes.table.tolist()
    pairs = program.attributes.codes.astype(np.int64) * len(opcodes) + program.opcodes.codes
    distinct, codes = np.unique(pairs, return_inverse=True)
    found = [attributes_said(opcodes[pair % len(opcodes)], texts[pair // len(opcodes)]) for pair in distinct.tolist()]
    numbers = {said: number for number, said in enumerate(dict.fromkeys(said for _, said in found))}
    rows = np.array([numbers[said] for _, said in found], np.int64)[codes]
    parameters = np.array([parameter for parameter, _ in found], np.int64)[codes]
    return _float32([said_row(said) for said in numbers])[rows], parameters.astype(np.float32)


def _float32(rows: list[list[int]]) -> NDArray[np.float32]:
    return np.array(rows, np.int64).astype(np.float32)
