"""The window of a convolution or a reduction: ``{size=3x3 stride=2x2 pad=0_1x0_1 rhs_dilate=2x2}``."""

from __future__ import annotations

from typing import NamedTuple


class WindowDimension(NamedTuple):
    """One dimension of a window."""

    size: int
    stride: int = 1
    low: int = 0
    """Padding before the input; negative where it is cut."""
    high: int = 0
    window_dilation: int = 1
    base_dilation: int = 1


def window(text: str) -> list[WindowDimension]:
    """Read an attribute ``window``; no dimensions where nothing is said.

    >>> window("{size=3x1 pad=0_1x0_0 lhs_dilate=2x1}")[0]
    WindowDimension(size=3, stride=1, low=0, high=1, window_dilation=1, base_dilation=2)
    """
    fields = dict(part.split("=", 1) for part in text.strip("{}").split() if "=" in part)
    sizes = _integers(fields.get("size", ""))
    ones, nones = [1] * len(sizes), [(0, 0)] * len(sizes)
    pads = [_pair(pad) for pad in fields["pad"].split("x")] if "pad" in fields else nones
    strides, window_dilations, base_dilations = (
        _integers(fields[name]) if name in fields else ones for name in ("stride", "rhs_dilate", "lhs_dilate")
    )
    rows = zip(sizes, strides, pads, window_dilations, base_dilations, strict=True)
    return [WindowDimension(size, stride, *pad, outer, inner) for size, stride, pad, outer, inner in rows]


def _integers(text: str) -> list[int]:
    return [int(number) for number in text.split("x")] if text else []


def _pair(text: str) -> tuple[int, int]:
    low, high = text.split("_")
    return int(low), int(high)
