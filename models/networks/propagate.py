"""Sums over neighbours, over DGL or over torch's sparse product: the same numbers, chosen by name.

DGL from PyPI computes on the CPU alone and needs Python < 3.12; torch's product runs wherever torch does. On a CPU it
is as fast, and a call takes a sixth of the time (docs/performance.md).
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tpugraph_db.errors import UsageError

BACKENDS = ("auto", "dgl", "torch")

DEVICES = ("auto", "cpu", "cuda")

MANY = 5_000
"""Messages from which on the call of a DGL convolution, 0.25 ms, is no longer most of its time."""

Sum = Callable[[Tensor], Tensor]
"""(rows before, width) -> (rows after, width)."""


class Messages:
    """``k`` messages from ``before`` rows into ``after``: ``out[i] = sum of w * h[source]`` over those into ``i``."""

    def __init__(
        self,
        into: NDArray[np.int64],
        out_of: NDArray[np.int64],
        weights: NDArray[np.float32],
        shape: tuple[int, int],
        device: str = "cpu",
    ) -> None:
        """``into`` (k,) int64 ascending, ``out_of`` (k,) int64, ``weights`` (k,) float32, ``shape`` (after, before)."""
        starts = np.concatenate([[0], np.cumsum(np.bincount(into, minlength=shape[0]))])
        self.starts, self.out_of, self.weights = (
            torch.tensor(array, device=device) for array in (starts, out_of, weights)
        )
        self.shape = shape


def backend(name: str, device: str = "cpu", *, few: bool = False) -> Callable[[Messages], Sum]:
    """How messages are summed: ``dgl``, ``torch``, or ``auto``.

    ``auto`` is dgl where it is installed, the device is a CPU and there are :data:`MANY` messages; else torch.

    ``few``: there are some ten messages at a time. Then what a call costs decides, and ``auto`` is torch's sum
    over bags; its gradient is not to be asked for.

    Raises:
        UsageError: no such backend, dgl is not installed, or it is asked to compute elsewhere than on a CPU.
    """
    if name not in BACKENDS:
        raise UsageError(f"no backend {name!r}; there is {', '.join(BACKENDS)}")
    there = importlib.util.find_spec("dgl") is not None
    if name == "torch" or (name == "auto" and (few or not (there and device == "cpu"))):
        return _bags if few else _torch
    if name == "auto":
        return _by_number
    if not there:
        raise UsageError(
            "the backend dgl needs DGL (Python < 3.12): pip install 'tpugraph-db[models]', or --backend torch"
        )
    if device != "cpu":
        raise UsageError(f"DGL from PyPI computes on the CPU alone, found --device {device}: --backend torch")
    return _dgl


def find_device(name: str) -> str:
    """``cpu`` or ``cuda``; ``auto`` is cuda where there is one.

    Raises:
        UsageError: no such device, or it is not there.
    """
    if name not in DEVICES:
        raise UsageError(f"no device {name!r}; there is {', '.join(DEVICES)}")
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise UsageError("--device cuda: torch finds no CUDA device here; --device cpu computes the same")
    return "cuda" if there and name != "cpu" else "cpu"


def _by_number(messages: Messages) -> Sum:
    return _torch(messages) if len(messages.weights) < MANY else _dgl(messages)


def _torch(messages: Messages) -> Sum:
    # a CSR tensor says on its first use that its support is in beta; ours is tested against DGL's kernels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        matrix = torch.sparse_csr_tensor(
            messages.starts, messages.out_of, messages.weights, messages.shape, check_invariants=False
        )
    product = _Product(matrix)
    return lambda rows: Multiplied.apply(rows, product)


class _Product:
    """A matrix, and its transpose once it is asked for: torch would make it anew for every gradient."""

    def __init__(self, matrix: Tensor) -> None:
        self.matrix = matrix

    @cached_property
    def transposed(self) -> Tensor:
        turned: Tensor = self.matrix.t().to_sparse_csr()
        return turned


class Multiplied(torch.autograd.Function):
    """``matrix @ rows``."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, product: _Product) -> Tensor:
        ctx.product = product
        return product.matrix @ rows

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        return ctx.product.transposed @ grads[0], None


def _bags(messages: Messages) -> Sum:
    starts, out_of, weights = messages.starts, messages.out_of, messages.weights
    # positional: no gradient by frequency, mode 0 is the sum, dense, and the last start is the end
    return lambda rows: torch.embedding_bag(rows, out_of, starts, False, 0, False, weights, True)[0]


def _dgl(messages: Messages) -> Sum:
    os.environ.setdefault("DGLBACKEND", "pytorch")
    import dgl
    from dgl.nn.pytorch import GraphConv

    after, before = messages.shape
    columns = (messages.starts, messages.out_of, torch.empty(0, dtype=torch.int64))
    block = dgl.create_block(("csc", columns), num_src_nodes=before, num_dst_nodes=after)
    convolution = GraphConv(1, 1, norm="none", weight=False, bias=False, allow_zero_in_degree=True)

    def summed(rows: Tensor) -> Tensor:
        sums: Tensor = convolution(block, rows, edge_weight=messages.weights)
        return sums

    return summed
