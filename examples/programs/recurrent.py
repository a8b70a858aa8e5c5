"""Recurrent networks: by scan over time, or in chunks of it."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, dense, layer_norm, merge_heads, mlp, split_heads
from jax import lax
from jax import numpy as jnp

FAMILY = "recurrent"


def lstm(weights: Weights, x: Array) -> Array:
    """Long short-term memory (Hochreiter and Schmidhuber, 1997) over (batch, time, width)."""
    batch, time, _ = x.shape
    inputs = dense(weights["in"], x).reshape(batch, time, 4, -1).transpose(1, 2, 0, 3)

    def step(state: tuple[Array, Array], gates: Array) -> tuple[tuple[Array, Array], Array]:
        hidden, cell = state
        i, f, g, o = gates + jnp.einsum("bh,gho->gbo", hidden, weights["hidden"])
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
        return (hidden, cell), hidden

    zero = jnp.zeros((batch, inputs.shape[-1]))
    return lax.scan(step, (zero, zero), inputs)[1].swapaxes(0, 1)


def gru(weights: Weights, x: Array) -> Array:
    """Gated recurrent units (Cho et al., 2014, arXiv:1406.1078) over (batch, time, width)."""
    batch, time, _ = x.shape
    inputs = dense(weights["in"], x).reshape(batch, time, 3, -1).transpose(1, 2, 0, 3)

    def step(hidden: Array, gates: Array) -> tuple[Array, Array]:
        reset, update, new = jnp.einsum("bh,gho->gbo", hidden, weights["hidden"])
        update = jax.nn.sigmoid(gates[1] + update)
        new = jnp.tanh(gates[2] + jax.nn.sigmoid(gates[0] + reset) * new)
        hidden = update * hidden + (1 - update) * new
        return hidden, hidden

    return lax.scan(step, jnp.zeros((batch, inputs.shape[-1])), inputs)[1].swapaxes(0, 1)


def retention(weights: Weights, x: Array, heads: int = 4, chunk: int = 32) -> Array:
    """Retention (RetNet; Sun et al., 2023, arXiv:2307.08621): attention inside a chunk, a state from chunk to chunk."""
    q, k, v = (split_heads(x @ weights[name], heads) for name in ("q", "k", "v"))
    chunks = (*q.shape[:2], -1, chunk, q.shape[-1])
    q, k, v = q.reshape(chunks), k.reshape(chunks), v.reshape(chunks)
    steps = jnp.arange(chunk)
    decay = (1 - 2.0 ** (-5 - jnp.arange(heads)))[:, None, None]
    inside = jnp.where(steps[:, None] >= steps, decay ** (steps[:, None] - steps), 0)
    near = jnp.einsum("bhcqk,bhckd->bhcqd", jnp.einsum("bhcqd,bhckd->bhcqk", q, k) * inside[:, None], v)
    states = jnp.einsum("bhckd,bhcke->cbhde", k * decay[..., None] ** (chunk - 1 - steps[:, None]), v)

    def carry(state: Array, new: Array) -> tuple[Array, Array]:
        return state * decay**chunk + new, state

    before = lax.scan(carry, jnp.zeros_like(states[0]), states)[1]
    far = jnp.einsum("bhcqd,cbhde->bhcqe", q * decay[..., None] ** (1 + steps[:, None]), before)
    return dense(
        weights["out"], layer_norm(weights["norm"], merge_heads((near + far).reshape(*q.shape[:2], -1, q.shape[-1])))
    )


def make_lstm() -> Program:
    """Three residual layers of 64 over 16 sequences of 48 steps."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            x = x + dense(layer["out"], lstm(layer, layer_norm(layer["norm"], x)))
        return x

    seeded = Seeded()
    layers = [
        {"in": seeded.dense(64, 256), "hidden": seeded.normal(4, 64, 64) / 8, "out": seeded.dense(64, 64)}
        | {"norm": seeded.norm(64)}
        for _ in range(3)
    ]
    return model, (layers, seeded.normal(16, 48, 64))


def make_gru() -> Program:
    """Two bidirectional layers (Schuster and Paliwal, 1997) of 48, an MLP after each, over 32 sequences of 32 steps."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            forward, backward = gru(layer["forward"], x), gru(layer["backward"], x[:, ::-1])[:, ::-1]
            x = x + dense(layer["out"], jnp.concatenate([forward, backward], axis=-1))
            x = x + mlp(layer["mlp"], layer_norm(layer["norm"], x))
        return x

    seeded = Seeded()
    layers = [
        {
            name: {"in": seeded.dense(64, 144), "hidden": seeded.normal(3, 48, 48) / 7}
            for name in ("forward", "backward")
        }
        | {"out": seeded.dense(96, 64), "norm": seeded.norm(64), "mlp": seeded.mlp(64, 256)}
        for _ in range(2)
    ]
    return model, (layers, seeded.normal(32, 32, 64))


def make_retention() -> Program:
    """8 sequences of 192 tokens, in 6 chunks."""
    seeded = Seeded()
    return retention, (seeded.attention(96) | {"norm": seeded.norm(96)}, seeded.normal(8, 192, 96))


PROGRAMS = {"recurrent_lstm": make_lstm, "recurrent_gru": make_gru, "recurrent_retention": make_retention}
