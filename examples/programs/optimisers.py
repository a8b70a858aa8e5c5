"""Steps of optimisers, over stacks of weights of the same shape."""

from __future__ import annotations

import jax
from _layers import Array, Program, Seeded, Weights, block
from jax import numpy as jnp

FAMILY = "optimisers"


def muon(momentum: Array, gradient: Array, weights: Array) -> tuple[Array, Array]:
    """Muon (Jordan et al., 2024): the momentum of (layers, rows, columns) is made orthogonal by Newton-Schulz steps."""
    momentum = 0.95 * momentum + gradient
    x = momentum / (jnp.linalg.norm(momentum, axis=(1, 2), keepdims=True) + 1e-7)
    for _ in range(4):
        gram = x @ x.swapaxes(1, 2)
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return momentum, weights - 0.02 * x


def shampoo(sides: list[Array], gradient: Array, weights: Array) -> tuple[list[Array], Array]:
    """Shampoo (Gupta et al., 2018, arXiv:1802.09568) of (layers, a, b, c): a matrix preconditions each dimension."""
    letters = "abc"
    step, new = gradient, []
    for axis, side in zip(letters, sides, strict=True):
        other = letters.replace(axis, "z")
        side = side + jnp.einsum(f"labc,l{other}->l{axis}z", gradient, gradient)
        step = jnp.einsum(f"labc,l{axis}z->l{other}", step, inverse_root(side))
        new.append(side)
    return new, weights - 0.1 * step


def inverse_root(matrices: Array, steps: int = 3) -> Array:
    """Inverse sixth roots (twice the rank) of (layers, n, n) by Newton steps (Guo and Higham, 2006)."""
    one = jnp.eye(matrices.shape[-1])
    scale = jnp.trace(matrices, axis1=1, axis2=2)[:, None, None]
    m, root = matrices / scale, one * scale ** (-1 / 6)
    for _ in range(steps):
        t = (7 * one - m) / 6
        cube = t @ t @ t
        m, root = cube @ cube @ m, root @ t
    return root


def adam(state: tuple[Weights, Weights, Weights], x: Array, target: Array) -> tuple[Weights, Weights, Weights]:
    """A training step of a transformer block by Adam (Kingma and Ba, 2015, arXiv:1412.6980)."""

    def loss(weights: Weights) -> Array:
        return jnp.square(block(weights, x, 4) - target).mean()

    weights, mean, square = state
    gradient = jax.grad(loss)(weights)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradient)
    square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, gradient)
    weights = jax.tree.map(lambda w, m, s: w - 1e-3 * m / (jnp.sqrt(s) + 1e-8), weights, mean, square)
    return weights, mean, square


def maml(weights: list[Array], x: Array, y: Array) -> Array:
    """MAML (Finn et al., 2017, arXiv:1703.03400): the loss after a step of each task's own."""

    def loss(weights: list[Array], x: Array, y: Array) -> Array:
        hidden = jnp.tanh(x @ weights[0])
        return jnp.square(jnp.tanh(hidden @ weights[1]) @ weights[2] - y).mean()

    def task(x: Array, y: Array) -> Array:
        half = x.shape[0] // 2
        gradient = jax.grad(loss)(weights, x[:half], y[:half])
        return loss([w - 0.1 * g for w, g in zip(weights, gradient, strict=True)], x[half:], y[half:])

    return jax.vmap(task)(x, y).mean()


def make_muon() -> Program:
    """12 layers of 96 x 128."""
    seeded = Seeded()
    return muon, tuple(seeded.normal(12, 96, 128) for _ in range(3))


def make_shampoo() -> Program:
    """8 layers of 32 x 32 x 32."""
    seeded = Seeded()
    roots = [seeded.normal(8, 32, 32) for _ in range(3)]
    sides = [root @ root.swapaxes(1, 2) for root in roots]
    return shampoo, (sides, seeded.normal(8, 32, 32, 32), seeded.normal(8, 32, 32, 32))


def make_adam() -> Program:
    """A block 64 wide, over 8 sequences of 48 tokens."""
    seeded = Seeded()
    weights = seeded.block(64, 128)
    mean = jax.tree.map(lambda w: 0.01 * seeded.normal(*w.shape), weights)
    square = jax.tree.map(lambda w: 1e-4 * seeded.generator.random(w.shape, dtype="float32"), weights)
    return adam, ((weights, mean, square), seeded.normal(8, 48, 64), seeded.normal(8, 48, 64))


def make_maml() -> Program:
    """The gradient over 16 tasks of 64 examples, two hidden layers of 64."""
    seeded = Seeded()
    weights = [seeded.kernel(32, 64), seeded.kernel(64, 64), seeded.kernel(64, 16)]
    return jax.value_and_grad(maml), (weights, seeded.normal(16, 64, 32), seeded.normal(16, 64, 16))


PROGRAMS = {
    "optimisers_muon": make_muon,
    "optimisers_shampoo": make_shampoo,
    "optimisers_adam": make_adam,
    "optimisers_maml": make_maml,
}
