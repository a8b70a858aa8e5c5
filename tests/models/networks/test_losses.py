import math

import pytest

torch = pytest.importorskip("torch")

from tpugraph_db.errors import UsageError  # noqa: E402
from tpugraph_db.models.networks.losses import (  # noqa: E402
    LOSSES,
    class_entropy,
    cross_entropy,
    hinge,
    list_mle,
    logistic,
    normalised,
    relative_rank,
)

OF_SCORES = ("listmle", "hinge", "logistic")
LN2, LN3, LN4 = math.log(2), math.log(3), math.log(4)


def f64(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def with_weights(*weights):
    """Scores whose configurations are drawn with these weights: exp(-score)."""
    return -f64(*weights).log()


def test_list_mle_of_two_by_hand():
    # the fastest has weight 1 of 3: -ln(1/3), then the other is all that is left
    assert list_mle(with_weights(1, 2), f64(5, 9)).item() == pytest.approx(LN3 / 2)


def test_list_mle_of_three_by_hand():
    # fastest first: weights 2, 3, 1, so 2/6 * 3/4 * 1/1 = 1/4
    assert list_mle(with_weights(1, 2, 3), f64(9, 5, 7)).item() == pytest.approx(LN4 / 3)


def test_list_mle_leaves_tied_pairs_out():
    # weights 2 and 3 tie and come before 1: 2/3 and 3/4, neither in the other's sum
    assert list_mle(with_weights(2, 3, 1), f64(5, 5, 9)).item() == pytest.approx(LN2 / 3)


def test_list_mle_is_its_formula():
    torch.manual_seed(0)
    scores, values = torch.randn(9, dtype=torch.float64), torch.randint(0, 5, (9,)).double()
    expected = 0.0
    for i in range(9):
        rivals = torch.cat([scores[i : i + 1], scores[values > values[i]]])
        expected += (torch.logsumexp(-rivals, 0) + scores[i]).item()
    assert list_mle(scores, values).item() == pytest.approx(expected / 9)


@pytest.mark.parametrize(("margin", "expected"), [(1, 1.5), (0.25, 0), (0.5, 0.5)])
def test_hinge_of_two_by_hand(margin, expected):
    # values 0 and 2 are -1 and 1 normalised: the gap asked for is 2 margins, the scores' is 1/2
    assert hinge(f64(0, 0.5), f64(0, 2), margin).item() == pytest.approx(expected)


def test_hinge_of_three_by_hand():
    # mean 1, variance 2: both pairs ask for 3 / sqrt 2; the scores give 0 and -1; the tied pair asks for nothing
    assert hinge(f64(0, 1, 0), f64(0, 0, 3)).item() == pytest.approx(3 / math.sqrt(2) + 0.5)


def test_logistic_by_hand():
    assert logistic(f64(LN3, 0), f64(1, 2)).item() == pytest.approx(LN4)
    assert logistic(f64(0, LN3), f64(1, 2)).item() == pytest.approx(math.log(4 / 3))


def test_logistic_averages_the_pairs_that_differ():
    assert logistic(f64(LN3, 0, 0), f64(1, 2, 2)).item() == pytest.approx(LN4)  # not two thirds of it


def test_cross_entropy_by_hand():
    # relative ranks 1, 0, 1/2 of two classes: 1, 0, 1, with probabilities 1/2, 1/4, 1/2
    probabilities = torch.tensor([[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]], dtype=torch.float64)
    assert cross_entropy(probabilities.log(), f64(5, 1, 3)).item() == pytest.approx(4 * LN2 / 3)


def test_class_entropy_takes_ranks_of_a_larger_list():
    probabilities = torch.tensor([[0.25, 0.25, 0.5]], dtype=torch.float64)
    found = [class_entropy(probabilities.log(), f64(rank)).item() for rank in (0, 0.3, 0.4, 0.7, 1)]
    assert found == pytest.approx([LN4, LN4, LN4, LN2, LN2])


def test_relative_rank_by_hand():
    assert relative_rank(f64(40, 20, 10, 20)).tolist() == [1, 0.5, 0, 0.5]
    assert relative_rank(f64(3, 3, 9)).tolist() == [0.25, 0.25, 1]
    assert relative_rank(f64(7)).tolist() == relative_rank(f64(7, 7)).tolist()[:1] == [0.5]


def test_normalised_by_hand():
    assert normalised(f64(1, 3)).tolist() == [-1, 1]
    assert normalised(f64(0.1, 0.1, 0.1)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("name", OF_SCORES)
def test_a_step_down_the_gradient_lowers_the_score_of_the_fastest(name):
    scores = torch.zeros(3, requires_grad=True)
    LOSSES[name](scores, f64(9, 1, 5)).backward()
    assert scores.grad[1] > 0 > scores.grad[0]
    assert scores.grad[1] > scores.grad[2] > scores.grad[0]


def test_a_step_down_the_gradient_raises_the_probability_of_the_right_class():
    scores = torch.zeros(2, 2, requires_grad=True)
    cross_entropy(scores.log_softmax(1), f64(9, 1)).backward()
    assert scores.grad.sign().tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize("name", OF_SCORES)
def test_gradients_are_the_losss_own(name):
    torch.manual_seed(0)
    scores = torch.randn(7, dtype=torch.float64, requires_grad=True)
    values = f64(3, 1, 4, 1, 5, 9, 2)
    assert torch.autograd.gradcheck(lambda given: LOSSES[name](given, values), (scores,))


@pytest.mark.parametrize("name", OF_SCORES)
@pytest.mark.parametrize("values", [[], [4], [4, 4, 4]])
def test_a_list_without_a_difference_has_loss_0_and_gradient_0(name, values):
    scores = torch.arange(len(values), dtype=torch.float32, requires_grad=True)
    loss = LOSSES[name](scores, f64(*values))
    loss.backward()
    assert (loss.item(), scores.grad.tolist()) == (0, [0] * len(values))


@pytest.mark.parametrize("name", OF_SCORES)
def test_the_order_of_the_list_changes_nothing(name):
    torch.manual_seed(0)
    scores, values, order = torch.randn(8, dtype=torch.float64), f64(3, 1, 4, 1, 5, 9, 2, 6), torch.randperm(8)
    assert LOSSES[name](scores[order], values[order]).item() == pytest.approx(LOSSES[name](scores, values).item())


@pytest.mark.parametrize("name", OF_SCORES)
def test_far_scores_stay_finite(name):
    scores = torch.tensor([1e4, -1e4, 0.0], requires_grad=True)
    loss = LOSSES[name](scores, f64(1, 2, 3))
    loss.backward()
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)
    assert torch.isfinite(scores.grad).all()


@pytest.mark.parametrize("name", OF_SCORES)
def test_runtimes_that_float32_would_merge_are_told_apart(name):
    scores = torch.zeros(2, requires_grad=True)
    LOSSES[name](scores, f64(20, 20 + 1e-12)).backward()
    assert scores.grad[0] > 0 > scores.grad[1]


@pytest.mark.parametrize("name", OF_SCORES)
def test_a_distribution_is_no_score(name):
    with pytest.raises(UsageError, match=r"one score for each value, \(b,\) and \(b,\), found \(3, 4\) and \(3,\)"):
        LOSSES[name](torch.zeros(3, 4), f64(1, 2, 3))


def test_a_score_is_no_distribution():
    with pytest.raises(UsageError, match=r"log-probabilities \(b, classes\) of b configurations, found \(3,\) for 3"):
        LOSSES["cross_entropy"](torch.zeros(3), f64(1, 2, 3))


def test_the_registry():
    assert list(LOSSES) == [*OF_SCORES, "cross_entropy"]
