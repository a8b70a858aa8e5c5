"""Convolutional networks that mix space by depthwise convolutions and channels by 1 x 1.

XLA's depthwise convolution is slow on a CPU (20 to 100 ns a number), so that these are the thrifty designs:
strided, over few of the channels, or only where images are small.
"""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, conv, dense, depthwise, layer_norm, mlp
from jax import numpy as jnp

FAMILY = "depthwise"


def mobilenet(layers: list[Weights], x: Array) -> Array:
    """MobileNetV2's inverted residuals (Sandler et al., 2018, arXiv:1801.04381) where they halve the image."""
    for layer in layers:
        inner = jax.nn.relu6(conv(layer["wide"], x))
        x = conv(layer["narrow"], jax.nn.relu6(depthwise(layer["space"], inner, stride=2)))
    return x


def inception(layers: list[Weights], x: Array) -> Array:
    """InceptionNeXt (Yu et al., 2023, arXiv:2303.16900): a square, a row, a column; most channels stay as they are."""
    for layer in layers:
        few = layer["square"].shape[-1]
        square, row, column, rest = jnp.split(x, (few, 2 * few, 3 * few), axis=-1)
        kernels = (layer["square"], square), (layer["row"], row), (layer["column"], column)
        mixed = jnp.concatenate([*(depthwise(w, part) for w, part in kernels), rest], axis=-1)
        x = x + mlp(layer["mlp"], layer_norm(layer["norm"], mixed))
    return x


def efficient(weights: Weights, x: Array) -> Array:
    """EfficientNetV2 (Tan and Le, 2021, arXiv:2104.00298): fused blocks, then a depthwise one gated by what is seen."""
    for layer in weights["fused"]:
        x = x + conv(layer["narrow"], jax.nn.silu(conv(layer["wide"], x)))
    layer = weights["depthwise"]
    inner = jax.nn.silu(depthwise(layer["space"], jax.nn.silu(conv(layer["wide"], x)), stride=2))
    seen = jax.nn.silu(dense(layer["squeeze"], inner.mean((1, 2), keepdims=True)))
    return conv(layer["narrow"], inner * jax.nn.sigmoid(dense(layer["excite"], seen)))


def make_mobilenet() -> Program:
    """Three blocks over 4 images of 32 x 32 pixels, from 16 channels to 32."""
    seeded = Seeded()
    layers = [
        {"wide": seeded.kernel(1, 1, width, 64), "space": seeded.kernel(3, 3, 1, 64)}
        | {"narrow": seeded.kernel(1, 1, 64, following)}
        for width, following in ((16, 24), (24, 32), (32, 32))
    ]
    return mobilenet, (layers, seeded.normal(4, 32, 32, 16))


def make_inception() -> Program:
    """Two blocks of 64 channels over 4 images of 16 x 16 pixels."""
    seeded = Seeded()
    layers = [
        {"square": seeded.kernel(3, 3, 1, 4), "row": seeded.kernel(1, 7, 1, 4), "column": seeded.kernel(7, 1, 1, 4)}
        | {"norm": seeded.norm(64), "mlp": seeded.mlp(64, 256)}
        for _ in range(2)
    ]
    return inception, (layers, seeded.normal(4, 16, 16, 64))


def make_efficient() -> Program:
    """Two fused blocks and a depthwise one over 4 images of 24 x 24 pixels, 16 channels and 48 inside."""
    seeded = Seeded()
    fused = [{"wide": seeded.kernel(3, 3, 16, 48), "narrow": seeded.kernel(1, 1, 48, 16)} for _ in range(2)]
    last = {
        "wide": seeded.kernel(1, 1, 16, 48),
        "space": seeded.kernel(3, 3, 1, 48),
        "narrow": seeded.kernel(1, 1, 48, 24),
    }
    gate = {"squeeze": seeded.dense(48, 4), "excite": seeded.dense(4, 48)}
    return efficient, ({"fused": fused, "depthwise": last | gate}, seeded.normal(4, 24, 24, 16))


PROGRAMS = {
    "depthwise_mobilenet": make_mobilenet,
    "depthwise_inception": make_inception,
    "depthwise_efficient": make_efficient,
}
