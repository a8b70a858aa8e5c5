"""Programs for ``tpudb collect``: small ones, and those that it refuses."""

from __future__ import annotations

import os

import jax
import jax.numpy as jnp
import numpy as np


def small():
    """Six sites of rank 3, one of them in a loop."""
    random = np.random.default_rng(0)
    x = random.normal(size=(4, 8, 16)).astype(np.float32)
    w = random.normal(size=(16, 16)).astype(np.float32)

    def function(x, w):
        def step(carry, _):
            return jnp.tanh(carry @ w), None

        x = jnp.transpose(jnp.einsum("bij,jk->bik", x, w), (0, 2, 1))
        x = jnp.sin(jnp.tanh(x.reshape(8, 8, 8)).reshape(4, 16, 8))
        return jax.lax.scan(step, x.transpose(0, 2, 1), None, length=2)[0]

    return function, (x, w)


def twice_as_much():
    function, arguments = small()
    return lambda *a: 2 * function(*a), arguments


def closes_over():
    table = np.arange(64.0).reshape(8, 8)
    return lambda x: (x @ table).T, (np.ones((8, 8), np.float32),)


def raises():
    raise ValueError("no weights\nat all")


def raises_inside():
    def function(x):
        return jnp.ones(3) + x

    return function, (jnp.ones(4),)


def no_pair():
    return jnp.sin


def another_shape():
    count = iter(range(2, 9))
    return lambda x: jnp.ones((next(count), 4)) @ x, (jnp.ones((4, 4)),)


def another_value():
    def noise(x):
        return np.random.default_rng().normal(size=x.shape).astype(np.float32)

    return lambda x: jax.pure_callback(noise, jax.ShapeDtypeStruct((4, 4), jnp.float32), x @ x), (jnp.ones((4, 4)),)


def calls_back():
    def back(x):
        return jax.pure_callback(np.sin, jax.ShapeDtypeStruct((4, 4), jnp.float32), x @ x)

    return back, (jnp.ones((4, 4)),)


def other_arguments():
    return lambda x: (x @ x).T, (np.random.default_rng().normal(size=(4, 4)).astype(np.float32),)


def nothing_to_choose():
    return jnp.sin, (jnp.ones(8),)


def large():
    return lambda x: (x @ x).T, (np.ones((1 << 10, 1 << 18), np.float32),)


def dies():
    os._exit(9)


def prints():
    print("a word on stdout")
    return lambda x: (x @ x).T, (jnp.ones((4, 4)),)


PROGRAMS = {"by-table": small}
