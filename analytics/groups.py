"""What ops can be put together by."""

from __future__ import annotations

from typing import Any

from tpugraph_db.analytics.blocks import block_of, blocks
from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.errors import NotFoundError, did_you_mean
from tpugraph_db.record import GraphRecord

GROUPS = ("opcode", "block", "computation", "source")


def group_keys(record: GraphRecord, group: str) -> list[Any]:
    """(n,) what each op is grouped by: opcode, number of its repeated block or None, computation, line of source.

    A computation is its name, or its number where the source has no names.

    Raises:
        NotFoundError: no such grouping.
    """
    texts = OpTexts(record)
    ops = range(len(record))
    if group == "opcode":
        return [texts.opcode(op) for op in ops]
    if group == "source":
        return [texts.source(op) for op in ops]
    if group == "computation":
        names = None if record.program is None else record.program.computation_names
        return [number if names is None else names[number] for number in record.computation.tolist()]
    if group == "block":
        return [number if number >= 0 else None for number in block_of(record, blocks(record)).tolist()]
    raise NotFoundError(f"no group {group!r}; there is {', '.join(GROUPS)}{did_you_mean(group, list(GROUPS))}")
