"""HLO text: ``.hlo``, XLA's dumps, ``compile().as_text()``."""

from __future__ import annotations

import re
from typing import BinaryIO

from tpugraph_db.formats.identity import Identity
from tpugraph_db.formats.lowered import GROWTH, expect_room, lowered
from tpugraph_db.formats.reader import Reader
from tpugraph_db.hlo.collector import paused
from tpugraph_db.record import GraphRecord

# what may stand before it: blanks, comments, a mark of UTF-8
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|//[^\n]*+|/\*.*?\*/)*+HloModule\s", re.DOTALL)

_ASSIGNED = b" = "
"""Once an op in what XLA prints; text within strings that has it too is small beside the bound."""


def sniff(head: bytes) -> bool:
    """``HloModule``, perhaps after comments and blank lines."""
    return _HEADER.match(head) is not None


@paused()
def read(file: BinaryIO, where: str, identity: Identity, max_bytes: int) -> list[GraphRecord]:
    """Read the one module of a text.

    Raises:
        DataError: not HLO text (with line and column), or no program.
    """
    from tpugraph_db.hlo import text

    data = file.read()
    expect_room(data.count(_ASSIGNED), where, max_bytes)  # before the minute that millions of ops take
    program, unknown = text.read(text.decode(data, where), where, identity.stage)
    return [lowered(program, where, identity, max_bytes, unknown)]


READER = Reader("HLO text", (".hlo",), sniff, read, (".txt",), growth=GROWTH)
