"""Parts of AlphaFold 2's Evoformer (Jumper et al., 2021): residue pairs (n, n, width), alignments (rows, n, width)."""

from __future__ import annotations

import math

import jax
from _layers import Array, Program, Seeded, Weights, dense, layer_norm
from jax import numpy as jnp

FAMILY = "evoformer"
HEADS = 4


def multiplication(weights: Weights, pairs: Array, equation: str) -> Array:
    """Triangle multiplication: two edges of every triangle update the third."""
    normal = layer_norm(weights["norm"], pairs)
    a, b = (dense(weights[name], normal) * jax.nn.sigmoid(normal @ weights["gate_" + name]) for name in ("a", "b"))
    update = layer_norm(weights["norm_out"], jnp.einsum(equation, a, b))
    return pairs + dense(weights["out"], update) * jax.nn.sigmoid(normal @ weights["gate"])


def row_attention(weights: Weights, rows: Array, bias: Array | float) -> Array:
    """Gated attention along each row of (rows, n, width); bias is (heads, n, n)."""
    normal = layer_norm(weights["norm"], rows)
    split = (*rows.shape[:2], HEADS, -1)
    q, k, v, gate = ((normal @ weights[name]).reshape(split) for name in ("q", "k", "v", "gate"))
    logits = jnp.einsum("rqhd,rkhd->rhqk", q, k) / math.sqrt(q.shape[-1])
    mixed = jnp.einsum("rhqk,rkhd->rqhd", jax.nn.softmax(logits + bias), v) * jax.nn.sigmoid(gate)
    return rows + dense(weights["out"], mixed.reshape(*rows.shape[:2], -1))


def bias(weights: Weights, pairs: Array) -> Array:
    """What pairs add to the logits of attention: (heads, n, n)."""
    return (pairs @ weights["bias"]).transpose(2, 0, 1)


def outer_product(weights: Weights, rows: Array, pairs: Array) -> Array:
    """The mean over rows of the outer products of two residues becomes an update of their pair."""
    normal = layer_norm(weights["norm"], rows)
    a, b = normal @ weights["a"], normal @ weights["b"]
    products = jnp.einsum("ric,rjd->ijcd", a, b) / rows.shape[0]
    return pairs + dense(weights["out"], products.reshape(*pairs.shape[:2], -1))


def row_weights(seeded: Seeded, width: int, pair: int) -> Weights:
    """Weights of :func:`row_attention` and :func:`bias`."""
    gates = {"gate": seeded.kernel(width, width), "bias": seeded.kernel(pair, HEADS)}
    return seeded.attention(width) | gates | {"norm": seeded.norm(width)}


def make_multiplication() -> Program:
    """Outgoing, then incoming edges: 64 residues, pairs of 32."""

    def model(outgoing: Weights, incoming: Weights, pairs: Array) -> Array:
        pairs = multiplication(outgoing, pairs, "ikc,jkc->ijc")
        return multiplication(incoming, pairs, "kic,kjc->ijc")

    seeded = Seeded()
    weights = [
        {name: seeded.dense(32, 32) for name in ("a", "b", "out")}
        | {name: seeded.kernel(32, 32) for name in ("gate_a", "gate_b", "gate")}
        | {"norm": seeded.norm(32), "norm_out": seeded.norm(32)}
        for _ in range(2)
    ]
    return model, (*weights, seeded.normal(64, 64, 32))


def make_attention() -> Program:
    """Around the starting, then around the ending node of triangles: 32 residues, pairs of 32."""

    def model(starting: Weights, ending: Weights, pairs: Array) -> Array:
        pairs = row_attention(starting, pairs, bias(starting, pairs))
        turned = pairs.swapaxes(0, 1)
        return row_attention(ending, turned, bias(ending, turned)).swapaxes(0, 1)

    seeded = Seeded()
    return model, (row_weights(seeded, 32, 32), row_weights(seeded, 32, 32), seeded.normal(40, 40, 32))


def make_alignment() -> Program:
    """Rows with a bias of the pairs, then columns, then their outer product: 24 rows of 32 residues."""

    def model(row: Weights, column: Weights, outer: Weights, rows: Array, pairs: Array) -> tuple[Array, Array]:
        rows = row_attention(row, rows, bias(row, pairs))
        rows = row_attention(column, rows.swapaxes(0, 1), 0.0).swapaxes(0, 1)
        return rows, outer_product(outer, rows, pairs)

    seeded = Seeded()
    outer = {
        "norm": seeded.norm(64),
        "a": seeded.kernel(64, 12),
        "b": seeded.kernel(64, 12),
        "out": seeded.dense(144, 32),
    }
    weights = row_weights(seeded, 64, 32), row_weights(seeded, 64, 32), outer
    return model, (*weights, seeded.normal(24, 32, 64), seeded.normal(32, 32, 32))


PROGRAMS = {
    "evoformer_multiplication": make_multiplication,
    "evoformer_attention": make_attention,
    "evoformer_alignment": make_alignment,
}
