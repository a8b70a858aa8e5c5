"""What the programs share: seeded arrays, and layers as pure functions of (weights, x). Channels come last."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

Array = jax.Array
Weights = dict[str, Any]
Program = tuple[Callable[..., Any], tuple[Any, ...]]
"""A pure function and its example arguments, each a tree of arrays."""


class Seeded:
    """float32 arrays and layers' weights, the same for the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self.generator = np.random.default_rng(seed)

    def normal(self, *shape: int) -> np.ndarray:
        """Standard normal numbers."""
        return self.generator.standard_normal(shape, dtype=np.float32)

    def integers(self, below: int, *shape: int) -> np.ndarray:
        """int32 numbers from 0 on."""
        return self.generator.integers(below, size=shape, dtype=np.int32)

    def kernel(self, *shape: int) -> np.ndarray:
        """Weights scaled by all dimensions but the last, which keeps the variance of what they multiply."""
        return self.normal(*shape) / np.float32(math.sqrt(math.prod(shape[:-1])))

    def dense(self, inputs: int, outputs: int) -> Weights:
        """Weights of :func:`dense`."""
        return {"w": self.kernel(inputs, outputs), "b": 0.1 * self.normal(outputs)}

    def norm(self, width: int) -> Weights:
        """Weights of :func:`layer_norm` and :func:`group_norm`."""
        return {"scale": 1 + 0.1 * self.normal(width), "bias": 0.1 * self.normal(width)}

    def mlp(self, width: int, hidden: int) -> Weights:
        """Weights of :func:`mlp`."""
        return {"up": self.dense(width, hidden), "down": self.dense(hidden, width)}

    def attention(self, width: int) -> Weights:
        """Weights of :func:`attention`."""
        return {name: self.kernel(width, width) for name in ("q", "k", "v")} | {"out": self.dense(width, width)}

    def block(self, width: int, hidden: int) -> Weights:
        """Weights of :func:`block`."""
        norms = {"norm1": self.norm(width), "norm2": self.norm(width)}
        return norms | {"attention": self.attention(width), "mlp": self.mlp(width, hidden)}


def dense(weights: Weights, x: Array) -> Array:
    """An affine map of the last dimension."""
    return x @ weights["w"] + weights["b"]


def mlp(weights: Weights, x: Array) -> Array:
    """Two affine maps with a GELU between them."""
    return dense(weights["down"], jax.nn.gelu(dense(weights["up"], x)))


def layer_norm(weights: Weights, x: Array) -> Array:
    """Layer normalisation (Ba et al., 2016)."""
    return _standard(x, (-1,)) * weights["scale"] + weights["bias"]


def group_norm(weights: Weights, x: Array, groups: int = 4) -> Array:
    """Group normalisation (Wu and He, 2018)."""
    grouped = x.reshape(x.shape[0], -1, groups, x.shape[-1] // groups)
    return _standard(grouped, (1, 3)).reshape(x.shape) * weights["scale"] + weights["bias"]


def _standard(x: Array, axes: tuple[int, ...]) -> Array:
    return (x - x.mean(axes, keepdims=True)) * lax.rsqrt(x.var(axes, keepdims=True) + 1e-5)


def conv(w: Array, x: Array, stride: int = 1, groups: int = 1, dilation: int = 1) -> Array:
    """A convolution over as many spatial dimensions as x has, padded to keep its size (divided by the stride)."""
    spatial = "DHW"[-(x.ndim - 2) :]
    names = (f"N{spatial}C", f"{spatial}IO", f"N{spatial}C")
    strides, dilations = [stride] * len(spatial), [dilation] * len(spatial)
    return lax.conv_general_dilated(
        x, w, strides, "SAME", rhs_dilation=dilations, dimension_numbers=names, feature_group_count=groups
    )


def depthwise(w: Array, x: Array, stride: int = 1) -> Array:
    """A convolution of each channel with a kernel of its own; w has shape (..., 1, channels)."""
    return conv(w, x, stride, groups=x.shape[-1])


def split_heads(x: Array, heads: int) -> Array:
    """(batch, time, width) -> (batch, heads, time, width / heads)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3)


def merge_heads(x: Array) -> Array:
    """(batch, heads, time, width / heads) -> (batch, time, width)."""
    return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)


def attend(q: Array, k: Array, v: Array, bias: Array | float = 0.0) -> Array:
    """Scaled dot-product attention of (batch, heads, time, width / heads); bias is added to the logits."""
    logits = jnp.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(q.shape[-1])
    return jnp.einsum("bhqk,bhkd->bhqd", jax.nn.softmax(logits + bias), v)


def attention(weights: Weights, x: Array, context: Array, heads: int, bias: Array | float = 0.0) -> Array:
    """Multi-head attention of x to context (Vaswani et al., 2017)."""
    q, k, v = (split_heads(of @ weights[name], heads) for name, of in (("q", x), ("k", context), ("v", context)))
    return dense(weights["out"], merge_heads(attend(q, k, v, bias)))


def block(weights: Weights, x: Array, heads: int, bias: Array | float = 0.0) -> Array:
    """A transformer block, normalised before each half (Xiong et al., 2020)."""
    normal = layer_norm(weights["norm1"], x)
    x = x + attention(weights["attention"], normal, normal, heads, bias)
    return x + mlp(weights["mlp"], layer_norm(weights["norm2"], x))


def causal(time: int) -> Array:
    """A bias that hides the future: (time, time)."""
    return jnp.where(jnp.tri(time, dtype=bool), 0.0, -1e9)


def patches(images: Array, size: int) -> Array:
    """(batch, height, width, channels) -> (batch, patches, size * size * channels)."""
    batch, height, width, channels = images.shape
    tiles = images.reshape(batch, height // size, size, width // size, size, channels)
    return tiles.transpose(0, 1, 3, 2, 4, 5).reshape(batch, -1, size * size * channels)
