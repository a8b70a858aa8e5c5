"""Indexes after a crash: ArcadeDB rewrites one into new files now and then, and kill -9 in the middle leaves a mess.

Either an old file stays behind that belongs to no index any more, or an index lacks the larger part of its entries. The
engine goes on in both cases, and only says so in its log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tpugraph_db.stores.jvm import java

_LOST = re.compile(r"Invalid sub-index for index '([^']+)'")
_LOGGER = "com.arcadedb.index.lsm.LSMTreeIndexMutable"


@contextmanager
def lost_parts() -> Iterator[set[str]]:
    """Names of index files whose other part is missing, as the engine finds them in the block."""
    import jpype

    names: set[str] = set()

    def is_loggable(record: Any) -> bool:
        found = _LOST.search(str(record.getMessage()))
        names.update(found.groups() if found else ())
        return not found

    logger = java("java.util.logging.Logger").getLogger(_LOGGER)
    logger.setFilter(jpype.JProxy("java.util.logging.Filter", dict={"isLoggable": is_loggable}))
    try:
        yield names
    finally:
        logger.setFilter(None)


def mend(database: Any, names: set[str]) -> None:
    """Drop the files among ``names`` that belong to no index; make the indexes of the others again, from the nodes."""
    index_class = java("com.arcadedb.index.lsm.LSMTreeIndex")
    for index in [*database.getSchema().getIndexes()]:
        if not isinstance(index, index_class) or str(index.getMutableIndex().getName()) not in names:
            continue
        if index.getTypeIndex() is None:  # a file whose other part is there would take that along
            database.getSchema().dropIndex(index.getName())
        else:
            database.command("sql", f"REBUILD INDEX `{index.getTypeIndex().getName()}`").close()
