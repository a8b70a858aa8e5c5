"""Changes that ask nothing of what the bytes mean."""

from __future__ import annotations

from random import Random as Chance


def flip(chance: Chance, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 16))):
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
    return bytes(changed)


def cut(chance: Chance, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def splice(chance: Chance, content: bytes, other: bytes) -> bytes:
    """A piece of another file in the place of one, or between two."""
    start, end = sorted(chance.randrange(len(content)) for _ in range(2))
    first, last = sorted(chance.randrange(len(other)) for _ in range(2))
    return content[:start] + other[first:last] + content[end if chance.random() < 0.7 else start :]
