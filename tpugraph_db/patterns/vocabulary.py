"""Which opcodes a word of a pattern stands for, and which properties may be compared."""

from __future__ import annotations

import re
from functools import cache

from tpugraph_db import schema
from tpugraph_db.errors import did_you_mean
from tpugraph_db.hlo.vocabulary import OPCODES

_MODELS = re.compile(r"[a-z]\w*_(?:share|rank|score)")
"""What checkpoints write (see the schema's Prediction)."""

_NUMBERS = ("int", "float")


def opcodes_of(word: str) -> frozenset[str]:
    """The opcodes that an opcode or a glob names; empty where there are none.

    A glob is compared with the opcodes that there are, here and once: nothing is left of it for the store.

    >>> sorted(opcodes_of("*-start"))
    ['all-gather-start', 'all-reduce-start', 'async-start', 'collective-permute-start', 'copy-start']
    """
    if "*" not in word:
        return frozenset([word]) & OPCODES
    return frozenset(opcode for opcode in OPCODES if _fits(word.split("*"), opcode))


def _fits(parts: list[str], opcode: str) -> bool:
    """Whether the parts stand one after the other, the first at the start and the last at the end: linear time."""
    first, *middle, last = parts
    if not opcode.startswith(first):
        return False
    at = len(first)
    for part in middle:
        at = opcode.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(opcode) - at >= len(last) and opcode.endswith(last)


def near_opcodes(word: str, more: tuple[str, ...] = ()) -> str:
    """``; did you mean ...?`` or nothing."""
    return did_you_mean(word, [*sorted(OPCODES), *more])


@cache
def properties() -> dict[str, schema.Property]:
    """Properties of an op that can be compared: no lists."""
    return {p.name: p for p in schema.OP.properties if not p.type.startswith("list")}


def find_property(name: str) -> schema.Property | None:
    """The property of a name; what a checkpoint may have written is a number. None: there is none."""
    found = properties().get(name)
    if found is None and _MODELS.fullmatch(name):
        return schema.Property(name, "float", "of a model")
    return found


def is_number(of: schema.Property) -> bool:
    """Whether it is compared by size."""
    return of.type in _NUMBERS
