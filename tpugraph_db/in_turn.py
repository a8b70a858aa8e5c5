"""Work on graphs that are marked meanwhile (:mod:`tpugraph_db.stores.change`), however many processes want the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from tpugraph_db.stores import Store
from tpugraph_db.stores.change import Change

WAIT_SECONDS = 0.2
"""Between two looks at a graph that another process is at."""


def in_turn(store: Store, files: Mapping[str, Sequence[str]], work: Callable[[Change, list[str]], None]) -> None:
    """Do some work on every graph while it is marked; what another process has waits until that one has done it.

    Files beside the store that the marks name, and nothing refers to at the end, are deleted.

    Args:
        files: By graph id, the files that its nodes will refer to.
        work: Is given some of the graphs at a time, each once.
    """
    waiting = dict(files)
    while waiting:
        with Change(store, waiting) as change:
            if mine := sorted(change.graphs):
                work(change, mine)
                change.discard()
        waiting = {graph: names for graph, names in waiting.items() if graph not in mine}
        if waiting and not mine:
            time.sleep(WAIT_SECONDS)
