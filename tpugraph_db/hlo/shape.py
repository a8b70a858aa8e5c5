"""Shapes as HLO prints them: ``f32[8,128]{1,0:T(8,128)S(1)}``, ``(f32[], (s32[<=8]{0}, token[]))``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

DEEPEST = 100
"""How many tuples may stand inside each other."""
MOST_DIMENSIONS = 256

_LEAF = re.compile(
    r"(pred|token|opaque|(?:bf|[sufc])\d\w{0,30})\s*\[([^\[\]]*)\]"
    # what begins otherwise is the body of a computation; a layout may hold a shape of its own: P(s32[8]{0})
    r"(?:\{(?=\s*[\d:}])([^{}]*(?:\{[^{}]*\}[^{}]*)*)\})?",
    re.ASCII,
)
_OPEN = re.compile(r"(b?)\(")
_GAP = re.compile(r"(?:\s+|/\*.*?\*/)*", re.DOTALL)
_DIM = re.compile(r"\s*(?:(<=)?(\d{1,18})|\?)\s*", re.ASCII)
_NUMBERS = re.compile(r"\s*(?:\d{1,4}\s*(?:,\s*\d{1,4}\s*)*)?", re.ASCII)
_WIDTH = re.compile(r"[a-z]+(\d+)")
_ELEMENT_BITS = re.compile(r"E\((\d{1,18})\)")


class ShapeError(ValueError):
    """A text that is no shape; ``offset`` is where, from 0."""

    def __init__(self, offset: int, expected: str, found: str) -> None:
        self.offset, self.expected, self.found = offset, expected, found
        super().__init__(f"offset {offset}: expected {expected}, found {found}")


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of an op's output: an array, or a tuple of shapes."""

    dtype: str
    """HLO element type (``f32``, ``token``, ...), ``tuple``, or ``buffer`` (``b(f32[8])``: one part)."""
    dims: tuple[int, ...] = ()
    """Sizes of the dimensions, dimension 0 first; the bound where a size is dynamic, -1 where it has none (``?``)."""
    dynamic: tuple[bool, ...] = ()
    """Which sizes are known at run time only; as many as ``dims``."""
    minor_to_major: tuple[int, ...] | None = None
    """Dimensions from the most minor (contiguous) to the most major; None where no layout is said."""
    layout_rest: str = ""
    """What follows in the layout, as written: ``:T(8,128)S(1)``."""
    parts: tuple[Shape, ...] = ()

    @property
    def text(self) -> str:
        """As XLA prints it, less the ``/*index=5*/`` of long tuples."""
        return self._parts_text(part.text for part in self.parts) or self._array + self.layout_text

    @property
    def plain(self) -> str:
        """As XLA prints it without layouts."""
        return self._parts_text(part.plain for part in self.parts) or self._array

    @property
    def layout_text(self) -> str:
        """The layout in its braces; empty where there is none or nothing in it."""
        inner = ",".join(map(str, self.minor_to_major or ())) + self.layout_rest
        return f"{{{inner}}}" if inner else ""

    @property
    def elements(self) -> int | None:
        """Product of the dimensions, over a tuple the sum; None where a size has no bound."""
        if self.dtype in ("tuple", "buffer"):
            return _total(part.elements for part in self.parts)
        return None if -1 in self.dims else math.prod(self.dims)

    @property
    def bytes(self) -> int | None:
        """Bytes of the elements, unpadded; None where a size has no bound or a type no width (token, opaque)."""
        if self.dtype in ("tuple", "buffer"):
            return _total(part.bytes for part in self.parts)
        bits, elements = self._element_bits, self.elements
        return None if bits is None or elements is None else -(-elements * bits // 8)

    @property
    def _element_bits(self) -> int | None:
        """In memory: whole bytes unless the layout says otherwise (``E(4)``)."""
        packed = _ELEMENT_BITS.search(self.layout_rest)
        if packed:
            return int(packed[1])
        width = _WIDTH.match(self.dtype)
        return -(-int(width[1]) // 8) * 8 if width else {"pred": 8}.get(self.dtype)

    @property
    def _array(self) -> str:
        pairs = zip(self.dims, self.dynamic, strict=True)
        return f"{self.dtype}[{','.join('?' if dim < 0 else '<=' * free + str(dim) for dim, free in pairs)}]"

    def _parts_text(self, parts: Iterable[str]) -> str:
        ends = {"tuple": ("(", ")"), "buffer": ("b(", ")")}.get(self.dtype)
        return f"{ends[0]}{', '.join(parts)}{ends[1]}" if ends else ""


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Shape:
    """Read a shape; the same text gives the same object.

    Raises :class:`ShapeError`, a ValueError that says where.

    >>> parse("f32[8,<=128]{1,0:T(8,128)}").bytes
    4096
    """
    shape, at = read(text, _skip(text, 0))
    at = _skip(text, at)
    if at < len(text):
        raise ShapeError(at, "the end of the shape", _found(text, at))
    return shape


def read(text: str, at: int, depth: int = 0) -> tuple[Shape, int]:
    """The shape that begins at an offset of a longer text, and where it ends; ``depth`` tuples are open around it."""
    opened = _OPEN.match(text, at)
    if opened:
        return _parts(text, opened, depth + 1)
    leaf = _LEAF.match(text, at)
    if not leaf:
        raise ShapeError(at, "a shape", _found(text, at))
    try:
        return _array(leaf[0]), leaf.end()
    except ShapeError as error:
        raise ShapeError(at + error.offset, error.expected, error.found) from None


@lru_cache(maxsize=1 << 14)
def _array(text: str) -> Shape:
    leaf = _LEAF.fullmatch(text)
    assert leaf
    dims, dynamic = _dims(leaf)
    minor_to_major, rest = (None, "") if leaf[3] is None else _layout(leaf, len(dims))
    return Shape(leaf[1], dims, dynamic, minor_to_major, rest)


def _parts(text: str, opened: re.Match[str], depth: int) -> tuple[Shape, int]:
    if depth > DEEPEST:
        raise ShapeError(opened.start(), f"at most {DEEPEST} tuples inside each other", "one more")
    parts: list[Shape] = []
    at = _skip(text, opened.end())
    while not text.startswith(")", at):
        if parts:
            at = _skip(text, _comma(text, at))
        part, at = read(text, at, depth)
        parts.append(part)
        at = _skip(text, at)
    if opened[1] and len(parts) != 1:
        raise ShapeError(opened.start(), "a buffer of one shape", f"{len(parts)} of them")
    return Shape("buffer" if opened[1] else "tuple", parts=tuple(parts)), at + 1


def _dims(leaf: re.Match[str]) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    if leaf[2].count(",") >= MOST_DIMENSIONS:
        raise ShapeError(leaf.start(2), f"at most {MOST_DIMENSIONS} dimensions", "more")
    texts = leaf[2].split(",") if leaf[2].strip() else []
    dims = [_DIM.fullmatch(text) for text in texts]
    if None in dims or (texts and leaf[1] in ("token", "opaque")):
        raise ShapeError(leaf.start(2), "sizes of dimensions", _found(leaf.string, leaf.start(2)))
    sizes = tuple(int(dim[2] or -1) for dim in dims if dim)
    return sizes, tuple(bool(dim[1]) or not dim[2] for dim in dims if dim)


def _layout(leaf: re.Match[str], rank: int) -> tuple[tuple[int, ...], str]:
    order, colon, rest = leaf[3].partition(":")
    if _NUMBERS.fullmatch(order):
        minor_to_major = tuple(map(int, order.split(","))) if order.strip() else ()
        if sorted(minor_to_major) == list(range(rank)):
            return minor_to_major, colon + rest
    raise ShapeError(leaf.start(3), f"a layout of {rank} dimensions", _found(leaf.string, leaf.start(3)))


def _comma(text: str, at: int) -> int:
    if not text.startswith(",", at):
        raise ShapeError(at, "a comma or the end of the tuple", _found(text, at))
    return at + 1


def _skip(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _found(text: str, at: int) -> str:
    return repr(text[at : at + 20]) if at < len(text) else "the end"


def _total(sizes: Iterable[int | None]) -> int | None:
    known = list(sizes)
    return None if None in known else sum(size for size in known if size is not None)
