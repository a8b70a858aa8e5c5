"""Losses with their gradients."""

from __future__ import annotations

import math

import jax
from _layers import Array, Program, Seeded, Weights, conv, split_heads
from jax import lax
from jax import numpy as jnp

FAMILY = "losses"


def style(weights: list[Array], image: Array, target: Array) -> Array:
    """Style transfer (Gatys et al., 2016): how far the Gram matrices of two images' features are apart."""
    total = jnp.zeros(())
    x, y = image, target
    for w in weights:
        x, y = jax.nn.relu(conv(w, x)), jax.nn.relu(conv(w, y))
        total += jnp.square(gram(x) - gram(y)).sum()
    return total


def gram(x: Array) -> Array:
    """Which channels are active together: (batch, channels, channels)."""
    rows = x.reshape(x.shape[0], -1, x.shape[-1])
    return jnp.einsum("bpi,bpj->bij", rows, rows) / rows.shape[1]


def late_interaction(weights: Weights, images: Array, texts: Array) -> Array:
    """FILIP (Yao et al., 2021, arXiv:2111.07783): every word finds its best patch, for all pairs of image and text."""
    a, b = images @ weights["image"], texts @ weights["text"]
    a, b = (x * lax.rsqrt(jnp.square(x).sum(-1, keepdims=True) + 1e-6) for x in (a, b))
    similar = jnp.einsum("ipd,jwd->ijpw", a, b) / 0.07
    to_texts = jax.nn.log_softmax(similar.max(3).mean(2))
    to_images = jax.nn.log_softmax(similar.max(2).mean(2).T)
    return -(jnp.trace(to_texts) + jnp.trace(to_images)) / a.shape[0]


def chain(weights: Weights, x: Array, tags: Array) -> Array:
    """A linear-chain CRF (Lafferty et al., 2001); its sum over all paths is a product of matrices, two at a time."""
    scores = x @ weights["emit"]
    steps, scale = jnp.exp(scores[:, 1:, None, :] + weights["transit"]), jnp.zeros(x.shape[0])
    while steps.shape[1] > 1:
        pairs = steps.reshape(steps.shape[0], -1, 2, *steps.shape[2:])
        products = jnp.einsum("btij,btjk->btik", pairs[:, :, 0], pairs[:, :, 1])
        size = products.mean((2, 3), keepdims=True)
        steps, scale = products / size, scale + jnp.log(size).sum((1, 2, 3))
    paths = jnp.log(jnp.einsum("bi,bij->b", jnp.exp(scores[:, 0]), steps[:, 0])) + scale
    chosen = jnp.take_along_axis(scores, tags[..., None], axis=2).sum((1, 2))
    return (paths - chosen - weights["transit"][tags[:, :-1], tags[:, 1:]].sum(1)).mean()


def relations(student: Weights, teacher: Weights, x: Array, heads: int = 4) -> Array:
    """MiniLM v2 (Wang et al., 2021, arXiv:2012.15828): a student learns who is related to whom in a teacher."""
    total = jnp.zeros(())
    for name in ("q", "k", "v"):
        mine, theirs = (relation(split_heads(x @ weights[name], heads)) for weights in (student, teacher))
        total += (jnp.exp(theirs) * (theirs - mine)).sum(-1).mean()
    return total


def relation(x: Array) -> Array:
    """Logarithms of attention of (batch, heads, time, width) to itself."""
    return jax.nn.log_softmax(jnp.einsum("bhqd,bhkd->bhqk", x, x) / math.sqrt(x.shape[-1]))


def make_style() -> Program:
    """Three layers over 4 images of 32 x 32 pixels; the gradient changes the image."""
    seeded = Seeded()
    weights = [seeded.kernel(1, 1, 8, 16), seeded.kernel(3, 3, 16, 16), seeded.kernel(1, 1, 16, 32)]
    return jax.value_and_grad(style, 1), (weights, seeded.normal(4, 32, 32, 8), seeded.normal(4, 32, 32, 8))


def make_late_interaction() -> Program:
    """16 images of 36 patches, 16 texts of 20 words."""
    seeded = Seeded()
    weights = {"image": seeded.kernel(64, 48), "text": seeded.kernel(64, 48)}
    return jax.value_and_grad(late_interaction), (weights, seeded.normal(16, 36, 64), seeded.normal(16, 20, 64))


def make_chain() -> Program:
    """32 sequences of 17 words, 24 tags."""
    seeded = Seeded()
    weights = {"emit": seeded.kernel(48, 24), "transit": seeded.kernel(24, 24)}
    return jax.value_and_grad(chain), (weights, seeded.normal(32, 17, 48), seeded.integers(24, 32, 17))


def make_relations() -> Program:
    """8 sequences of 64 tokens, 64 wide in the student and 96 in the teacher."""
    seeded = Seeded()
    student, teacher = ({name: seeded.kernel(96, width) for name in ("q", "k", "v")} for width in (64, 96))
    return jax.value_and_grad(relations), (student, teacher, seeded.normal(8, 64, 96))


PROGRAMS = {
    "losses_style": make_style,
    "losses_late_interaction": make_late_interaction,
    "losses_chain": make_chain,
    "losses_relations": make_relations,
}
