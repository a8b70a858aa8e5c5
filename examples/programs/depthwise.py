"""Convolutional networks that mix space by depthwise convolutions and channels by 1 x 1.

XLA's depthwise convolution is slow on a CPU (20 to 100 ns a number), so that these are the thrifty designs:
strided, over few of the channels, or only where images are small.
"""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, block, conv, depthwise, group_norm, layer_norm, mlp
from jax import numpy as jnp

FAMILY = "depthwise"


def inverted(weights: Weights, x: Array) -> Array:
    """MobileNetV2's inverted residual (Sandler et al., 2018, arXiv:1801.04381) where it halves the image."""
    inner = jax.nn.relu6(group_norm(weights["norm1"], conv(weights["wide"], x)))
    inner = jax.nn.relu6(group_norm(weights["norm2"], depthwise(weights["space"], inner, stride=2)))
    return conv(weights["narrow"], inner)


def inception(layers: list[Weights], x: Array) -> Array:
    """InceptionNeXt (Yu et al., 2023, arXiv:2303.16900): a square, a row, a column; most channels stay as they are."""
    for layer in layers:
        few = layer["square"].shape[-1]
        square, row, column, rest = jnp.split(x, (few, 2 * few, 3 * few), axis=-1)
        kernels = (layer["square"], square), (layer["row"], row), (layer["column"], column)
        mixed = jnp.concatenate([*(depthwise(w, part) for w, part in kernels), rest], axis=-1)
        x = x + mlp(layer["mlp"], layer_norm(layer["norm"], mixed))
    return x


def mobilevit(weights: Weights, x: Array, size: int = 2) -> Array:
    """MobileViT (Mehta and Rastegari, 2022, arXiv:2110.02178): pixels at one place of all patches see each other."""
    for layer in weights["mobile"]:
        x = inverted(layer, x)
    batch, height, width, channels = x.shape
    tiles = x.reshape(batch, height // size, size, width // size, size, channels).transpose(0, 2, 4, 1, 3, 5)
    tokens = tiles.reshape(batch * size * size, -1, channels)
    for layer in weights["global"]:
        tokens = block(layer, tokens, 4)
    seen = tokens.reshape(tiles.shape).transpose(0, 3, 1, 4, 2, 5).reshape(x.shape)
    return conv(weights["merge"], jnp.concatenate([x, seen], axis=-1))


def inverted_weights(seeded: Seeded, inputs: int, outputs: int) -> Weights:
    """Weights of :func:`inverted`, 64 channels inside."""
    kernels = {"wide": seeded.kernel(1, 1, inputs, 64), "space": seeded.kernel(3, 3, 1, 64)}
    return kernels | {"narrow": seeded.kernel(1, 1, 64, outputs), "norm1": seeded.norm(64), "norm2": seeded.norm(64)}


def make_mobilenet() -> Program:
    """Three strided blocks over 4 images of 32 x 32 pixels, from 16 channels to 32."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            x = inverted(layer, x)
        return x

    seeded = Seeded()
    layers = [inverted_weights(seeded, inputs, outputs) for inputs, outputs in ((16, 24), (24, 32), (32, 32))]
    return model, (layers, seeded.normal(4, 32, 32, 16))


def make_inception() -> Program:
    """Two blocks of 64 channels over 4 images of 16 x 16 pixels."""
    seeded = Seeded()
    layers = [
        {"square": seeded.kernel(3, 3, 1, 4), "row": seeded.kernel(1, 7, 1, 4), "column": seeded.kernel(7, 1, 1, 4)}
        | {"norm": seeded.norm(64), "mlp": seeded.mlp(64, 256)}
        for _ in range(2)
    ]
    return inception, (layers, seeded.normal(4, 16, 16, 64))


def make_mobilevit() -> Program:
    """A strided block, then a transformer's block in patches of 2 x 2, over 4 images of 32 x 32 pixels."""
    seeded = Seeded()
    weights = {"mobile": [inverted_weights(seeded, 16, 32)], "global": [seeded.block(32, 64)]}
    return mobilevit, (weights | {"merge": seeded.kernel(1, 1, 64, 32)}, seeded.normal(4, 32, 32, 16))


PROGRAMS = {
    "depthwise_mobilenet": make_mobilenet,
    "depthwise_inception": make_inception,
    "depthwise_mobilevit": make_mobilevit,
}
