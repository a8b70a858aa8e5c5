"""U-Nets (Ronneberger et al., 2015, arXiv:1505.04597): down, up, and across at every size."""

from __future__ import annotations

from itertools import pairwise

import jax
from _layers import Array, Program, Seeded, Weights, attention, conv, dense, group_norm
from jax import lax
from jax import numpy as jnp

FAMILY = "unet"


def pool(x: Array) -> Array:
    """Maxima of squares of two."""
    window = (1, 2, 2, 1)
    return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")


def grow(x: Array) -> Array:
    """Every pixel becomes a square or cube of two."""
    for axis in range(1, x.ndim - 1):
        x = jnp.repeat(x, 2, axis)
    return x


def unet(weights: Weights, images: Array) -> Array:
    """A network whose middle is a network of the same kind at half the size."""
    across = jax.nn.relu(group_norm(weights["norm"], conv(weights["down"], images)))
    inner = pool(across)
    inner = unet(weights["inner"], inner) if "inner" in weights else jax.nn.relu(conv(weights["bottom"], inner))
    x = jnp.concatenate([across, grow(conv(weights["narrow"], inner))], axis=-1)
    return jax.nn.relu(conv(weights["up"], x))


def volume(weights: Weights, x: Array) -> Array:
    """V-Net (Milletari et al., 2016, arXiv:1606.04797): cubes of two are convolved down, and spread on the way up."""
    x, across = conv(weights["in"], x), []
    for layer in weights["levels"]:
        across.append(x)
        x = jax.nn.relu(conv(layer["halve"], x, stride=2))
    x = x + jax.nn.relu(conv(weights["bottom"], x))
    for layer, wide in zip(reversed(weights["levels"]), reversed(across), strict=True):
        x = jnp.concatenate([wide, grow(conv(layer["grow"], x))], axis=-1)
        x = jax.nn.relu(group_norm(layer["norm"], conv(layer["merge"], x)))
    return conv(weights["out"], x)


def residual(weights: Weights, x: Array, time: Array) -> Array:
    """A residual block that knows how noisy its images are."""
    inner = conv(weights["conv1"], jax.nn.silu(group_norm(weights["norm1"], x)))
    inner = inner + dense(weights["time"], time)[:, None, None]
    return x + conv(weights["conv2"], jax.nn.silu(group_norm(weights["norm2"], inner)))


def diffusion(weights: Weights, images: Array, time: Array) -> Array:
    """DDPM's network (Ho et al., 2020, arXiv:2006.11239): residual blocks, attention where the images are small."""
    angles = time[:, None] * 10_000.0 ** (-jnp.arange(16) / 16)
    time = jax.nn.silu(dense(weights["time"], jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], axis=-1)))
    across = residual(weights["down"], conv(weights["in"], images), time)
    x = residual(weights["small"], conv(weights["narrow"], across, stride=2), time)
    tokens = group_norm(weights["norm"], x).reshape(x.shape[0], -1, x.shape[-1])
    x = x + attention(weights["attention"], tokens, tokens, 4).reshape(x.shape)
    x = residual(weights["up"], across + conv(weights["wide"], grow(x)), time)
    return conv(weights["out"], jax.nn.silu(x))


def level(seeded: Seeded, width: int, inner: Weights | None = None) -> Weights:
    """Weights of :func:`unet`, which is given half as many channels as it is wide."""
    bottom = {"inner": inner} if inner else {"bottom": seeded.kernel(1, 1, width, 2 * width)}
    return bottom | {
        "narrow": seeded.kernel(1, 1, 2 * width, width),
        "up": seeded.kernel(1, 1, 2 * width, width),
        "down": seeded.kernel(3, 3, width // 2, width),
        "norm": seeded.norm(width),
    }


def make_2d() -> Program:
    """Three sizes over 6 images of 64 x 64 pixels."""
    seeded = Seeded()
    weights = level(seeded, 8, level(seeded, 16))
    return unet, (weights, seeded.normal(6, 64, 64, 4))


def make_3d() -> Program:
    """A volume of 32 x 32 x 32, down to 32 channels at 8 x 8 x 8."""
    seeded = Seeded()
    widths = (8, 16, 32)
    weights = {
        "in": seeded.kernel(1, 1, 1, 2, 8),
        "bottom": seeded.kernel(3, 3, 3, 32, 32),
        "out": seeded.kernel(1, 1, 1, 8, 2),
    }
    levels = [
        {"halve": seeded.kernel(2, 2, 2, width, below), "grow": seeded.kernel(1, 1, 1, below, width)}
        | {"merge": seeded.kernel(1, 1, 1, 2 * width, width), "norm": seeded.norm(width)}
        for width, below in pairwise(widths)
    ]
    return volume, (weights | {"levels": levels}, seeded.normal(1, 32, 32, 32, 2))


def make_diffusion() -> Program:
    """4 images of 24 x 24 pixels at four levels of noise."""
    seeded = Seeded()

    def block() -> Weights:
        kernels = {name: seeded.kernel(3, 3, 16, 16) for name in ("conv1", "conv2")}
        return kernels | {"norm1": seeded.norm(16), "norm2": seeded.norm(16), "time": seeded.dense(32, 16)}

    weights = {name: block() for name in ("down", "small", "up")}
    weights |= {"time": seeded.dense(32, 32), "norm": seeded.norm(16), "attention": seeded.attention(16)}
    weights |= {"in": seeded.kernel(3, 3, 3, 16), "out": seeded.kernel(3, 3, 16, 3)}
    weights |= {"narrow": seeded.kernel(3, 3, 16, 16), "wide": seeded.kernel(1, 1, 16, 16)}
    return diffusion, (weights, seeded.normal(4, 24, 24, 3), seeded.generator.random(4, dtype="float32") * 1000)


PROGRAMS = {"unet_2d": make_2d, "unet_3d": make_3d, "unet_diffusion": make_diffusion}
