from collections.abc import Sequence
from typing import Any


def same_rows(found: Sequence[Any], expected: Sequence[Any], *, ordered: bool = False) -> bool:
    """The same rows, in the same order or in any; rows hold lists and dicts, which no set or Counter takes."""
    if ordered:
        return list(found) == list(expected)
    left = list(found)
    for row in expected:
        if row not in left:
            return False
        left.remove(row)
    return not left
