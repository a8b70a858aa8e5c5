"""A listing of what the 140 columns say.

An npz keeps of each op its opcode, its output's shape, its window and convolution dimensions, and which ops it reads,
but neither their order nor how often it reads each, nor which dimensions a dot contracts. Everything that it may be is
tried; what all readings agree on is known. :data:`ABSENT` says of which opcodes the columns say too little.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product

import numpy as np

from tpugraph_db import columns, shapes
from tpugraph_db.analytics.costs.elementwise import ARITHMETIC, TRANSCENDENTAL
from tpugraph_db.analytics.costs.listing import Call, Listing, role
from tpugraph_db.analytics.costs.op import NO_SHAPE, Op
from tpugraph_db.hlo.shape import Shape
from tpugraph_db.record import GraphRecord

ABSENT = {"x": "y"}


def listing(record: GraphRecord) -> Listing:
    raise NotImplementedError
