"""Numerical methods for partial differential equations."""

from __future__ import annotations

import jax
import numpy as np
from _layers import Array, Program, Seeded, Weights, dense
from jax import numpy as jnp

FAMILY = "physics"


def stiffness(derivative: Array, geometry: Array, u: Array) -> Array:
    """The stiffness of spectral elements (Deville, Fischer, Mund, 2002) by sum factorisation: (elements, n, n, n).

    A derivative in each direction, the symmetric tensor of the element's geometry, and the transposed derivatives.
    """
    r = jnp.einsum("il,eljk->eijk", derivative, u)
    s = jnp.einsum("jl,eilk->eijk", derivative, u)
    t = jnp.einsum("kl,eijl->eijk", derivative, u)
    flux = jnp.einsum("eabijk,beijk->aeijk", geometry, jnp.stack([r, s, t]))
    back = jnp.einsum("li,eljk->eijk", derivative, flux[0]) + jnp.einsum("lj,eilk->eijk", derivative, flux[1])
    return back + jnp.einsum("lk,eijl->eijk", derivative, flux[2])


def alternating(implicit: Array, explicit: Array, u: Array, steps: int = 4) -> Array:
    """Heat in (batch, x, y, z) by Crank-Nicolson steps along one axis at a time (Yanenko, 1971)."""
    for _ in range(steps):
        for _ in range(3):
            u = (u @ explicit @ implicit).transpose(0, 3, 1, 2)
    return u


def neural_operator(weights: Weights, u: Array) -> Array:
    """A neural operator (Li et al., 2021, arXiv:2010.08895): the lowest cosines of (batch, x, y, width) mix."""
    for layer in weights["layers"]:
        modes = jnp.einsum("bxyi,xp->bpyi", u, weights["basis"])
        modes = jnp.einsum("bpyi,yq->bpqi", modes, weights["basis"])
        modes = jnp.einsum("bpqi,pqio->bpqo", modes, layer["modes"])
        smooth = jnp.einsum("bpqo,yq->bpyo", modes, weights["basis"])
        smooth = jnp.einsum("bpyo,xp->bxyo", smooth, weights["basis"])
        u = jax.nn.gelu(smooth + dense(layer["local"], u))
    return u


def cosines(points: int, modes: int) -> np.ndarray:
    """An orthonormal basis: (points, modes)."""
    waves = np.cos(np.pi * (np.arange(points)[:, None] + 0.5) * np.arange(modes) / points)
    return (waves / np.linalg.norm(waves, axis=0)).astype(np.float32)


def make_spectral_elements() -> Program:
    """Two steps of steepest descent on 128 elements of 8 x 8 x 8 points."""

    def model(derivative: Array, geometry: Array, u: Array) -> Array:
        for _ in range(2):
            residual = stiffness(derivative, geometry, u)
            u = u - residual * jnp.vdot(residual, residual) / jnp.vdot(
                residual, stiffness(derivative, geometry, residual)
            )
        return u

    seeded = Seeded()
    stretch = np.einsum("eabijk,ecbijk->eacijk", *[seeded.normal(128, 3, 3, 8, 8, 8)] * 2)
    return model, (seeded.kernel(8, 8), stretch, seeded.normal(128, 8, 8, 8))


def make_alternating() -> Program:
    """Four steps on 4 cubes of 32 x 32 x 32 points."""
    laplacian = np.eye(32, k=1) + np.eye(32, k=-1) - 2 * np.eye(32)
    implicit = np.linalg.inv(np.eye(32) - laplacian / 2).astype(np.float32)
    explicit = (np.eye(32) + laplacian / 2).astype(np.float32)
    return alternating, (implicit, explicit, Seeded().normal(4, 32, 32, 32))


def make_neural_operator() -> Program:
    """Three layers of 8 x 8 modes and 32 channels over 8 fields of 32 x 32 points."""
    seeded = Seeded()
    layers = [{"modes": seeded.normal(8, 8, 32, 32) / 6, "local": seeded.dense(32, 32)} for _ in range(3)]
    return neural_operator, ({"basis": cosines(32, 8), "layers": layers}, seeded.normal(8, 32, 32, 32))


PROGRAMS = {
    "physics_spectral_elements": make_spectral_elements,
    "physics_alternating": make_alternating,
    "physics_neural_operator": make_neural_operator,
}
