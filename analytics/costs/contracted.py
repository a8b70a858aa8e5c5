"""Which dimensions a dot may contract, where only the sizes are known."""

from __future__ import annotations

from collections import Counter

Dims = tuple[int, ...]


def dots(left: Dims, right: Dims, output: Dims) -> list[list[int]]:
    """Every choice of the left operand's contracted dimensions that gives this output.

    The output's dimensions are those of the batch, then what is left of the left, then of the right operand. With
    ranks ``l``, ``r``, ``o``, ``b`` dimensions of the batch and ``c`` contracted ones, ``l + r - o = b + 2 c``; and
    what is contracted must have the same sizes in both.

    >>> dots((8, 3), (3, 5), (8, 5))
    [[1]]
    """
    spare = len(left) + len(right) - len(output)
    found = []
    for contracted in range(spare // 2 + 1 if spare >= 0 else 0):
        batch = spare - 2 * contracted
        kept = len(left) - batch - contracted
        if kept < 0 or len(right) - batch - contracted < 0:
            continue
        mine, theirs = (*output[: batch + kept],), (*output[:batch], *output[batch + kept :])
        over, other = Counter(left), Counter(right)
        over.subtract(mine)
        other.subtract(theirs)
        if over == other and min(over.values(), default=0) >= 0:
            found.append(_places(left, over))
    return found


def _places(dims: Dims, sizes: Counter[int]) -> list[int]:
    """Dimensions that have these sizes; among equal ones the last."""
    missing, places = Counter(sizes), []
    for place in reversed(range(len(dims))):
        if missing[dims[place]] > 0:
            missing[dims[place]] -= 1
            places.append(place)
    return sorted(places)
