"""Autoencoders."""

from __future__ import annotations

import jax
import numpy as np
from _layers import Array, Program, Seeded, Weights, block, conv, dense, patches
from jax import numpy as jnp

FAMILY = "autoencoder"


def convolutional(weights: Weights, images: Array) -> Array:
    """Strided convolutions down (Masci et al., 2011); up by 1 x 1 convolutions whose channels become pixels."""
    x = images
    for layer in weights["down"]:
        x = jax.nn.relu(conv(layer, x, stride=2))
    for layer in weights["up"]:
        batch, height, width, _ = x.shape
        pixels = conv(layer, jax.nn.relu(x)).reshape(batch, height, width, 2, 2, -1)
        x = pixels.transpose(0, 1, 3, 2, 4, 5).reshape(batch, 2 * height, 2 * width, -1)
    return x


def masked(weights: Weights, images: Array, kept: Array, places: Array, heads: int = 4) -> Array:
    """MAE (He et al., 2022, arXiv:2111.06377): the error of patches rebuilt from the few that are kept."""
    target = patches(images, 4)
    seen = jnp.take_along_axis(target, kept[..., None], axis=1)
    x = dense(weights["in"], seen) + weights["positions"][kept]
    for layer in weights["encoder"]:
        x = block(layer, x, heads)
    hidden = jnp.broadcast_to(weights["mask"], (x.shape[0], target.shape[1] - x.shape[1], x.shape[2]))
    x = jnp.take_along_axis(jnp.concatenate([x, hidden], axis=1), places[..., None], axis=1) + weights["positions"]
    for layer in weights["decoder"]:
        x = block(layer, x, heads)
    return jnp.square(dense(weights["out"], x) - target).mean(-1)


def quantised(weights: Weights, images: Array) -> Array:
    """A soft VQ-VAE (Sonderby et al., 2017; van den Oord et al., 2017): a code is a mean of the codebook's rows."""
    x = jax.nn.relu(dense(weights["in"], patches(images, 4)))
    z = dense(weights["encode"], x).reshape(*x.shape[:2], weights["codebook"].shape[0], -1)
    book = weights["codebook"]
    distances = jnp.square(book).sum(-1) - 2 * jnp.einsum("bpgd,gkd->bpgk", z, book)
    codes = jnp.einsum("bpgk,gkd->bpgd", jax.nn.softmax(-distances), book)
    x = jax.nn.relu(dense(weights["decode"], codes.reshape(*x.shape[:2], -1)))
    pixels = dense(weights["out"], x).reshape(-1, 8, 8, 4, 4, 3)
    return pixels.transpose(0, 1, 3, 2, 4, 5).reshape(images.shape)


def make_convolutional() -> Program:
    """Two steps down and up over 16 images of 64 x 64 pixels."""
    seeded = Seeded()
    down = [seeded.kernel(3, 3, 3, 16), seeded.kernel(3, 3, 16, 32)]
    up = [seeded.kernel(1, 1, 32, 96), seeded.kernel(1, 1, 24, 12)]
    return convolutional, ({"down": down, "up": up}, seeded.normal(16, 64, 64, 3))


def make_masked() -> Program:
    """A layer each way; 24 of 64 patches of 16 images are kept."""
    seeded = Seeded()
    order = np.argsort(seeded.generator.random((16, 64)), axis=1).astype(np.int32)
    weights = {"in": seeded.dense(48, 64), "positions": seeded.normal(64, 64), "mask": seeded.normal(64)}
    layers = {"encoder": [seeded.block(64, 128)], "decoder": [seeded.block(64, 128)], "out": seeded.dense(64, 48)}
    places = np.argsort(order, axis=1).astype(np.int32)
    return masked, (weights | layers, seeded.normal(16, 32, 32, 3), order[:, :24], places)


def make_quantised() -> Program:
    """The gradient of the squared error: four codebooks of 64 rows, 8 images of 64 patches."""

    def loss(weights: Weights, images: Array) -> Array:
        return jnp.square(quantised(weights, images) - images).mean()

    seeded = Seeded()
    weights = {"in": seeded.dense(48, 128), "encode": seeded.dense(128, 64), "codebook": seeded.normal(4, 64, 16)}
    weights |= {"decode": seeded.dense(64, 128), "out": seeded.dense(128, 48)}
    return jax.value_and_grad(loss), (weights, seeded.normal(8, 32, 32, 3))


PROGRAMS = {
    "autoencoder_convolutional": make_convolutional,
    "autoencoder_masked": make_masked,
    "autoencoder_quantised": make_quantised,
}
