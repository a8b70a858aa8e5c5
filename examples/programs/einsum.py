"""Chains of tensor contractions."""

from __future__ import annotations

import jax
import numpy as np
from _layers import Array, Program, Seeded
from jax import numpy as jnp

FAMILY = "einsum"


def tensor_train(layers: list[list[Array]], x: Array) -> Array:
    """Layers in tensor-train form (Novikov et al., 2015, arXiv:1509.06569): a matrix as a chain of three cores."""
    for first, second, third in layers:
        y = jnp.einsum("bijk,iar->bjkar", x, first)
        y = jnp.einsum("bjkar,rjcs->bkacs", y, second)
        x = jnp.tanh(jnp.einsum("bkacs,skd->bacd", y, third))
    return x


def integrals(atomic: Array, orbitals: Array, energies: Array) -> Array:
    """Two-electron integrals turned to molecular orbitals, an index at a time, and the MP2 energy (Moller, Plesset)."""
    occupied = energies.shape[0] // 4
    some, rest = orbitals[:, :occupied], orbitals[:, occupied:]
    molecular = jnp.einsum("pqrs,pi->iqrs", atomic, some)
    molecular = jnp.einsum("iqrs,qa->iars", molecular, rest)
    molecular = jnp.einsum("iars,rj->iajs", molecular, some)
    molecular = jnp.einsum("iajs,sb->iajb", molecular, rest)
    lower, upper = energies[:occupied], energies[occupied:]
    pairs = lower[:, None] - upper
    exchanged = molecular.transpose(0, 3, 2, 1)
    return (molecular * (2 * molecular - exchanged) / (pairs[:, :, None, None] + pairs)).sum()


def matrix_product(left: Array, sites: list[Array], right: Array, state: Array) -> Array:
    """DMRG's effective Hamiltonian of two sites (White, 1992) in matrix product form, applied three times."""
    for _ in range(3):
        new = jnp.einsum("awb,bstc->awstc", left, state)
        new = jnp.einsum("awstc,wspx->aptxc", new, sites[0])
        new = jnp.einsum("aptxc,xtqy->apqyc", new, sites[1])
        new = jnp.einsum("apqyc,dyc->apqd", new, right)
        state = new / jnp.linalg.norm(new)
    return state


def kronecker(layers: list[list[Array]], x: Array) -> Array:
    """Layers whose matrix is a Kronecker product (Zhang et al., 2021, arXiv:2102.08597): a product a dimension."""
    for first, second, third in layers:
        y = jnp.einsum("bijk,ia->bajk", x, first)
        y = jnp.einsum("bajk,jc->back", y, second)
        x = jax.nn.gelu(jnp.einsum("back,kd->bacd", y, third))
    return x


def tucker(core: Array, factors: list[Array], target: Array) -> Array:
    """The squared error of a Tucker decomposition (Tucker, 1966) of a tensor of rank four."""
    a, b, c, d = factors
    built = jnp.einsum("pqrs,ip->iqrs", core, a)
    built = jnp.einsum("iqrs,jq->ijrs", built, b)
    built = jnp.einsum("ijrs,kr->ijks", built, c)
    built = jnp.einsum("ijks,ls->ijkl", built, d)
    return jnp.square(built - target).mean()


def make_tensor_train() -> Program:
    """Three layers of 1,728 x 1,728 of rank 8, a batch of 32."""
    seeded = Seeded()
    shapes = (12, 12, 8), (8, 12, 12, 8), (8, 12, 12)
    layers = [[seeded.normal(*shape) / 10 for shape in shapes] for _ in range(3)]
    return tensor_train, (layers, seeded.normal(32, 12, 12, 12))


def make_integrals() -> Program:
    """The energy's gradient for 28 orbitals, 7 of them occupied."""
    seeded = Seeded()
    atomic = seeded.normal(28, 28, 28, 28)
    energies = seeded.generator.random(28) + np.where(np.arange(28) < 7, -3.0, 1.0)
    return jax.value_and_grad(integrals, 1), (atomic, seeded.kernel(28, 28), energies.astype(np.float32))


def make_matrix_product() -> Program:
    """Bonds of 40, operators of 6, sites of 4 states."""
    seeded = Seeded()
    ends = [seeded.normal(40, 6, 40) / 8 for _ in range(2)]
    sites = [seeded.normal(6, 4, 4, 6) / 4 for _ in range(2)]
    return matrix_product, (ends[0], sites, ends[1], seeded.normal(40, 4, 4, 40))


def make_kronecker() -> Program:
    """Three layers of 4,096 x 4,096, a batch of 48."""
    seeded = Seeded()
    layers = [[seeded.kernel(16, 16) for _ in range(3)] for _ in range(3)]
    return kronecker, (layers, seeded.normal(48, 16, 16, 16))


def make_tucker() -> Program:
    """The gradient for 24 x 24 x 24 x 24 numbers, built from 16 x 16 x 16 x 16."""
    seeded = Seeded()
    factors = [seeded.kernel(24, 16) for _ in range(4)]
    return jax.value_and_grad(tucker, (0, 1)), (seeded.normal(16, 16, 16, 16), factors, seeded.normal(24, 24, 24, 24))


PROGRAMS = {
    "einsum_tensor_train": make_tensor_train,
    "einsum_integrals": make_integrals,
    "einsum_matrix_product": make_matrix_product,
    "einsum_kronecker": make_kronecker,
    "einsum_tucker": make_tucker,
}
