"""Networks over video: (batch, time, height, width, channels)."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, attention, conv, layer_norm, mlp
from jax import numpy as jnp

FAMILY = "video"


def factored(layers: list[Weights], x: Array) -> Array:
    """R(2+1)D (Tran et al., 2018, arXiv:1711.11248): a convolution of frames, then one in time."""
    for layer in layers:
        batch, time, height, width, channels = x.shape
        inner = jax.nn.relu(conv(layer["space"], x.reshape(-1, height, width, channels)))
        inner = conv(layer["time"], inner.reshape(batch, time, height * width, -1))
        x = jax.nn.relu(x + inner.reshape(x.shape))
    return x


def divided(layers: list[Weights], x: Array, heads: int = 4) -> Array:
    """TimeSformer (Bertasius et al., 2021, arXiv:2102.05095): attention in time, then in space, then an MLP."""
    batch, time, places, width = x.shape
    for layer in layers:
        moments = layer_norm(layer["norm1"], x).swapaxes(1, 2).reshape(-1, time, width)
        moments = attention(layer["time"], moments, moments, heads).reshape(batch, places, time, width)
        x = x + moments.swapaxes(1, 2)
        frames = layer_norm(layer["norm2"], x).reshape(-1, places, width)
        x = x + attention(layer["space"], frames, frames, heads).reshape(x.shape)
        x = x + mlp(layer["mlp"], layer_norm(layer["norm3"], x))
    return x


def nonlocal_network(layers: list[Weights], x: Array) -> Array:
    """Non-local blocks (Wang et al., 2018, arXiv:1711.07971) between convolutions of frames: keys at half the size."""
    for layer in layers:
        batch, time, height, width, channels = x.shape
        x = jax.nn.relu(conv(layer["conv"], x.reshape(-1, height, width, channels))).reshape(x.shape)
        small = x.reshape(batch * time, height // 2, 2, width // 2, 2, channels).mean((2, 4))
        keys, values = (jnp.einsum("nhwi,io->nhwo", small, layer[name]) for name in ("key", "value"))
        keys, values = keys.reshape(batch, -1, keys.shape[-1]), values.reshape(batch, -1, values.shape[-1])
        queries = (x @ layer["query"]).reshape(batch, -1, keys.shape[-1])
        seen = jax.nn.softmax(jnp.einsum("bqc,bkc->bqk", queries, keys)) @ values
        x = x + seen.reshape(*x.shape[:-1], -1) @ layer["out"]
    return x


def make_factored() -> Program:
    """Three blocks of 16 channels over 2 clips of 8 frames of 16 x 16."""
    seeded = Seeded()
    layers = [{"space": seeded.kernel(3, 3, 16, 24), "time": seeded.kernel(3, 1, 24, 16)} for _ in range(3)]
    return factored, (layers, seeded.normal(2, 8, 16, 16, 16))


def make_divided() -> Program:
    """One layer of 64 over 4 clips of 8 frames of 36 patches."""
    seeded = Seeded()
    norms = {name: seeded.norm(64) for name in ("norm1", "norm2", "norm3")}
    layer = {"time": seeded.attention(64), "space": seeded.attention(64), "mlp": seeded.mlp(64, 128)}
    return divided, ([layer | norms], seeded.normal(4, 8, 36, 64))


def make_nonlocal() -> Program:
    """Two blocks of 32 channels over 4 clips of 4 frames of 12 x 12."""
    seeded = Seeded()
    layers = [
        {"conv": seeded.kernel(3, 3, 32, 32), "out": seeded.kernel(16, 32)}
        | {name: seeded.kernel(32, 16) for name in ("query", "key", "value")}
        for _ in range(2)
    ]
    return nonlocal_network, (layers, seeded.normal(4, 4, 12, 12, 32))


PROGRAMS = {"video_factored": make_factored, "video_divided": make_divided, "video_nonlocal": make_nonlocal}
