"""Residual networks (He et al., 2016, arXiv:1512.03385)."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, conv, dense, group_norm
from jax import numpy as jnp

FAMILY = "resnet"


def basic(weights: Weights, x: Array) -> Array:
    """The block of ResNet-18, with group normalisation."""
    inner = conv(weights["conv1"], jax.nn.relu(group_norm(weights["norm1"], x)))
    return x + conv(weights["conv2"], jax.nn.relu(group_norm(weights["norm2"], inner)))


def bottleneck(weights: Weights, x: Array) -> Array:
    """The block of ResNet-50: narrow by 1 x 1, 3 x 3, wide by 1 x 1."""
    inner = jax.nn.relu(group_norm(weights["norm1"], conv(weights["narrow"], x)))
    inner = jax.nn.relu(group_norm(weights["norm2"], conv(weights["conv"], inner)))
    return jax.nn.relu(x + group_norm(weights["norm3"], conv(weights["wide"], inner)))


def basic_weights(seeded: Seeded, width: int) -> Weights:
    """Weights of :func:`basic`."""
    kernels = {name: seeded.kernel(3, 3, width, width) for name in ("conv1", "conv2")}
    return kernels | {name: seeded.norm(width) for name in ("norm1", "norm2")}


def make_basic() -> Program:
    """Three blocks of 16 channels over 4 images of 32 x 32 pixels, and ten classes."""

    def model(weights: Weights, images: Array) -> Array:
        x = conv(weights["stem"], images)
        for layer in weights["layers"]:
            x = basic(layer, x)
        return dense(weights["classes"], x.mean((1, 2)))

    seeded = Seeded()
    layers = [basic_weights(seeded, 16) for _ in range(3)]
    weights = {"stem": seeded.kernel(3, 3, 3, 16), "classes": seeded.dense(16, 10), "layers": layers}
    return model, (weights, seeded.normal(4, 32, 32, 3))


def bottleneck_weights(seeded: Seeded, width: int, inner: int) -> Weights:
    """Weights of :func:`bottleneck`."""
    kernels = {"narrow": (1, 1, width, inner), "conv": (3, 3, inner, inner), "wide": (1, 1, inner, width)}
    norms = {"norm1": seeded.norm(inner), "norm2": seeded.norm(inner), "norm3": seeded.norm(width)}
    return norms | {name: seeded.kernel(*shape) for name, shape in kernels.items()}


def make_bottleneck() -> Program:
    """Three blocks of 64 channels, 16 inside, over 4 images of 28 x 28 pixels."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            x = bottleneck(layer, x)
        return x

    seeded = Seeded()
    return model, ([bottleneck_weights(seeded, 64, 16) for _ in range(3)], seeded.normal(4, 28, 28, 64))


def make_training() -> Program:
    """The gradient of one block's squared error over 4 images of 24 x 24 pixels."""

    def loss(weights: Weights, x: Array, target: Array) -> Array:
        return jnp.square(bottleneck(weights, x) - target).mean()

    seeded = Seeded()
    images = seeded.normal(4, 24, 24, 64), seeded.normal(4, 24, 24, 64)
    return jax.value_and_grad(loss), (bottleneck_weights(seeded, 64, 16), *images)


PROGRAMS = {
    "resnet_basic": make_basic,
    "resnet_bottleneck": make_bottleneck,
    "resnet_training": make_training,
}
