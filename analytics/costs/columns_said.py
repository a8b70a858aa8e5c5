"""An op's attributes as HLO text writes them, from its 140 columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.columns import OP_COLUMNS
from tpugraph_db.hlo.shape import Shape

_AT = {name: place for place, name in enumerate(OP_COLUMNS)}
_FIELDS = ("stride", "padding_low", "padding_high", "window_dilation", "base_dilation")


def said(row: NDArray[np.float32], output: Shape) -> dict[str, str]:
    """What the formulas ask for: ``dimensions``, ``window``, ``dim_labels`` and groups.

    ``dimensions`` has six entries, of which an op's reading knows how many are meant.
    """
    sizes = [size for size in _six(row, "window_size") if size]
    found = {"dimensions": _braces(_six(row, "dimensions"))}
    if sizes:
        found["window"] = _window(row, sizes)
    if len(output.dims) == len(sizes) + 2:
        found["dim_labels"] = _labels(row, len(sizes))
    for name in ("feature_group_count", "batch_group_count"):
        found[name] = str(max(1, int(row[_AT[name]])))
    return found


def _window(row: NDArray[np.float32], sizes: list[int]) -> str:
    rank = len(sizes)
    strides, low, high, outer, inner = (_six(row, f"window_{field}")[:rank] for field in _FIELDS)
    pads = "x".join(f"{before}_{after}" for before, after in zip(low, high, strict=True))
    by = {"size": sizes, "stride": strides, "rhs_dilate": outer, "lhs_dilate": inner}
    fields = [f"{name}={'x'.join(map(str, numbers))}" for name, numbers in by.items()]
    return f"{{{' '.join([*fields, f'pad={pads}'])}}}"


def _labels(row: NDArray[np.float32], rank: int) -> str:
    """``b01f_01io->b01f``; four spatial dimensions at most."""
    parts = []
    for side, letters in (
        ("input", {"b": "batch_dim", "f": "feature_dim"}),
        ("kernel", {"i": "input_feature_dim", "o": "output_feature_dim"}),
        ("output", {"b": "batch_dim", "f": "feature_dim"}),
    ):
        prefix = f"convolution_dim_numbers_{side}_"
        places = {int(row[_AT[prefix + name]]): letter for letter, name in letters.items()}
        for at in range(min(rank, 4)):
            # columns give where the spatial dimensions of the output stand only by what is left
            places.setdefault(_spatial(row, prefix, at, places), str(at))
        parts.append("".join(places.get(place, "?") for place in range(rank + 2)))
    return f"{parts[0]}_{parts[1]}->{parts[2]}"


def _spatial(row: NDArray[np.float32], prefix: str, at: int, taken: dict[int, str]) -> int:
    column = _AT.get(f"{prefix}spatial_dims_{at}")
    if column is not None:
        return int(row[column])
    return next(place for place in range(6) if place not in taken)


def _six(row: NDArray[np.float32], name: str) -> list[int]:
    return [int(number) for number in row[_AT[f"{name}_0"] : _AT[f"{name}_0"] + 6].tolist()]


def _braces(numbers: list[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
