"""Reading without looking for garbage: what a reader makes is kept, so there is none, and looking costs a fifth."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Python's collector of cycles rests; it goes on afterwards, if it was going."""
    going = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if going:
            gc.enable()
