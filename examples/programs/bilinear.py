"""Networks that multiply features with each other."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, conv, dense
from jax import numpy as jnp

FAMILY = "bilinear"


def biaffine(weights: Weights, x: Array) -> Array:
    """A biaffine parser (Dozat and Manning, 2017, arXiv:1611.01734): arcs, seen by their words, then get labels."""
    heads, parts = (jax.nn.elu(dense(weights[name], x)) for name in ("head", "part"))
    arcs = jax.nn.softmax(jnp.einsum("bxi,ij,byj->bxy", heads, weights["arc"], parts))
    heads, parts = (
        heads + jax.nn.elu(arcs @ parts @ weights["seen"]),
        parts + jax.nn.elu(arcs.mT @ heads @ weights["seen"]),
    )
    labels = jnp.einsum("bxi,lij,byj->bxyl", heads, weights["label"], parts)
    labels += (heads @ weights["of_head"])[:, :, None] + (parts @ weights["of_part"])[:, None]
    return labels * arcs[..., None]


def fusion(weights: Weights, text: Array, sound: Array, sight: Array) -> Array:
    """Tensor fusion (Zadeh et al., 2017, arXiv:1707.07250) of three modalities, contracted a dimension at a time."""
    a, b, c = (jnp.tanh(dense(weights[name], x)) for name, x in (("text", text), ("sound", sound), ("sight", sight)))
    cube = jnp.einsum("ti,tj,tk->tijk", a, b, c)
    cube = jax.nn.relu(jnp.einsum("tijk,ip->tpjk", cube, weights["first"]))
    cube = jax.nn.relu(jnp.einsum("tpjk,jq->tpqk", cube, weights["second"]))
    cube = jax.nn.relu(jnp.einsum("tpqk,kr->tpqr", cube, weights["third"]))
    return dense(weights["classes"], cube.reshape(text.shape[0], -1))


def pooling(weights: Weights, images: Array) -> Array:
    """Bilinear pooling (Lin et al., 2015, arXiv:1504.07889) of two streams of features, normalised by signed roots."""
    left, right = jax.nn.relu(conv(weights["left"], images)), jax.nn.relu(conv(weights["right"], images))
    for layer in weights["layers"]:
        left = jax.nn.relu(conv(layer["left"], left))
        right = jax.nn.relu(conv(layer["right"], right))
    pooled = jnp.einsum("nhwi,nhwj->nij", left, right) / (left.shape[1] * left.shape[2])
    rooted = jnp.sign(pooled) * jnp.sqrt(jnp.abs(pooled) + 1e-6)
    return dense(weights["classes"], rooted.reshape(images.shape[0], -1))


def capsules(weights: Array, x: Array, rounds: int = 3) -> Array:
    """Routing between capsules (Sabour et al., 2017, arXiv:1710.09829): those that agree are sent more."""
    votes = jnp.einsum("bci,coij->bcoj", x, weights)
    logits = jnp.zeros(votes.shape[:-1])
    for _ in range(rounds):
        pose = jnp.einsum("bco,bcoj->boj", jax.nn.softmax(logits), votes)
        size = jnp.square(pose).sum(-1, keepdims=True)
        pose = pose * jnp.sqrt(size) / (1 + size)
        logits = logits + jnp.einsum("boj,bcoj->bco", pose, votes)
    return pose


def make_biaffine() -> Program:
    """8 sentences of 64 words, 16 labels."""
    seeded = Seeded()
    weights = {
        "head": seeded.dense(96, 48),
        "part": seeded.dense(96, 48),
        "arc": seeded.kernel(48, 48),
        "seen": seeded.kernel(48, 48),
    }
    labels = {
        "label": seeded.normal(16, 48, 48) / 7,
        "of_head": seeded.kernel(48, 16),
        "of_part": seeded.kernel(48, 16),
    }
    return biaffine, (weights | labels, seeded.normal(8, 64, 96))


def make_fusion() -> Program:
    """The gradient of the squared error of 64 examples, 16 features of each modality."""

    def loss(weights: Weights, text: Array, sound: Array, sight: Array, target: Array) -> Array:
        return jnp.square(fusion(weights, text, sound, sight) - target).mean()

    seeded = Seeded()
    weights = {name: seeded.dense(64, 16) for name in ("text", "sound", "sight")}
    cores = {name: seeded.kernel(16, 8) for name in ("first", "second", "third")}
    inputs = [seeded.normal(64, 64) for _ in range(3)]
    return jax.value_and_grad(loss), (
        weights | cores | {"classes": seeded.dense(512, 8)},
        *inputs,
        seeded.normal(64, 8),
    )


def make_pooling() -> Program:
    """Two streams of four convolutions over 4 images of 32 x 32 pixels."""
    seeded = Seeded()
    sides = "left", "right"
    layers = [{side: seeded.kernel(1, 1, 32, 32) for side in sides} for _ in range(3)]
    stems = {side: seeded.kernel(3, 3, 3, 32) for side in sides}
    return pooling, (stems | {"layers": layers, "classes": seeded.dense(1024, 10)}, seeded.normal(4, 32, 32, 3))


def make_capsules() -> Program:
    """The gradient of 288 capsules of 8 and 10 of 16, a batch of 16."""

    def loss(weights: Array, x: Array, target: Array) -> Array:
        return jnp.square(capsules(weights, x) - target).mean()

    seeded = Seeded()
    arrays = seeded.normal(288, 10, 8, 16) / 8, seeded.normal(16, 288, 8), seeded.normal(16, 10, 16)
    return jax.value_and_grad(loss), arrays


PROGRAMS = {
    "bilinear_biaffine": make_biaffine,
    "bilinear_fusion": make_fusion,
    "bilinear_pooling": make_pooling,
    "bilinear_capsules": make_capsules,
}
