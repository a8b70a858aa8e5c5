"""Multi-layer perceptrons over batches of rank three."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, dense
from jax import numpy as jnp

FAMILY = "mlp"


def ensemble(weights: list[Array], x: Array) -> Array:
    """A deep ensemble (Lakshminarayanan et al., 2017, arXiv:1612.01474): every member sees the same batch."""
    hidden = jnp.einsum("bi,mih->mbh", x, weights[0])
    for w in weights[1:]:
        hidden = jnp.einsum("mbh,mho->mbo", jax.nn.silu(hidden), w)
    return hidden


def monarch(layers: list[tuple[Array, Array]], x: Array) -> Array:
    """Monarch matrices (Dao et al., 2022, arXiv:2204.00595): two block-diagonal products, a permutation after each."""
    size = layers[0][0].shape[0]
    for left, right in layers:
        squares = jnp.einsum("bki,kij->bkj", x.reshape(-1, size, size), left).swapaxes(1, 2)
        x = jax.nn.gelu(jnp.einsum("bki,kij->bkj", squares, right).swapaxes(1, 2).reshape(x.shape))
    return x


def waves(points: Array, octaves: int) -> Array:
    """Sines and cosines of the last dimension at doubling frequencies."""
    scaled = points[..., None, :] * 2.0 ** jnp.arange(octaves)[:, None]
    return jnp.concatenate([jnp.sin(scaled), jnp.cos(scaled)], axis=-1).reshape(*points.shape[:-1], -1)


def radiance(weights: Weights, points: Array, directions: Array) -> Array:
    """NeRF (Mildenhall et al., 2020, arXiv:2003.08934): colours along rays, summed by how much of them is seen."""
    encoded = waves(points, 6)
    x = encoded
    for layer in weights["layers"]:
        x = jax.nn.relu(dense(layer, jnp.concatenate([x, encoded], axis=-1)))
    opacity = 1 - jnp.exp(-jax.nn.softplus(dense(weights["density"], x)))
    seen = opacity * jnp.cumprod(1 - opacity + 1e-6, axis=1)
    hidden = jax.nn.relu(dense(weights["hidden"], x) + waves(directions, 4) @ weights["direction"])
    return jnp.einsum("rsc,rso->rc", jax.nn.sigmoid(dense(weights["colour"], hidden)), seen)


def make_ensemble() -> Program:
    """The gradient of 8 members' squared error: 64 inputs, two hidden layers of 96, a batch of 128."""

    def loss(weights: list[Array], x: Array, target: Array) -> Array:
        return jnp.square(ensemble(weights, x) - target).mean()

    seeded = Seeded()
    shapes = (8, 64, 96), (8, 96, 96), (8, 96, 96), (8, 96, 32)
    weights = [seeded.normal(*shape) / shape[1] ** 0.5 for shape in shapes]
    return jax.value_and_grad(loss), (weights, seeded.normal(128, 64), seeded.normal(128, 32))


def make_monarch() -> Program:
    """Three layers of 1,024 x 1,024 in blocks of 32 x 32, a batch of 256."""
    seeded = Seeded()
    layers = [(seeded.normal(32, 32, 32) / 32**0.5, seeded.normal(32, 32, 32) / 32**0.5) for _ in range(3)]
    return monarch, (layers, seeded.normal(256, 1024))


def make_radiance() -> Program:
    """64 rays of 32 samples through four layers of 64."""
    seeded = Seeded()
    layers = [seeded.dense(72, 64), *(seeded.dense(64 + 36, 64) for _ in range(3))]
    ends = {"density": seeded.dense(64, 1), "hidden": seeded.dense(64, 48), "colour": seeded.dense(48, 3)}
    weights = {"layers": layers, "direction": seeded.kernel(24, 48)} | ends
    return radiance, (weights, seeded.normal(64, 32, 3), seeded.normal(64, 1, 3))


PROGRAMS = {"mlp_ensemble": make_ensemble, "mlp_monarch": make_monarch, "mlp_radiance": make_radiance}
