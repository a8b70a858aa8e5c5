"""Ask questions of XLA computational graphs: a graph database and analytics for TpuGraphs.

The verbs are the command line's: :func:`read` a file, :func:`open` a store, then ``db.load``, ``db.query``, ``db.run``,
``db.predict``. Everything is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from os import path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
    from tpugraph_db.database import Database, open
    from tpugraph_db.dgl import from_dgl
    from tpugraph_db.errors import TpuGraphError
    from tpugraph_db.formats import read, read_all
    from tpugraph_db.networkx import from_networkx
    from tpugraph_db.record import GraphRecord
    from tpugraph_db.stores import Node, Relationship, Result, Walk

__version__ = "0.1.0"

_HERE = path.dirname(__file__)
if not path.isdir(path.join(_HERE, "analytics")):
    # In a checkout analytics/, models/ and cypher/ stand beside this folder; an installed package holds them.
    __path__.append(path.dirname(_HERE))

_HOMES = {
    "Configurations": "configurations",
    "Database": "database",
    "GraphRecord": "record",
    "LayoutConfigurations": "configurations",
    "Node": "stores",
    "Relationship": "stores",
    "Result": "stores",
    "TileConfigurations": "configurations",
    "TpuGraphError": "errors",
    "Walk": "stores",
    "from_dgl": "dgl",
    "from_networkx": "networkx",
    "open": "database",
    "read": "formats",
    "read_all": "formats",
}

__all__ = [
    "Configurations",
    "Database",
    "GraphRecord",
    "LayoutConfigurations",
    "Node",
    "Relationship",
    "Result",
    "TileConfigurations",
    "TpuGraphError",
    "Walk",
    "__version__",
    "from_dgl",
    "from_networkx",
    "open",
    "read",
    "read_all",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tpugraph_db' has no attribute {name!r}")
    return getattr(import_module(f"tpugraph_db.{_HOMES[name]}"), name)
