"""npz files broken by chance. A seed names a file, so that whatever one of them shows can be shown again."""

from __future__ import annotations

import io
from random import Random as Chance

import numpy as np

from tests import graphs
from tests.formats.edits import NUMBERS, bomb, npy_header, semantic, values
from tests.formats.files import arrays_of, written
from tests.fuzz.of_bytes import cut, flip, splice


def _wide() -> bytes:
    """30 ops of which six are configurable, 40 configurations."""
    chance = Chance(0)
    ops = [("add", f"f32[{chance.randrange(1, 99)},128]{{1,0}}") for _ in range(30)]
    edges = [(op, chance.randrange(op)) for op in range(1, 30) for _ in range(2)]
    rows = [[[chance.randrange(-1, 3)] for _ in range(6)] for _ in range(40)]
    configurations = graphs.layouts([1, 2, 3, 5, 8, 13], rows, [chance.randrange(10**9) for _ in rows])
    return written(graphs.make_record("wide", ops, edges, configurations=configurations))


def _stored(content: bytes) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays_of(content))
    return buffer.getvalue()


_DEFLATED = [written(graphs.chain()), written(graphs.diamond()), written(graphs.two_computations()), _wide()]
BASES = [*_DEFLATED, *map(_stored, _DEFLATED)]


def mutated(seed: int) -> tuple[str, bytes]:
    """How a file was broken, and its bytes."""
    chance = Chance(seed)
    kind = chance.choice(list(KINDS))
    return kind, KINDS[kind](chance, chance.choice(BASES))


def _splice(chance: Chance, content: bytes) -> bytes:
    return splice(chance, content, chance.choice(BASES))


def _zip_field(chance: Chance, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2))):
        signature = chance.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
        places = [at for at in range(len(content)) if content.startswith(signature, at)]
        at = chance.choice(places) + chance.randrange(4, 46, 2)
        width = chance.choice((2, 4))
        number = chance.choice((*NUMBERS, chance.randrange(2**32)))
        changed[at : at + width] = (number % 2 ** (8 * width)).to_bytes(width, "little")
    return bytes(changed)


KINDS = {
    "flip": flip,
    "cut": cut,
    "splice": _splice,
    "zip field": _zip_field,
    "npy header": npy_header,
    "values": values,
    "semantic": semantic,
    "bomb": bomb,
}
