"""Transformer encoders (Vaswani et al., 2017, arXiv:1706.03762)."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, attention, block, dense, layer_norm, mlp, patches
from jax import numpy as jnp

FAMILY = "encoder"
HEADS = 4


def bert(weights: Weights, tokens: Array) -> Array:
    """BERT (Devlin et al., 2019, arXiv:1810.04805): normalised after each half, logits by the tied embedding."""
    x = weights["embedding"][tokens] + weights["positions"]
    for layer in weights["layers"]:
        x = layer_norm(layer["norm1"], x + attention(layer["attention"], x, x, HEADS))
        x = layer_norm(layer["norm2"], x + mlp(layer["mlp"], x))
    return x @ weights["embedding"].T


def vit(weights: Weights, images: Array) -> Array:
    """A vision transformer (Dosovitskiy et al., 2021, arXiv:2010.11929), its classes from the mean of the patches."""
    x = dense(weights["patch"], patches(images, 4)) + weights["positions"]
    for layer in weights["layers"]:
        x = block(layer, x, HEADS)
    return dense(weights["classes"], x.mean(1))


def make_bert() -> Program:
    """Two layers over 8 sequences of 64 tokens."""
    seeded = Seeded()
    layers = [seeded.block(96, 192) for _ in range(2)]
    weights = {"embedding": seeded.kernel(256, 96), "positions": seeded.normal(64, 96), "layers": layers}
    return bert, (weights, seeded.integers(256, 8, 64))


def make_vit() -> Program:
    """Two layers over 8 images of 32 x 32 pixels in 64 patches."""
    seeded = Seeded()
    layers = [seeded.block(96, 192) for _ in range(2)]
    ends = {"patch": seeded.dense(48, 96), "classes": seeded.dense(96, 10)}
    return vit, (ends | {"positions": seeded.normal(64, 96), "layers": layers}, seeded.normal(8, 32, 32, 3))


def make_training() -> Program:
    """The gradient of a regression on the features of one layer."""

    def loss(weights: Weights, x: Array, target: Array) -> Array:
        return jnp.square(block(weights, x, HEADS) - target).mean()

    seeded = Seeded()
    return jax.value_and_grad(loss), (seeded.block(64, 128), seeded.normal(8, 48, 64), seeded.normal(8, 48, 64))


PROGRAMS = {"encoder_bert": make_bert, "encoder_vit": make_vit, "encoder_training": make_training}
