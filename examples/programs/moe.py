"""Mixtures of experts."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights
from jax import lax
from jax import numpy as jnp

FAMILY = "moe"


def experts(weights: Weights, slots: Array) -> Array:
    """An MLP an expert: slots are (batch, experts, slots, width)."""
    hidden = jax.nn.gelu(jnp.einsum("besi,eih->besh", slots, weights["up"]))
    return jnp.einsum("besh,eho->beso", hidden, weights["down"])


def switch(weights: Weights, x: Array, capacity: int = 24) -> Array:
    """Switch routing (Fedus et al., 2021, arXiv:2101.03961): a token goes to one expert, as long as there is room."""
    shares = jax.nn.softmax(jnp.einsum("bti,ie->bte", x, weights["router"]))
    chosen = jax.nn.one_hot(shares.argmax(-1), shares.shape[-1])
    place = jnp.einsum("bte,bte->bt", jnp.cumsum(chosen, axis=1) - 1, chosen)
    dispatch = jnp.einsum("bte,bts->btes", chosen, jax.nn.one_hot(place.astype(int), capacity))
    done = experts(weights, jnp.einsum("btes,bti->besi", dispatch, x))
    return x + jnp.einsum("btes,beso->bto", dispatch * shares.max(-1)[..., None, None], done)


def choosing(weights: Weights, x: Array, capacity: int = 24) -> Array:
    """Expert choice (Zhou et al., 2022, arXiv:2202.09368): each expert takes the tokens that it likes best."""
    shares = jax.nn.softmax(jnp.einsum("bti,ie->bte", x, weights["router"])).swapaxes(1, 2)
    share, token = lax.top_k(shares, capacity)
    dispatch = jax.nn.one_hot(token, x.shape[1])
    done = experts(weights, jnp.einsum("best,bti->besi", dispatch, x))
    return x + jnp.einsum("best,beso->bto", dispatch * share[..., None], done)


def soft(weights: Weights, x: Array) -> Array:
    """Soft mixtures (Puigcerver et al., 2023, arXiv:2308.00951): every slot is a weighted mean of all tokens."""
    logits = jnp.einsum("bti,ies->btes", x, weights["slots"])
    done = experts(weights, jnp.einsum("btes,bti->besi", jax.nn.softmax(logits, axis=1), x))
    return x + jnp.einsum("btes,beso->bto", jax.nn.softmax(logits, axis=(2, 3)), done)


def make_switch() -> Program:
    """Two layers of 8 experts over 8 sequences of 96 tokens."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            x = switch(layer, x)
        return x

    seeded = Seeded()
    layers = [expert_weights(seeded) | {"router": seeded.kernel(64, 8)} for _ in range(2)]
    return model, (layers, seeded.normal(8, 96, 64))


def make_choosing() -> Program:
    """Two layers of 8 experts over 8 sequences of 96 tokens."""

    def model(layers: list[Weights], x: Array) -> Array:
        for layer in layers:
            x = choosing(layer, x)
        return x

    seeded = Seeded()
    layers = [expert_weights(seeded) | {"router": seeded.kernel(64, 8)} for _ in range(2)]
    return model, (layers, seeded.normal(8, 96, 64))


def make_soft() -> Program:
    """The gradient of the squared error of one layer of 8 experts with 8 slots each, over 8 sequences of 96 tokens."""

    def loss(weights: Weights, x: Array, target: Array) -> Array:
        return jnp.square(soft(weights, x) - target).mean()

    seeded = Seeded()
    weights = expert_weights(seeded) | {"slots": seeded.normal(64, 8, 8) / 8}
    return jax.value_and_grad(loss), (weights, seeded.normal(8, 96, 64), seeded.normal(8, 96, 64))


def expert_weights(seeded: Seeded) -> Weights:
    """Weights of :func:`experts`: 8 of them, 64 wide and 128 inside."""
    return {"up": seeded.normal(8, 64, 128) / 8, "down": seeded.normal(8, 128, 64) / 11}


PROGRAMS = {"moe_switch": make_switch, "moe_choosing": make_choosing, "moe_soft": make_soft}
