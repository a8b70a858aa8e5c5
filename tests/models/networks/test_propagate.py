import importlib.util
import sys

import numpy as np
import pytest
import torch

from tpugraph_db.errors import UsageError
from tpugraph_db.models.networks import propagate
from tpugraph_db.models.networks.propagate import Messages, backend, find_device

needs_dgl = pytest.mark.skipif(sys.version_info >= (3, 12), reason="DGL 1.1.3 has no wheel for this Python")
BACKENDS = [pytest.param("dgl", marks=needs_dgl), "torch"]


@pytest.fixture
def without_dgl(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "dgl" else found(name))


@pytest.fixture(params=[False, True], ids=["no GPU", "GPU"])
def gpu(request, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: request.param)
    return request.param


def sent(into, out_of, weights, shape):
    return Messages(np.array(into, np.int64), np.array(out_of, np.int64), np.array(weights, np.float32), shape)


def random_messages(seed):
    """Among 1 to 8 rows of each side, with doubles and with rows that hear nothing."""
    random = np.random.default_rng(seed)
    after, before = random.integers(1, 9, 2).tolist()
    count = int(random.integers(0, 20))
    into = np.sort(random.integers(0, after, count))
    return sent(into, random.integers(0, before, count), random.normal(size=count), (after, before))


@pytest.mark.parametrize("name", BACKENDS)
def test_a_sum_of_few_by_hand(name):
    messages = sent([0, 0, 2, 2], [2, 1, 0, 0], [1, 2, 0.5, -3], (3, 4))
    sums = backend(name, few=True)(messages)(torch.tensor([[1.0, 10], [2, 20], [3, 30], [4, 40]]))
    assert sums.tolist() == [[7, 70], [0, 0], [-2.5, -25]]
    assert backend(name, few=True)(sent([], [], [], (3, 2)))(torch.ones(2, 5)).tolist() == [[0] * 5] * 3


@pytest.mark.parametrize("name", BACKENDS)
def test_a_sum_by_hand(name):
    # row 0 hears 2 of row 1 and 1 of row 2, row 1 nothing, row 2 row 0 twice
    messages = sent([0, 0, 2, 2], [2, 1, 0, 0], [1, 2, 0.5, -3], (3, 4))
    rows = torch.tensor([[1.0, 10], [2, 20], [3, 30], [4, 40]], requires_grad=True)
    sums = backend(name)(messages)(rows)
    assert sums.tolist() == [[7, 70], [0, 0], [-2.5, -25]]
    (sums * torch.tensor([[1.0, 0], [5, 5], [0, 2]])).sum().backward()
    assert rows.grad.tolist() == [[0, -5], [2, 0], [1, 0], [0, 0]]


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("shape", [(3, 2), (1, 1), (2, 0)])
def test_no_messages_are_zeros(name, shape):
    rows = torch.ones(shape[1], 5, requires_grad=True)
    sums = backend(name)(sent([], [], [], shape))(rows)
    sums.sum().backward()
    assert sums.tolist() == [[0] * 5] * shape[0]
    assert rows.grad.tolist() == [[0] * 5] * shape[1]


@needs_dgl
@pytest.mark.parametrize("seed", range(20))
def test_both_backends_are_one(seed):
    messages = random_messages(seed)
    torch.manual_seed(seed)
    rows, weights = torch.randn(messages.shape[1], 6), torch.randn(messages.shape[0], 6)
    found = []
    for name in ("dgl", "torch"):
        given = rows.clone().requires_grad_()
        sums = backend(name)(messages)(given)
        (sums * weights).sum().backward()
        found.append((sums.detach(), given.grad))
    torch.testing.assert_close(found[0][0], found[1][0], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found[0][1], found[1][1], rtol=1e-5, atol=1e-5)
    assert found[0][0].shape == (messages.shape[0], 6)


@needs_dgl
def test_auto_is_dgl_where_it_is_and_the_device_is_a_cpu():
    assert backend("auto") is backend("auto", "cpu") is propagate._by_number
    assert backend("dgl") is propagate._dgl
    assert backend("auto", "cuda") is backend("torch", "cuda") is backend("torch") is propagate._torch
    assert backend("auto", few=True) is backend("torch", few=True) is propagate._bags
    assert backend("dgl", few=True) is propagate._dgl


@pytest.mark.usefixtures("without_dgl")
def test_auto_is_torch_without_dgl():
    assert backend("auto") is propagate._torch


@pytest.mark.usefixtures("without_dgl")
def test_dgl_that_is_not_installed_is_refused():
    with pytest.raises(UsageError) as error:
        backend("dgl")
    cure = "pip install 'tpugraph-db[models]', or --backend torch"
    assert str(error.value) == f"the backend dgl needs DGL (Python < 3.12): {cure}"


@needs_dgl
def test_dgl_elsewhere_than_on_a_cpu_is_refused():
    with pytest.raises(UsageError, match="DGL from PyPI computes on the CPU alone, found --device cuda"):
        backend("dgl", "cuda")


def test_a_backend_that_is_unknown():
    with pytest.raises(UsageError, match="no backend 'jax'; there is auto, dgl, torch"):
        backend("jax")


def test_auto_is_the_gpu_where_there_is_one(gpu):
    assert find_device("auto") == ("cuda" if gpu else "cpu")
    assert find_device("cpu") == "cpu"


def test_a_gpu_that_is_not_there_is_refused(gpu):
    if gpu:
        assert find_device("cuda") == "cuda"
        return
    with pytest.raises(UsageError, match="torch finds no CUDA device here; --device cpu computes the same"):
        find_device("cuda")


def test_a_device_that_is_unknown():
    with pytest.raises(UsageError, match="no device 'tpu'; there is auto, cpu, cuda"):
        find_device("tpu")
