"""Variants of attention."""

from __future__ import annotations

import math

import jax
from _layers import Array, Program, Seeded, Weights, attend, dense, merge_heads, split_heads
from jax import numpy as jnp

FAMILY = "attention"
HEADS = 4


def projected(weights: Weights, x: Array) -> list[Array]:
    """Queries, keys and values: (batch, heads, time, width / heads)."""
    return [split_heads(x @ weights[name], HEADS) for name in ("q", "k", "v")]


def linear(weights: Weights, x: Array) -> Array:
    """Linear attention (Katharopoulos et al., 2020, arXiv:2006.16236): keys meet values before queries do."""
    q, k, v = projected(weights, x)
    q, k = jax.nn.elu(q) + 1, jax.nn.elu(k) + 1
    state = jnp.einsum("bhtd,bhte->bhde", k, v)
    scale = jnp.einsum("bhtd,bhd->bht", q, k.sum(2))
    return dense(weights["out"], merge_heads(jnp.einsum("bhtd,bhde->bhte", q, state) / scale[..., None]))


def along(weights: Weights, x: Array) -> Array:
    """Attention along the last but one dimension of (batch, rows, columns, width), each row by itself."""
    rows = x.reshape(-1, *x.shape[2:])
    return dense(weights["out"], merge_heads(attend(*projected(weights, rows)))).reshape(x.shape)


def axial(weights: Weights, x: Array) -> Array:
    """Axial attention (Ho et al., 2019, arXiv:1912.12180): along rows, then along columns."""
    x = x + along(weights["rows"], x)
    return x + along(weights["columns"], x.swapaxes(1, 2)).swapaxes(1, 2)


def windows(weights: Weights, x: Array, size: int = 8) -> Array:
    """Swin (Liu et al., 2021, arXiv:2103.14030): attention inside windows, then inside windows shifted by half."""
    batch, height, width, channels = x.shape
    tiles = batch, height // size, size, width // size, size, channels
    for layer, shift in ((weights["plain"], 0), (weights["shifted"], size // 2)):
        tiled = jnp.roll(x, (-shift, -shift), (1, 2)).reshape(tiles).swapaxes(2, 3)
        mixed = merge_heads(attend(*projected(layer, tiled.reshape(-1, size * size, channels))))
        back = dense(layer["out"], mixed).reshape(tiled.shape).swapaxes(2, 3).reshape(x.shape)
        x = x + jnp.roll(back, (shift, shift), (1, 2))
    return x


def talking_heads(weights: Weights, x: Array) -> Array:
    """Heads mix before and after the softmax (Shazeer et al., 2020, arXiv:2003.02436)."""
    q, k, v = projected(weights, x)
    logits = jnp.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(q.shape[-1])
    mixed = jax.nn.softmax(jnp.einsum("bhqk,hg->bgqk", logits, weights["before"]))
    mixed = jnp.einsum("bgqk,gh->bhqk", mixed, weights["after"])
    return dense(weights["out"], merge_heads(jnp.einsum("bhqk,bhkd->bhqd", mixed, v)))


def relative(weights: Weights, x: Array) -> Array:
    """Relative positions (Transformer-XL; Dai et al., 2019, arXiv:1901.02860): a padded reshape shifts each row."""
    q, k, v = projected(weights, x)
    batch, heads, time, _ = q.shape
    distances = jnp.einsum("bhqd,hrd->bhqr", q + weights["v_bias"], split_heads(weights["distances"], heads)[0])
    padded = jnp.pad(distances, ((0, 0), (0, 0), (0, 0), (1, 0)))
    shifted = padded.reshape(batch, heads, -1, time)[:, :, 1 : time + 1]
    return dense(weights["out"], merge_heads(attend(q + weights["u_bias"], k, v, shifted / math.sqrt(q.shape[-1]))))


def make_linear() -> Program:
    """8 sequences of 256 tokens."""
    seeded = Seeded()
    return linear, (seeded.attention(96), seeded.normal(8, 256, 96))


def make_axial() -> Program:
    """4 images of 24 x 24 tokens."""
    seeded = Seeded()
    return axial, ({"rows": seeded.attention(64), "columns": seeded.attention(64)}, seeded.normal(4, 24, 24, 64))


def make_windows() -> Program:
    """8 images of 16 x 16 tokens in windows of 8 x 8."""
    seeded = Seeded()
    return windows, ({"plain": seeded.attention(64), "shifted": seeded.attention(64)}, seeded.normal(8, 16, 16, 64))


def make_talking_heads() -> Program:
    """12 sequences of 96 tokens."""
    seeded = Seeded()
    weights = seeded.attention(96) | {"before": seeded.kernel(HEADS, HEADS), "after": seeded.kernel(HEADS, HEADS)}
    return talking_heads, (weights, seeded.normal(12, 96, 96))


def make_relative() -> Program:
    """12 sequences of 96 tokens."""
    seeded = Seeded()
    biases = {"u_bias": seeded.normal(HEADS, 1, 24), "v_bias": seeded.normal(HEADS, 1, 24)}
    return relative, (
        seeded.attention(96) | biases | {"distances": seeded.normal(1, 96, 96)},
        seeded.normal(12, 96, 96),
    )


PROGRAMS = {
    "attention_linear": make_linear,
    "attention_axial": make_axial,
    "attention_windows": make_windows,
    "attention_talking_heads": make_talking_heads,
    "attention_relative": make_relative,
}
