"""Losses of a list of configurations of one graph. Lower score = faster.

A loss takes scores (b,) of any float type and values (b,), the LOG runtimes of the same configurations
(``Targets.log_runtime``, float64 so that no two merge), and gives a scalar of the scores' type. Two configurations of
equal value say nothing about each other; a list without any difference has loss 0 and gradient 0.
The pairwise losses hold (b, b) arrays: a list is a sample of a graph's configurations, not all 100,000.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from tpugraph_db.errors import UsageError

Loss = Callable[[Tensor, Tensor], Tensor]

MARGIN = 1.0
"""Score difference that :func:`hinge` asks for per standard deviation of the log runtime."""


def list_mle(scores: Tensor, values: Tensor) -> Tensor:
    """How unlikely the true order is, fastest first, when configurations are drawn without putting back.

    Configuration ``i`` is drawn with weight ``exp(-s_i)``. ``loss = 1/b * sum_i -log(exp(-s_i) / (exp(-s_i) + sum of
    exp(-s_j) over the j with v_j > v_i))``; without ties this is ListMLE over ``b``. Source: Xia et al., ICML 2008.
    """
    _expect(scores, values)
    order = torch.argsort(values, stable=True)
    utility, values = -scores[order], values[order]
    slower = torch.searchsorted(values, values, right=True)  # where those slower than i begin
    some = slower < len(values)
    rest = torch.logcumsumexp(utility.flip(0), 0).flip(0)[slower[some]]
    return functional.softplus(rest - utility[some]).sum() / max(len(values), 1)


def hinge(scores: Tensor, values: Tensor, margin: float = MARGIN) -> Tensor:
    """Mean of ``max(0, margin * (z_j - z_i) - (s_j - s_i))`` over the pairs with ``v_i < v_j``.

    ``z = (v - mean) / standard deviation`` (of the population) are the normalised log runtimes of the list: pairs of
    nearly the same runtime, whose order is mostly noise, ask for little. Source: the pairwise hinge of Herbrich et al.
    2000 with a margin scaled by the labels.
    """
    _expect(scores, values)
    faster, slower = _pairs(values)
    z = normalised(values).to(scores.dtype)
    losses = functional.relu(margin * (z[slower] - z[faster]) - (scores[slower] - scores[faster]))
    return losses.sum() / max(len(losses), 1)


def logistic(scores: Tensor, values: Tensor) -> Tensor:
    """Mean of ``log(1 + exp(s_i - s_j))`` over the pairs with ``v_i < v_j``. Source: RankNet, Burges et al. 2005."""
    _expect(scores, values)
    faster, slower = _pairs(values)
    losses = functional.softplus(scores[faster] - scores[slower])
    return losses.sum() / max(len(losses), 1)


def cross_entropy(log_probabilities: Tensor, values: Tensor) -> Tensor:
    """Cross-entropy on runtime classes: :func:`class_entropy` of the relative ranks within the list.

    Args:
        log_probabilities: (b, classes), each row the logarithms of a distribution; class 0 is the fastest.
        values: (b,).
    """
    return class_entropy(log_probabilities, relative_rank(values))


def class_entropy(log_probabilities: Tensor, relative: Tensor) -> Tensor:
    """Mean of ``-log P[i, class of i]`` with ``class = min(floor(relative * classes), classes - 1)``.

    Args:
        log_probabilities: (b, classes).
        relative: (b,) in [0, 1], such as :func:`relative_rank` of a whole graph at the configurations of the list.
    """
    if log_probabilities.ndim != 2 or len(log_probabilities) != len(relative):
        found = f"{tuple(log_probabilities.shape)} for {len(relative)} configurations"
        raise UsageError(f"cross-entropy takes log-probabilities (b, classes) of b configurations, found {found}")
    classes = log_probabilities.shape[1]
    wanted = (relative * classes).long().clamp(max=classes - 1)
    losses = -log_probabilities.gather(1, wanted[:, None])
    return losses.sum() / max(len(losses), 1)


def relative_rank(values: Tensor) -> Tensor:
    """(b,) float64 in [0, 1]: 0 for the lowest value, 1 for the highest, equal values share their mean.

    A value's 0-based rank over ``b - 1``; 1/2 where all tie or there is only one.
    """
    _, group, counts = torch.unique(values, return_inverse=True, return_counts=True)
    middle = counts.cumsum(0).double() - (counts + 1) / 2
    return middle[group] / (len(values) - 1) if len(values) > 1 else torch.full_like(values, 0.5, dtype=torch.float64)


def normalised(values: Tensor) -> Tensor:
    """(b,): mean 0 and (population) standard deviation 1; all 0 where the values are equal."""
    if len(values) == 0 or values.min() == values.max():
        return torch.zeros_like(values)
    centred = values - values.mean()
    return centred / centred.square().mean().sqrt()


def _pairs(values: Tensor) -> tuple[Tensor, Tensor]:
    """(p,) int64 each: the faster and the slower of every pair whose values differ."""
    faster, slower = torch.nonzero(values[:, None] < values[None, :], as_tuple=True)
    return faster, slower


def _expect(scores: Tensor, values: Tensor) -> None:
    if scores.ndim != 1 or scores.shape != values.shape:
        found = f"{tuple(scores.shape)} and {tuple(values.shape)}"
        raise UsageError(f"this loss takes one score for each value, (b,) and (b,), found {found}")


LOSSES: dict[str, Loss] = {
    "listmle": list_mle,
    "hinge": hinge,
    "logistic": logistic,
    "cross_entropy": cross_entropy,
}
"""By name. ``cross_entropy`` is for models with a distribution over classes, the others for a score."""
