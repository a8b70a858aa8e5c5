"""What a reduction takes and leaves, where columns do not say it outright."""

from __future__ import annotations

from collections.abc import Sequence

from tpugraph_db.analytics.costs.op import NO_SHAPE
from tpugraph_db.hlo.shape import Shape


def filled(shapes: Sequence[Shape], count: int) -> Sequence[Shape]:
    """So many of them where there is no choice: one repeats, or none does. Which of several does is not known."""
    if len(shapes) == 1:
        return [*shapes] * count
    return [*shapes, *[NO_SHAPE] * (count - len(shapes))]


def left(dims: tuple[int, ...], dimensions: str, kept: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Dimensions that a reduction leaves; None where columns do not say which they are.

    Columns pad with 0, which is also dimension 0: how many are reduced, the output's rank says. Where that is not known
    either, it can be told only if the padding cannot be meant.
    """
    numbers = [int(number) for number in dimensions.strip("{}").split(",")]
    counts = range(1, len(dims) + 1) if kept is None else [len(dims) - len(kept)]
    found = set()
    for count in counts:
        gone = numbers[:count]
        if len(set(gone)) == count and all(number < len(dims) for number in gone) and not any(numbers[count:]):
            found.add(tuple(size for at, size in enumerate(dims) if at not in gone))
    left = [one for one in found if kept is None or one == kept]
    return left[0] if len(left) == 1 else None
