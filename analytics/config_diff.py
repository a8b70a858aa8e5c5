"""Configurations of two graphs whose ops are matched: which of them say the same, and how their orders agree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.analytics.matched import Matched
from tpugraph_db.analytics.provenance import Provenance
from tpugraph_db.analytics.total import Total
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.kendall import tau_b
from tpugraph_db.record import GraphRecord

Keys = NDArray[np.uint64]
Values = NDArray[np.float64]


def config_totals(
    a: GraphRecord, b: GraphRecord, matched: Matched, ranks: Mapping[str, tuple[Values, Values]]
) -> list[Total]:
    """Counts, runtimes, and how far the orders of the common configurations agree: of runtimes and of each model.

    Args:
        ranks: By model, (c,) float64 of A's and B's configurations, lower is faster; nan where it gave none.
    """
    both = a.configurations, b.configurations
    keys = config_keys(a, matched.b_of), config_keys(b, np.arange(len(b)))
    common = len(np.intersect1d(*keys))
    found = [
        Total("configs", len(both[0]), len(both[1]), None, "structural"),
        Total("distinct_configs", len(np.unique(keys[0])), len(np.unique(keys[1])), None, "structural"),
        Total("common_configs", None, None, common, "structural"),
    ]
    runtimes = [_runtimes(configurations) for configurations in both]
    for name in {**runtimes[0], **runtimes[1]}:
        found.append(Total(name, runtimes[0].get(name), runtimes[1].get(name), None, "measured", "ns"))
    if both[0].measured.any() and both[1].measured.any():
        found += _orders("", keys, (both[0].value, both[1].value), "measured")
    for model, orders in ranks.items():
        found += _orders(f"{model}_", keys, orders, "learned")
    return found


def config_keys(record: GraphRecord, ops: NDArray[np.int64]) -> Keys:
    """(c,) uint64: equal for two configurations that choose the same for the same ops.

    A layout configuration says a row of each of its ops; one of all -1 leaves it to the compiler and says nothing.

    Args:
        ops: (n,) int64: what each op is called, -1 where the other graph has no such op.
    """
    configurations = record.configurations
    if isinstance(configurations, TileConfigurations):
        return np.array([_hash(row.tobytes()) for row in configurations.features], np.uint64)
    keys = np.zeros(len(configurations), np.uint64)
    if isinstance(configurations, LayoutConfigurations):
        for slot, op in enumerate(configurations.op_ids.tolist()):
            name = b"%d" % ops[op] if ops[op] >= 0 else b"A%d" % op
            rows = configurations.choices(slot)
            said = [_hash(name + b":" + row.tobytes()) if (row != -1).any() else 0 for row in rows]
            keys += np.array(said, np.uint64)[configurations.codes[:, slot]]
    return keys


def _runtimes(configurations: Configurations) -> dict[str, int]:
    """Of the configurations that rank first, in the (lower) middle, last, and of the compiler's own choice, in ns."""
    order, runtime = configurations.order, configurations.runtime_ns
    if not len(order):
        return {}
    places = {"best_ns": 0, "median_ns": (len(order) - 1) // 2, "worst_ns": len(order) - 1}
    found = {name: int(runtime[order[place]]) for name, place in places.items()}
    if configurations.is_default is not None:
        default = order[configurations.is_default[order]]
        if len(default):
            found["default_ns"] = int(runtime[default[(len(default) - 1) // 2]])
    return found


def _orders(prefix: str, keys: Sequence[Keys], values: Sequence[Values], provenance: Provenance) -> list[Total]:
    """How the orders of the configurations agree that both graphs have a value of."""
    known = [_by_key(*of) for of in zip(keys, values, strict=True)]
    _, at, other = np.intersect1d(known[0][0], known[1][0], assume_unique=True, return_indices=True)
    one, two = known[0][1][at], known[1][1][other]
    found = [Total(f"{prefix}compared_configs", None, None, len(one), provenance)]
    if not len(one):
        return found
    tau = tau_b(one, two)
    if not math.isnan(tau):
        found.append(Total(f"{prefix}tau", None, None, tau, provenance))
    same = _dense(one) == _dense(two)
    found.append(Total(f"{prefix}equal_ranks", None, None, int(same.sum()), provenance))
    top = bool(((one == one.min()) & (two == two.min())).any())
    return [*found, Total(f"{prefix}top1_same", None, None, int(top), provenance)]


def _by_key(keys: Keys, values: Values) -> tuple[Keys, Values]:
    """Each key once with the median of its values; unknown ones (nan) are left out."""
    known = ~np.isnan(values)
    order = np.lexsort((values[known], keys[known]))
    ordered, sorted_ = keys[known][order], values[known][order]
    once, starts, counts = np.unique(ordered, return_index=True, return_counts=True)
    return once, (sorted_[starts + (counts - 1) // 2] + sorted_[starts + counts // 2]) / 2


def _dense(values: Values) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
