"""Mixers: layers that mix tokens and layers that mix channels, in turn."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, dense, layer_norm, mlp, patches
from jax import numpy as jnp

FAMILY = "mixer"


def mixer(weights: Weights, images: Array) -> Array:
    """MLP-Mixer (Tolstikhin et al., 2021, arXiv:2105.01601)."""
    x = dense(weights["patch"], patches(images, 4))
    for layer in weights["layers"]:
        x = x + mlp(layer["tokens"], layer_norm(layer["norm1"], x).swapaxes(1, 2)).swapaxes(1, 2)
        x = x + mlp(layer["channels"], layer_norm(layer["norm2"], x))
    return dense(weights["classes"], x.mean(1))


def gated(weights: Weights, x: Array) -> Array:
    """A gated MLP (gMLP; Liu et al., 2021, arXiv:2105.08050): half of the channels gates the other, along time."""
    for layer in weights["layers"]:
        u, v = jnp.split(jax.nn.gelu(dense(layer["in"], layer_norm(layer["norm1"], x))), 2, axis=-1)
        gate = dense(layer["time"], layer_norm(layer["norm2"], v).swapaxes(1, 2)).swapaxes(1, 2)
        x = x + dense(layer["out"], u * (1 + gate))
    return x


def permutator(weights: Weights, x: Array) -> Array:
    """Vision Permutator (Hou et al., 2021, arXiv:2106.12368): height, width and channels are mixed each by itself."""
    batch, height, width, channels = x.shape
    segments = (batch, height, width, channels // height, height)
    for layer in weights["layers"]:
        normal = layer_norm(layer["norm1"], x)
        parts = normal.reshape(segments)
        rows = dense(layer["rows"], parts.transpose(0, 4, 2, 3, 1).reshape(x.shape))
        columns = dense(layer["columns"], parts.transpose(0, 1, 4, 3, 2).reshape(x.shape))
        rows = rows.reshape(segments).transpose(0, 4, 2, 3, 1).reshape(x.shape)
        columns = columns.reshape(segments).transpose(0, 1, 4, 3, 2).reshape(x.shape)
        x = x + dense(layer["out"], rows + columns + dense(layer["channels"], normal))
        x = x + mlp(layer["mlp"], layer_norm(layer["norm2"], x))
    return x


def make_mlp() -> Program:
    """Three layers over 8 images of 32 x 32 pixels in 64 patches of 96 channels."""
    seeded = Seeded()
    layers = [
        {
            "norm1": seeded.norm(96),
            "norm2": seeded.norm(96),
            "tokens": seeded.mlp(64, 64),
            "channels": seeded.mlp(96, 128),
        }
        for _ in range(3)
    ]
    ends = {"patch": seeded.dense(48, 96), "classes": seeded.dense(96, 10)}
    return mixer, (ends | {"layers": layers}, seeded.normal(8, 32, 32, 3))


def make_gated() -> Program:
    """Three layers over 8 sequences of 96 tokens."""
    seeded = Seeded()
    layers = [
        {"norm1": seeded.norm(64), "in": seeded.dense(64, 192), "norm2": seeded.norm(96)}
        | {"time": seeded.dense(96, 96), "out": seeded.dense(96, 64)}
        for _ in range(3)
    ]
    return gated, ({"layers": layers}, seeded.normal(8, 96, 64))


def make_permutator() -> Program:
    """Two layers over 8 images of 16 x 16 tokens with 64 channels."""
    seeded = Seeded()
    layers = [
        {name: seeded.dense(64, 64) for name in ("rows", "columns", "channels", "out")}
        | {"norm1": seeded.norm(64), "norm2": seeded.norm(64), "mlp": seeded.mlp(64, 128)}
        for _ in range(2)
    ]
    return permutator, ({"layers": layers}, seeded.normal(8, 16, 16, 64))


PROGRAMS = {"mixer_mlp": make_mlp, "mixer_gated": make_gated, "mixer_permutator": make_permutator}
