"""A configuration by what people call it: its number, best, worst, median, default."""

from __future__ import annotations

import re

import numpy as np

from tpugraph_db.analytics.observed import check_measured, defaults
from tpugraph_db.errors import DataError, NotFoundError, did_you_mean
from tpugraph_db.record import GraphRecord

NAMES = ("best", "worst", "median", "default")


def find_config(record: GraphRecord, config: str | int) -> int:
    """Number of a measured configuration.

    ``median`` is the faster of the two in the middle where their number is even. ``default`` is the compiler's own
    choice, the fastest of several.

    Raises:
        NotFoundError: the graph has no such configuration, or its source does not say which is the default.
        DataError: none is measured, or not this one.
    """
    check_measured(record)
    configs, text = record.configurations, str(config)
    if re.fullmatch("[0-9]+", text):
        return _numbered(record, int(text))
    if text not in NAMES:
        near = did_you_mean(text, list(NAMES))
        raise NotFoundError(f"no configuration {text!r}: expected a number, {', '.join(NAMES)}{near}")
    if text == "default":
        return _default(record)
    places = {"best": 0, "median": (len(configs.order) - 1) // 2, "worst": -1}
    return int(configs.order[places[text]])


def _numbered(record: GraphRecord, number: int) -> int:
    configs = record.configurations
    if number >= len(configs):
        raise NotFoundError(f"{record.id} has no configuration {number}: expected 0 to {len(configs) - 1:,}")
    if not configs.measured[number]:
        raise DataError(record.id, f"configuration {number}", expected="a runtime", found="none")
    return number


def _default(record: GraphRecord) -> int:
    configs = record.configurations
    if configs.is_default is None:
        why = "the source does not say which configuration is the compiler's own (TpuGraphs' npz never does)"
        raise NotFoundError(f"{record.id}: {why}; give a number, best, median or worst")
    own = defaults(configs)
    if not len(own):
        found = "none is marked" if not np.any(configs.is_default) else "it was not measured"
        raise NotFoundError(f"{record.id} has no default configuration: {found}; give a number, best, median or worst")
    return int(own[0])
