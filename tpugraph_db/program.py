"""What HLO says of a graph beyond the arrays of TpuGraphs, in plain read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.frozen import Arrays
from tpugraph_db.packed import Coded, Lists, Strings


@dataclass(frozen=True, eq=False)
class Program(Arrays):
    """An HLO module. ``n`` ops, ``c`` computations; an op's index is its row, as in the record.

    Computations stand one after the other in the order of the file (HLO defines what it calls before it calls it), and
    the ops of each in its own order, so that producers come before consumers.
    """

    module: str
    """The module's name."""
    module_attributes: str
    """The module's other attributes, as HLO text prints them after its name; empty where there are none."""
    stage: str
    """``before_optimizations``, ``after_optimizations``, ... where the source says so, else empty."""
    names: Strings
    """(n,) names of the ops, unique in the module, without ``%``."""
    opcodes: Coded
    """(n,) HLO opcodes, those newer than the dataset's table too."""
    shapes: Coded
    """(n,) whole output shapes as HLO prints them, tuples and layouts too: ``(f32[8]{0}, s32[])``."""
    operands: Lists
    """(n,) op index of each operand, in order; repeated where an op is an operand twice."""
    control_predecessors: Lists
    """(n,) indices of the ops that must run before, without giving a value."""
    attributes: Coded
    """(n,) what follows the operands, as HLO text prints it, less control predecessors and metadata:
    ``dimensions={0}, to_apply=add.3``, names without ``%``. What stands between the parentheses of a parameter or
    constant comes first: ``parameter(0)``, ``constant(1.5)``, ``constant({...})``."""
    op_name: Coded
    """(n,) metadata: the framework's name of the op (``jit(f)/dot_general``); empty where not said."""
    source_file: Coded
    """(n,) metadata; empty where not said."""
    source_line: NDArray[np.int64]
    """(n,) int64, metadata, from 1; 0 where not said."""
    computation_names: Strings
    """(c,) names of the computations, without ``%``."""
    computation_starts: NDArray[np.int64]
    """(c + 1,) int64: the ops of computation ``k`` are rows ``starts[k]`` to ``starts[k + 1] - 1``."""
    computation_roots: NDArray[np.int64]
    """(c,) int64: op index of each computation's result."""
    entry: int
    """Number of the entry computation."""
    calls: NDArray[np.int64]
    """(k, 2) int64: (op that calls, number of the computation that it calls), in the order of the op's attributes."""
    call_kinds: Coded
    """(k,) under which attribute: ``calls``, ``to_apply``, ``body``, ``condition``, ``branch_computations``,
    ``true_computation``, ``called_computations``, ..."""

    def __len__(self) -> int:
        return len(self.names)
