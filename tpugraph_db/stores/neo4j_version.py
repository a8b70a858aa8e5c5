"""Which servers can be worked with, from what they say of themselves."""

from __future__ import annotations

import re

from tpugraph_db.errors import StoreError

OLDEST = (5, 23)
"""The first with scope clauses, ``CALL (x) { ... }``."""

_AGENT = re.compile(r"Neo4j/(\d+)\.(\d+)")


def check_agent(agent: str, location: str) -> None:
    """Refuse a server by its agent string, such as ``Neo4j/5.26.30``.

    Raises:
        StoreError: it is older than :data:`OLDEST`, or another product.
    """
    said = _AGENT.match(agent)
    if said and (int(said[1]), int(said[2])) >= OLDEST:
        return
    expected = f"Neo4j {OLDEST[0]}.{OLDEST[1]} or newer"
    cure = "upgrade it" if said else "choose another server, or an embedded store"
    raise StoreError(f"{location}: server: expected {expected}, found {agent or 'none that says its name'}; {cure}")
