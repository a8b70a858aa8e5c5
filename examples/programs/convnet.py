"""Convolutional networks without residuals."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, conv, depthwise
from jax import numpy as jnp

FAMILY = "convnet"


def squeeze(layers: list[Weights], x: Array) -> Array:
    """SqueezeNet's fire modules (Iandola et al., 2016, arXiv:1602.07360): squeeze, then expand by 1 x 1 and 3 x 3."""
    for layer in layers:
        narrow = jax.nn.relu(conv(layer["squeeze"], x))
        wide = conv(layer["one"], narrow), conv(layer["three"], narrow)
        x = jax.nn.relu(jnp.concatenate(wide, axis=-1))
    return x


def shuffle(layers: list[Weights], x: Array, groups: int = 4) -> Array:
    """ShuffleNet (Zhang et al., 2018, arXiv:1707.01083): 1 x 1 by groups, whose channels are shuffled in between."""
    grouped = (*x.shape[:-1], groups, -1)
    for layer in layers:
        inner = jax.nn.relu(jnp.einsum("nhwgi,gio->nhwgo", x.reshape(grouped), layer["in"]))
        inner = depthwise(layer["space"], inner.swapaxes(3, 4).reshape(*x.shape[:-1], -1))
        x = jax.nn.relu(x + jnp.einsum("nhwgi,gio->nhwgo", inner.reshape(grouped), layer["out"]).reshape(x.shape))
    return x


def superresolution(weights: Weights, images: Array, times: int = 2) -> Array:
    """ESPCN (Shi et al., 2016, arXiv:1609.05158): channels become pixels at the end of each of two stages."""
    x = images
    for layer in weights["stages"]:
        batch, height, width, _ = x.shape
        x = conv(layer["up"], jnp.tanh(conv(layer["in"], x)))
        pixels = x.reshape(batch, height, width, times, times, -1).transpose(0, 1, 3, 2, 4, 5)
        x = pixels.reshape(batch, height * times, width * times, -1)
    return conv(weights["out"], x)


def make_squeeze() -> Program:
    """Three modules of 64 channels over 4 images of 32 x 32 pixels."""
    seeded = Seeded()
    layers = [
        {
            "squeeze": seeded.kernel(1, 1, 64, 12),
            "one": seeded.kernel(1, 1, 12, 32),
            "three": seeded.kernel(3, 3, 12, 32),
        }
        for _ in range(3)
    ]
    return squeeze, (layers, seeded.normal(4, 32, 32, 64))


def make_shuffle() -> Program:
    """Three units of 64 channels, 16 inside, in four groups over 4 images of 24 x 24 pixels."""
    seeded = Seeded()
    layers = [
        {"in": seeded.normal(4, 16, 4) / 4, "space": seeded.kernel(3, 3, 1, 16), "out": seeded.normal(4, 4, 16) / 2}
        for _ in range(3)
    ]
    return shuffle, (layers, seeded.normal(4, 24, 24, 64))


def make_superresolution() -> Program:
    """8 images of 20 x 20 pixels, made four times as wide and high."""
    seeded = Seeded()
    first = {"in": seeded.kernel(3, 3, 3, 32), "up": seeded.kernel(1, 1, 32, 64)}
    second = {"in": seeded.kernel(3, 3, 16, 16), "up": seeded.kernel(1, 1, 16, 32)}
    weights = {"stages": [first, second], "out": seeded.kernel(1, 1, 8, 3)}
    return superresolution, (weights, seeded.normal(8, 20, 20, 3))


PROGRAMS = {
    "convnet_squeeze": make_squeeze,
    "convnet_shuffle": make_shuffle,
    "convnet_superresolution": make_superresolution,
}
