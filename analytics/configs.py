"""A graph's configurations, the fastest first; and the choices of one op."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.effects import effects, percent
from tpugraph_db.analytics.find_op import find_op
from tpugraph_db.analytics.observed import check_measured, defaults, layouts_of
from tpugraph_db.analytics.sensitivity import chosen, group_of, split
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.record import GraphRecord
from tpugraph_db.rows import config_columns
from tpugraph_db.stores.result import Result

_TILES = ("kernel_bounds", "output_bounds", "input_bounds")


def base_of(record: GraphRecord) -> tuple[int, str]:
    """Number of the configuration that others are compared with, and what it is: the default, else the best."""
    own = defaults(record.configurations)
    return (int(own[0]), "the default") if len(own) else (int(record.configurations.order[0]), "the best")


def configs(record: GraphRecord, count: int = 10) -> Result:
    """The ``count`` fastest measured configurations.

    ``differs`` is how many ops have another layout than in :func:`base_of`, ``ops`` which; of tiles their bounds.

    Raises:
        DataError: no configurations, or none is measured.
    """
    if not len(record.configurations):
        layouts_of(record)
    check_measured(record)
    order = record.configurations.order
    top = order[:count]
    columns = config_columns(record, top)
    shown = {
        "config": columns["index"],
        **{name: columns[name] for name in ("runtime_ns", "slowdown", "rank", "times_measured", "same_as")},
        "is_default": columns.get("is_default", [None] * len(top)),
        **({name: columns[name] for name in _TILES if name in columns} or _differences(record, top)),
        "provenance": ["measured"] * len(top),
    }
    return Result(tuple(shown), list(zip(*shown.values(), strict=True)), len(order))


def op_choices(record: GraphRecord, op: str | int, count: int | None = None) -> Result:
    """The layouts that one op was given, the fastest first by their mean effect.

    ``configs`` counts distinct configurations; ``slowdown`` is their mean (geometric), ``best`` the least, at
    configuration ``best_config``. ``effect``, ``low`` and ``high``, in percent, are what the choice does beside what
    the other ops do (:mod:`tpugraph_db.analytics.sensitivity`), against the default's where that is known, else the
    mean.

    Raises:
        NotFoundError: no such op. DataError: it is not configurable, or nothing is to be compared.
    """
    found_op = find_op(record, op)
    configurations = layouts_of(record)
    slots = np.flatnonzero(record.configurable_ops == found_op)
    if not len(slots):
        cure = "tpudb sensitivity lists the ops that are configurable"
        raise DataError(record.id, f"op {found_op}", expected="a configurable op", found="one that is not", cure=cure)
    of, slot = split(record), int(slots[0])
    place = next((at for at, factor in enumerate(of.factors) if slot in factor.slots), None)
    if place is None:
        raise DataError(record.id, f"op {found_op}", expected="at least 2 layouts", found="1 in all configurations")
    factor, observed = of.factors[place], of.observed
    did = effects(factor, of.left[place], of.strata, observed.default)
    log_slowdown = observed.log_runtime - np.log(configurations.value[configurations.order[0]])
    rows = []
    for choice in np.argsort(did.log_effect, kind="stable").tolist():
        inside = np.flatnonzero(factor.levels == choice)
        fastest = inside[observed.log_runtime[inside].argmin()]
        centre, width = float(did.log_effect[choice]), float(did.half_width[choice])
        rows.append(
            (
                chosen(observed, slot, int(factor.first[choice])),
                len(inside),
                float(np.exp(log_slowdown[inside].mean())),
                float(np.exp(log_slowdown[fastest])),
                int(observed.index[fastest]),
                *(percent(centre), percent(centre - width), percent(centre + width)),
                None if observed.default is None else bool(factor.levels[observed.default] == choice),
                group_of(of.factors, place),
                "measured",
            )
        )
    names = ("layout", "configs", "slowdown", "best", "best_config", "effect", "low", "high", "is_default", "group")
    return Result((*names, "provenance"), rows[:count], len(rows))


def _differences(record: GraphRecord, top: NDArray[np.int64]) -> dict[str, list[Any]]:
    configurations = record.configurations
    if not isinstance(configurations, LayoutConfigurations):
        raise TypeError(f"configurations of an unknown kind: {type(configurations).__name__}")
    codes, (base, _) = configurations.codes, base_of(record)
    differing = [configurations.op_ids[codes[config] != codes[base]].tolist() for config in top.tolist()]
    return {"differs": [len(ops) for ops in differing], "ops": differing}
