"""Transformer decoders."""

from __future__ import annotations

import jax
from _layers import (
    Array,
    Program,
    Seeded,
    Weights,
    attend,
    attention,
    block,
    causal,
    layer_norm,
    merge_heads,
    mlp,
    split_heads,
)
from jax import lax
from jax import numpy as jnp

FAMILY = "decoder"
HEADS = 4


def gpt(weights: Weights, tokens: Array) -> Array:
    """GPT-2 (Radford et al., 2019): logits of the next token, by the tied embedding."""
    x = weights["embedding"][tokens] + weights["positions"]
    for layer in weights["layers"]:
        x = block(layer, x, HEADS, causal(tokens.shape[1]))
    return layer_norm(weights["norm"], x) @ weights["embedding"].T


def rms_norm(scale: Array, x: Array) -> Array:
    """Root mean square normalisation (Zhang and Sennrich, 2019)."""
    return x * lax.rsqrt(jnp.square(x).mean(-1, keepdims=True) + 1e-6) * scale


def rotate(x: Array) -> Array:
    """Rotary positions (Su et al., 2021, arXiv:2104.09864): pairs of channels turn with time."""
    time, width = x.shape[-2:]
    angles = jnp.arange(time)[:, None] * 10_000.0 ** (-2 * jnp.arange(width // 2) / width)
    even, odd = jnp.split(x, 2, axis=-1)
    turned = even * jnp.cos(angles) - odd * jnp.sin(angles), odd * jnp.cos(angles) + even * jnp.sin(angles)
    return jnp.concatenate(turned, axis=-1)


def llama(layers: list[Weights], x: Array) -> Array:
    """Llama 2's layers (Touvron et al., 2023, arXiv:2307.09288): grouped queries (two heads a key), SwiGLU."""
    for layer in layers:
        normal = rms_norm(layer["norm1"], x)
        q = rotate(split_heads(normal @ layer["q"], HEADS))
        k = rotate(split_heads(normal @ layer["k"], HEADS // 2))
        v = split_heads(normal @ layer["v"], HEADS // 2)
        mixed = attend(q, jnp.repeat(k, 2, axis=1), jnp.repeat(v, 2, axis=1), causal(x.shape[1]))
        x = x + merge_heads(mixed) @ layer["out"]
        normal = rms_norm(layer["norm2"], x)
        x = x + (jax.nn.silu(normal @ layer["gate"]) * (normal @ layer["up"])) @ layer["down"]
    return x


def translation(layers: list[Weights], x: Array, source: Array) -> Array:
    """The decoder of Vaswani et al. (2017, arXiv:1706.03762): attention to itself, then to the source."""
    for layer in layers:
        x = layer_norm(layer["norm1"], x + attention(layer["self"], x, x, HEADS, causal(x.shape[1])))
        x = layer_norm(layer["norm2"], x + attention(layer["source"], x, source, HEADS))
        x = layer_norm(layer["norm3"], x + mlp(layer["mlp"], x))
    return x


def make_gpt() -> Program:
    """Two layers over 8 sequences of 96 tokens."""
    seeded = Seeded()
    layers = [seeded.block(96, 192) for _ in range(2)]
    weights = {"embedding": seeded.kernel(192, 96), "positions": seeded.normal(96, 96), "layers": layers}
    return gpt, (weights | {"norm": seeded.norm(96)}, seeded.integers(192, 8, 96))


def make_llama() -> Program:
    """Two layers over 8 sequences of 96 tokens."""
    seeded = Seeded()
    shapes = {"q": (96, 96), "k": (96, 48), "v": (96, 48), "out": (96, 96), "gate": (96, 128), "up": (96, 128)}
    layers = [
        {name: seeded.kernel(*shape) for name, shape in (shapes | {"down": (128, 96)}).items()}
        | {"norm1": seeded.norm(96)["scale"], "norm2": seeded.norm(96)["scale"]}
        for _ in range(2)
    ]
    return llama, (layers, seeded.normal(8, 96, 96))


def make_translation() -> Program:
    """Two layers over 8 sequences of 64 tokens, with sources of 80."""
    seeded = Seeded()
    layers = [
        {"self": seeded.attention(96), "source": seeded.attention(96), "mlp": seeded.mlp(96, 128)}
        | {name: seeded.norm(96) for name in ("norm1", "norm2", "norm3")}
        for _ in range(2)
    ]
    return translation, (layers, seeded.normal(8, 64, 96), seeded.normal(8, 80, 96))


PROGRAMS = {"decoder_gpt": make_gpt, "decoder_llama": make_llama, "decoder_translation": make_translation}
