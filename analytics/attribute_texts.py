"""What an op's attributes say, whatever the computations are called that it calls."""

from __future__ import annotations

import re
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.program import Program

_WORD = re.compile(r"[\w.\-]+")
_PARAMETER = re.compile(r"parameter\(\d+\)")


def attribute_texts(program: Program) -> list[str]:
    """(n,) attributes as HLO prints them; names of called computations are ``()``."""
    texts = program.attributes.tolist()
    names = program.computation_names.tolist()
    called: dict[int, set[str]] = {}
    for op, computation in program.calls.reshape(-1, 2).tolist():
        called.setdefault(op, set()).add(names[computation])
    for op, own in called.items():
        texts[op] = _without(texts[op], own)
    return texts


def _without(text: str, names: set[str]) -> str:
    return _WORD.sub(lambda word: "()" if word[0] in names else word[0], text)


def attribute_colours(texts: list[str]) -> NDArray[np.uint64]:
    """(n,) uint64: equal where attributes are, but for a parameter's number: one more moves all after it."""
    known = {text: _hash(_PARAMETER.sub("parameter", text)) for text in set(texts)}
    return np.array([known[text] for text in texts], np.uint64)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
