"""Graph networks over batches of small dense graphs."""

from __future__ import annotations

import math

import jax
import numpy as np
from _layers import Array, Program, Seeded, Weights, dense, layer_norm
from jax import numpy as jnp

FAMILY = "gnn"


def convolution(layers: list[Weights], adjacency: Array, x: Array) -> Array:
    """Graph convolution (Kipf and Welling, 2017, arXiv:1609.02907), residual, by symmetrically normalised edges."""
    scale = jax.lax.rsqrt(adjacency.sum(-1))
    edges = adjacency * scale[:, :, None] * scale[:, None, :]
    for layer in layers:
        x = x + jax.nn.relu(edges @ dense(layer, x))
    return x


def attention(layers: list[Weights], adjacency: Array, x: Array) -> Array:
    """Graph attention (Velickovic et al., 2018, arXiv:1710.10903): who feeds whom is weighed by both ends."""
    for layer in layers:
        values = jnp.einsum("bni,iho->bnho", x, layer["w"])
        to, of = jnp.einsum("bnho,hod->dbhn", values, layer["ends"])
        logits = jax.nn.leaky_relu(to[..., None] + of[:, :, None, :], 0.2)
        shares = jax.nn.softmax(jnp.where(adjacency[:, None] > 0, logits, -1e9))
        x = x + jax.nn.elu(jnp.einsum("bhnm,bmho->bnho", shares, values).reshape(*x.shape[:2], -1))
    return x


def messages(layers: list[Weights], edges: Array, x: Array) -> Array:
    """Message passing (Gilmer et al., 2017, arXiv:1704.01212): messages of both ends and the edge, which change too."""
    for layer in layers:
        ends = dense(layer["to"], x)[:, :, None] + dense(layer["of"], x)[:, None]
        edges = edges + dense(layer["edge"], jax.nn.silu(ends + edges))
        x = x + dense(layer["node"], jnp.einsum("bnme,bme->bne", edges, dense(layer["value"], x)))
    return x


def transformer(layers: list[Weights], edges: Array, x: Array, heads: int = 4) -> Array:
    """A graph transformer (Dwivedi and Bresson, 2020, arXiv:2012.09699): edges take part in attention, and change."""
    split = (*x.shape[:2], heads, -1)
    for layer in layers:
        q, k, v = ((layer_norm(layer["norm"], x) @ layer[name]).reshape(split) for name in ("q", "k", "v"))
        pairs = jnp.einsum("bnhd,bmhd->bnmhd", q, k) * (edges @ layer["edge"]).reshape(*edges.shape[:3], heads, -1)
        shares = jax.nn.softmax(pairs.sum(-1) / math.sqrt(q.shape[-1]), axis=2)
        x = x + jnp.einsum("bnmh,bmhd->bnhd", shares, v).reshape(x.shape) @ layer["out"]
        edges = edges + pairs.reshape(*edges.shape[:3], -1) @ layer["edge_out"]
    return x


def adjacency(seeded: Seeded, batch: int, nodes: int, share: float = 0.2) -> np.ndarray:
    """Random undirected graphs with self-loops: (batch, nodes, nodes)."""
    upper = np.triu(seeded.generator.random((batch, nodes, nodes)) < share, 1)
    return (upper | upper.swapaxes(1, 2) | np.eye(nodes, dtype=bool)).astype(np.float32)


def make_convolution() -> Program:
    """The gradient of the squared error of three layers, over 16 graphs of 64 nodes."""

    def loss(layers: list[Weights], adjacency: Array, x: Array, target: Array) -> Array:
        return jnp.square(convolution(layers, adjacency, x) - target).mean()

    seeded = Seeded()
    layers = [seeded.dense(64, 64) for _ in range(3)]
    nodes = seeded.normal(16, 64, 64), seeded.normal(16, 64, 64)
    return jax.value_and_grad(loss), (layers, adjacency(seeded, 16, 64), *nodes)


def make_attention() -> Program:
    """Three layers of four heads over 32 graphs of 32 nodes."""
    seeded = Seeded()
    layers = [{"w": seeded.normal(96, 4, 24) / 10, "ends": seeded.normal(4, 24, 2) / 5} for _ in range(3)]
    return attention, (layers, adjacency(seeded, 32, 32), seeded.normal(32, 32, 96))


def make_messages() -> Program:
    """Three layers over 6 graphs of 32 nodes, 32 features an edge and 64 a node."""
    seeded = Seeded()
    layers = [
        {name: seeded.dense(64, 32) for name in ("to", "of", "value")}
        | {"edge": seeded.dense(32, 32), "node": seeded.dense(32, 64)}
        for _ in range(3)
    ]
    return messages, (layers, seeded.normal(6, 32, 32, 32), seeded.normal(6, 32, 64))


def make_transformer() -> Program:
    """Two layers over 8 graphs of 32 nodes, 32 features an edge and a node."""
    seeded = Seeded()
    layers = [
        {name: seeded.kernel(32, 32) for name in ("q", "k", "v", "edge", "out", "edge_out")} | {"norm": seeded.norm(32)}
        for _ in range(2)
    ]
    return transformer, (layers, seeded.normal(8, 32, 32, 32), seeded.normal(8, 32, 32))


PROGRAMS = {
    "gnn_convolution": make_convolution,
    "gnn_attention": make_attention,
    "gnn_messages": make_messages,
    "gnn_transformer": make_transformer,
}
