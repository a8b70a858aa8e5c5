"""Which configurations of a graph are shown to models that learn from a few, and which are judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.protocol import PaperLists
from tpugraph_db.models.judging.repeats import Truth, true_values
from tpugraph_db.models.judging.shown import split_shown
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Case:
    """A graph to judge on."""

    record: GraphRecord
    shown: NDArray[np.int64]
    """(k,) int64: numbers of the configurations that ridge and few-shot models see."""
    among: NDArray[np.int64]
    """(j,) int64: numbers of those that are judged."""
    truth: Truth

    @classmethod
    def of(cls, record: GraphRecord, lists: PaperLists | None, shown: int, seed: int) -> Case:
        """What is shown of a graph, and what is judged.

        Raises:
            UsageError: too little is left to judge. NotFoundError: the paper does not list the graph.
        """
        configs = record.configurations
        among = np.arange(len(configs)) if lists is None else lists.indices(record)
        seen = np.empty(0, np.int64)
        if shown:
            distinct = len(np.unique(configs.same_as[configs.measured]))
            if distinct <= shown:
                raise UsageError(
                    f"{distinct} distinct configurations, of which {shown} are shown; --shown 0 shows none"
                )
            seen, rest = split_shown(configs, shown, seed)
            among = among[np.isin(among, rest)]
        truth: Truth = "run" if configs.repeat_runtime_ns is None else "repeat"
        values = true_values(configs, truth)[among]
        if len(np.unique(values[~np.isnan(values)])) < 2:
            raise UsageError("no order among the configurations to judge")
        return cls(record, seen, among, truth)
