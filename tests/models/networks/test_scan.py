import numpy as np
import pytest
import torch

from tpugraph_db.models.networks.scan import Level, scan

READS = [[], [], [0], [0, 1], [2, 3], [3, 1, 1]]
"""What each op reads, sorted by level: two sources, two ops that read them, two that come last. One reads 1 twice."""

LEVELS = [slice(0, 2), slice(2, 4), slice(4, 6)]


def level(ops):
    """As :class:`Level`, by dense matrices."""
    reads = READS[ops]
    sources = sorted({source for of_op in reads for source in of_op})
    matrix = torch.zeros(len(reads), len(READS), dtype=torch.float64)
    for row, of_op in enumerate(reads):
        for source in of_op:
            matrix[row, source] += 1 / len(of_op)
    rows = torch.tensor(sources, dtype=torch.int64)
    return Level(ops, rows, lambda states: matrix @ states, lambda grads: matrix[:, rows].T @ grads)


def given(seed=0, configs=2, width=3):
    """x (n, b, 3d), weight (3d, d) and bias (d,)."""
    torch.manual_seed(seed)
    shapes = ((len(READS), configs, 3 * width), (3 * width, width), (width,))
    return [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]


def by_torchs_cell(x, weight, bias):
    """One op after the other, each the cell of torch with the mean of what it reads as its state."""
    configs, width = x.shape[1], len(bias)
    cell = torch.nn.GRUCell(3 * width, width).double()
    eye, zeros = torch.eye(3 * width, dtype=torch.float64), torch.zeros(3 * width, dtype=torch.float64)
    cell_bias = torch.cat([zeros[: 2 * width], bias])
    parameters = {"weight_ih": eye, "bias_ih": zeros, "weight_hh": weight, "bias_hh": cell_bias}
    states = []
    for op, reads in enumerate(READS):
        heard = [states[source] for source in reads]
        mean = torch.stack(heard).mean(0) if heard else torch.zeros(configs, width, dtype=torch.float64)
        states.append(torch.func.functional_call(cell, parameters, (x[op], mean)))
    return torch.stack(states)


LEVELLED = [level(ops) for ops in LEVELS]


def test_a_source_by_hand():
    # no mean: r = z = 1/2, c = tanh(x_c + k / 2), h = c / 2
    x = torch.tensor([[[0.0, 0, 1]], [[0, 0, -1]]], dtype=torch.float64)
    found = scan(x, torch.ones(3, 1, dtype=torch.float64), torch.full((1,), 4.0, dtype=torch.float64), LEVELLED[:1])
    assert found.flatten().tolist() == pytest.approx([np.tanh(3) / 2, np.tanh(1) / 2])


def test_it_is_a_loop_over_ops_of_torchs_cell():
    x, weight, bias = given()
    found, expected = scan(x, weight, bias, LEVELLED), by_torchs_cell(x, weight, bias)
    torch.testing.assert_close(found, expected)
    assert found.std() > 0.1


def test_so_are_its_gradients():
    leaves, weights = given(1), torch.randn(len(READS), 2, 3, dtype=torch.float64)
    found, expected = (
        torch.autograd.grad((run(*leaves) * weights).sum(), leaves)
        for run in (lambda *given: scan(*given, LEVELLED), by_torchs_cell)
    )
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_its_gradient_is_its_own():
    assert torch.autograd.gradcheck(lambda *given: scan(*given, LEVELLED), given(2))


def test_one_op_alone():
    x, weight, bias = given(3)
    alone = scan(x[:1], weight, bias, [Level(slice(0, 1), torch.empty(0, dtype=torch.int64), None, None)])
    torch.testing.assert_close(alone, by_torchs_cell(x, weight, bias)[:1])
