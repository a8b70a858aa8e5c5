"""The paper's protocol: the 1,000 configurations of each validation graph that it judges.

The lists are four files of tpu_graphs (Phothilimthana et al. 2023), ``xla_default.json`` and so on: an object of graph
name -> configuration numbers. A list may hold a number several times: unet_3d of ``xla_random`` has 481 in 1,000.
Tile kernels have no lists: the paper judges them on all configurations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.errors import DataError, NotFoundError, did_you_mean
from tpugraph_db.record import GraphRecord

FILES = {
    f"layout:{source}:{search}": f"{source}_{search}.json"
    for source in ("xla", "nlp")
    for search in ("default", "random")
}
"""By collection."""


@dataclass(frozen=True)
class PaperLists:
    """The lists of a folder."""

    folder: Path
    lists: Mapping[str, Mapping[str, NDArray[np.int64]]]
    """By collection and graph name: (k,) int64 configuration numbers, as listed."""

    @classmethod
    def read(cls, folder: Path) -> PaperLists:
        """The lists of those of the four files that are there.

        Raises:
            DataError: none is, or one is not what it should be.
        """
        there = {collection: folder / file for collection, file in FILES.items() if (folder / file).is_file()}
        if not there:
            raise DataError(str(folder), "the paper's lists", expected=", ".join(FILES.values()), found="none of them")
        return cls(folder, {collection: _read(path) for collection, path in there.items()})

    def indices(self, record: GraphRecord) -> NDArray[np.int64]:
        """(k,) int64: the configurations of a graph to judge, repeats and all; every one of a tile kernel.

        Raises:
            NotFoundError: the paper lists no such graph.
            DataError: a number is not one of the graph's configurations.
        """
        if isinstance(record.configurations, TileConfigurations):
            return np.arange(len(record.configurations))
        names = self.lists.get(record.collection, {})
        if record.name not in names:
            near = did_you_mean(record.name, list(names))
            raise NotFoundError(f"{self.folder}: no list for {record.name!r} of {record.collection}{near}")
        listed, count = names[record.name], len(record.configurations)
        if int(listed.max(initial=0)) >= count:
            where = str(self.folder / FILES[record.collection])
            found = f"{int(listed.max()):,}"
            raise DataError(where, record.name, expected=f"configuration numbers below {count:,}", found=found)
        return listed


def _read(path: Path) -> dict[str, NDArray[np.int64]]:
    try:
        content: Any = json.loads(path.read_bytes())
    except ValueError as error:  # not UTF-8, or not JSON
        raise DataError(str(path), "content", expected="JSON", found=str(error)) from error
    if not isinstance(content, dict):
        raise DataError(str(path), "content", expected="an object of lists", found=type(content).__name__)
    return {name: _numbers(path, name, listed) for name, listed in content.items()}


def _numbers(path: Path, name: str, listed: Any) -> NDArray[np.int64]:
    expected = "a list of configuration numbers, 0 or more"
    if not isinstance(listed, list) or not listed:
        raise DataError(str(path), name, expected=expected, found=repr(listed)[:40])
    for number in listed:
        if type(number) is not int or not 0 <= number < 2**63:  # True is an int
            raise DataError(str(path), name, expected=expected, found=repr(number)[:40])
    return np.array(listed, np.int64)
