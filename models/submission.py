"""The file of the competition "Google - Fast or Slow? Predict AI Model Runtime" (Kaggle, 2023).

CSV with the header ``ID,TopConfigs`` and a row for each test graph: its id ``<collection>:<name>``, and configuration
numbers joined by ``;``, fastest first. A tile row names five of the kernel's configurations; a layout row is a
permutation of ``0 .. len - 1``, where ``len`` is the length of the sample's row. The graph's file may hold more
configurations than that: 3a0c5517... has 1,001, its row 1,000.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.judging.competition import COLLECTIONS
from tpugraph_db.models.judging.metrics import TILE_K
from tpugraph_db.whole_file import write_whole

HEADER = "ID,TopConfigs"
LONGEST = 1_000_000
"""Numbers in a row at most: ten times the configurations of TpuGraphs' largest graph."""

NAMED = 3
"""How many ids a message names."""

_ROW = re.compile(rf"(?P<id>(?:{'|'.join(COLLECTIONS)}):[^,]+),(?P<order>[0-9]{{1,9}}(?:;[0-9]{{1,9}})*)")
_EXPECTED = f"an id of {', '.join(COLLECTIONS)}, a comma, and numbers as 4;0;2"

Order = Sequence[int] | NDArray[np.int64]
"""Configuration numbers of one graph, fastest first (:func:`tpugraph_db.models.judging.metrics.fastest_first`)."""


@dataclass(frozen=True)
class Submission:
    """Rows by id, in the order of the file."""

    rows: Mapping[str, tuple[int, ...]]

    @classmethod
    def read(cls, path: Path) -> Submission:
        """A submission, such as the competition's sample.

        Raises:
            DataError: the header, an id or a row is not what the competition's are.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise DataError(str(path), "content", expected="UTF-8", found=str(error)) from error
        if not lines or lines[0] != HEADER:
            raise DataError(str(path), "header", expected=HEADER, found=repr(lines[0][:60] if lines else ""))
        rows: dict[str, tuple[int, ...]] = {}
        for number, line in enumerate(lines[1:], start=2):
            name, order = _row(f"{path}:{number}", line)
            if name in rows:
                raise DataError(f"{path}:{number}", "ID", expected="ids that differ", found=f"{name} again")
            rows[name] = order
        if not rows:
            raise DataError(str(path), "rows", expected="one for each test graph", found="the header alone")
        return cls(rows)

    def write(self, path: Path, sample: Submission) -> None:
        """Write it, after :func:`validate`; ``path`` holds all of it or what it held before, whatever happens."""
        validate(self.rows, sample)
        lines = [HEADER, *(f"{name},{';'.join(map(str, order))}" for name, order in self.rows.items())]
        write_whole(path, ("\n".join(lines) + "\n").encode())


def id_of(collection: str, name: str) -> str:
    """A graph's id in the competition: ``layout:xla:default:<name>``."""
    return f"{collection}:{name}"


def submission(sample: Submission, order_of: Callable[[str], Order | None], *, fill: bool = False) -> Submission:
    """The rows that the sample asks for.

    Of an order a tile row takes the first five; a layout row takes the configurations that the sample's row holds, in
    their order, so those past them in the graph's file are left out.

    Args:
        order_of: All configurations of a graph by id, fastest first; None where the graph is not at hand.
        fill: Take the sample's own row for those. It ranks nothing.

    Raises:
        UsageError: graphs are not at hand, and not to be filled.
        DataError: an order does not make the row it should (:func:`validate`).
    """
    rows, missing = {}, []
    for name, row in sample.rows.items():
        order = order_of(name)
        if order is None:
            missing.append(name)
        rows[name] = row if order is None else _fitting(name, order, len(row))
    if missing and not fill:
        cure = "load them, or take the sample's rows for them: --fill sample"
        raise UsageError(f"{len(missing):,} of {len(rows):,} test graphs are missing: {_some(missing)}; {cure}")
    validate(rows, sample)
    return Submission(rows)


def validate(rows: Mapping[str, Sequence[int]], sample: Submission) -> None:
    """Check that rows are what the competition takes.

    Raises:
        DataError: ids are missing or not the sample's, or a row has another length, is no permutation (layout), or
            holds a number twice or below 0 (tile).
    """
    if missing := [name for name in sample.rows if name not in rows]:
        raise DataError("submission", "ID", expected="every id of the sample", found=f"none of {_some(missing)}")
    if unknown := [name for name in rows if name not in sample.rows]:
        raise DataError("submission", "ID", expected="only ids of the sample", found=_some(unknown))
    for name, order in rows.items():
        _check("submission", name, order, len(sample.rows[name]))


def _check(where: str, name: str, order: Sequence[int], length: int) -> None:
    if len(order) != length:
        raise DataError(where, name, expected=f"{length:,} configurations", found=f"{len(order):,}")
    number, times = Counter(order).most_common(1)[0]
    if times > 1:
        raise DataError(where, name, expected="each configuration once", found=f"{number} {times:,} times")
    if min(order) < 0 or (not _is_tile(name) and max(order) >= length):
        expected = "0 or more" if _is_tile(name) else f"a permutation of 0-{length - 1:,}"
        raise DataError(where, name, expected=expected, found=f"{min(order)}-{max(order)}")


def _fitting(name: str, order: Order, length: int) -> tuple[int, ...]:
    numbers = [int(number) for number in order]
    return tuple(numbers[:length] if _is_tile(name) else [number for number in numbers if number < length])


def _row(where: str, line: str) -> tuple[str, tuple[int, ...]]:
    if (length := line.count(";") + 1) > LONGEST:
        raise DataError(where, "row", expected=f"at most {LONGEST:,} numbers", found=f"{length:,}")
    match = _ROW.fullmatch(line)
    if not match:
        raise DataError(where, "row", expected=_EXPECTED, found=repr(line[:60]))
    name, order = match["id"], tuple(map(int, match["order"].split(";")))
    _check(where, name, order, TILE_K if _is_tile(name) else len(order))
    return name, order


def _is_tile(name: str) -> bool:
    return name.startswith("tile:")


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:NAMED]) + (", ..." if len(listed) > NAMED else "")
