"""Where a figure comes from; none is given without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Provenance = Literal["structural", "modelled", "measured", "learned"]
"""``structural``: counted on the graph. ``modelled``: computed from that by a model that was not fitted (roofline,
weighted sum). ``measured``: a clock or a profiler said it. ``learned``: a trained model did."""


def said(provenance: Mapping[str, Iterable[Provenance]]) -> str:
    """Columns by where they come from, for people.

    >>> said({"flops": ["structural"], "bytes": ["structural"], "headroom": ["measured", "modelled"]})
    'structural: flops, bytes; measured and modelled: headroom'
    """
    columns: dict[str, list[str]] = {}
    for column, kinds in provenance.items():
        columns.setdefault(" and ".join(kinds), []).append(column)
    return "; ".join(f"{kinds}: {', '.join(names)}" for kinds, names in columns.items())
