"""Small JAX programs, one a kind of HLO, with the two forms that the readers are tried on.

Two CPU devices are asked for before JAX starts, as :func:`all_reduce` needs them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=2"

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.sharding import Mesh, PartitionSpec

PROGRAMS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
"""Name -> (function, what it is called with: shapes, no values)."""


def _program(*shapes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        PROGRAMS[function.__name__] = (function, shapes)
        return function

    return add


def _f32(*dims: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(dims, jnp.float32)


def _s32(*dims: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(dims, jnp.int32)


@cache
def proto(name: str) -> bytes:
    """A program's HloModuleProto before optimisation."""
    function, shapes = PROGRAMS[name]
    hlo: Any = jax.jit(function).lower(*shapes).compiler_ir("hlo")
    return bytes(hlo.as_serialized_hlo_module_proto())


@cache
def optimized(name: str) -> str:
    """The text of a program as XLA's CPU compiler leaves it."""
    function, shapes = PROGRAMS[name]
    text = jax.jit(function).lower(*shapes).compile().as_text()
    assert text
    return text


@_program(_f32(8, 16), _f32(16, 32), _f32(32), _f32(32, 4))
def mlp(x: Array, w1: Array, b1: Array, w2: Array) -> Array:
    return jax.nn.relu(x @ w1 + b1) @ w2


def _conv(x: Array, w: Array, stride: int = 1, groups: int = 1, dilation: int = 1) -> Array:
    return lax.conv_general_dilated(
        x,
        w,
        (stride, stride),
        "SAME",
        rhs_dilation=(dilation, dilation),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        feature_group_count=groups,
    )


@_program(_f32(2, 16, 16, 3), _f32(3, 3, 3, 8), _f32(3, 3, 1, 8), _f32(128, 10))
def conv_net(x: Array, w: Array, depthwise: Array, dense: Array) -> Array:
    x = jax.nn.relu(_conv(x, w, stride=2))
    x = x + _conv(x, depthwise, groups=8, dilation=2)
    x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME")
    return x.reshape(2, -1) @ dense


@_program(_f32(2, 16, 16, 3), _f32(3, 3, 3, 8))
def conv_gradient(x: Array, w: Array) -> Any:
    def loss(w: Array) -> Array:
        y = lax.reduce_window(_conv(x, w, stride=2), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return jnp.mean(y**2)

    return jax.value_and_grad(loss)(w)


@_program(_f32(2, 8, 8, 4), _f32(3, 3, 4, 6))
def conv_transpose(x: Array, w: Array) -> Array:
    return lax.conv_transpose(x, w, (2, 2), "SAME")


@_program(_f32(2, 8, 32), _f32(32, 96), _f32(32, 32))
def attention(x: Array, qkv: Array, out: Array) -> Array:
    q, k, v = jnp.split((x @ qkv).reshape(2, 8, 4, 24), 3, axis=-1)
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / jnp.sqrt(8.0)
    scores = jnp.where(jnp.tril(jnp.ones((8, 8), bool)), scores, -1e9)
    return jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(2, 8, 32) @ out


@_program(_f32(5, 3, 8), _f32(3, 16), _f32(24, 64))
def lstm(x: Array, state: Array, w: Array) -> Any:
    def step(carry: tuple[Array, Array], x: Array) -> tuple[tuple[Array, Array], Array]:
        hidden, cell = carry
        i, f, g, o = jnp.split(jnp.concatenate([x, hidden], 1) @ w, 4, axis=1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
        return (hidden, cell), hidden

    return lax.scan(step, (state, jnp.zeros((3, 16))), x)


@_program(_f32(4, 4), _f32(4))
def while_loop(a: Array, x: Array) -> Any:
    def again(carry: tuple[Array, Array]) -> Array:
        return (carry[0] < 20) & (jnp.linalg.norm(carry[1]) > 1e-3)

    return lax.while_loop(again, lambda carry: (carry[0] + 1, a @ carry[1]), (jnp.int32(0), x))


@_program(_f32(6), _f32())
def cond(x: Array, at: Array) -> Array:
    return lax.cond(at > 0, lambda x: jnp.sin(x) * 2, lambda x: x - 1, x)


@_program(_f32(6), _s32())
def switch(x: Array, at: Array) -> Array:
    return lax.switch(at, [lambda x: x, lambda x: -x, lambda x: jnp.exp(x)], x)


@_program(_f32(5, 9), _s32(5, 9))
def sort(x: Array, y: Array) -> Any:
    return lax.sort((x, y), dimension=1, num_keys=1), lax.top_k(x, 3), jnp.argsort(y, axis=0, descending=True)


@_program(_f32(10, 4), _s32(6, 1), _f32(6, 4))
def scatter(x: Array, at: Array, updates: Array) -> Any:
    return x.at[at[:, 0]].add(updates), x.at[at[:, 0]].set(updates), x.at[at[:, 0], 1].max(updates[:, 1])


@_program(_f32(10, 4, 3), _s32(6, 2))
def gather(x: Array, at: Array) -> Any:
    return x[at[:, 0], at[:, 1]], jnp.take(x, at[:, 0], axis=1), jnp.take_along_axis(x[..., 0], at[:, :1], 0)


@_program(_f32(4, 16))
def fft(x: Array) -> Any:
    return jnp.fft.fft(x), jnp.fft.irfft(jnp.fft.rfft(x)), jnp.abs(jnp.fft.ifft2(x))


@_program(jax.ShapeDtypeStruct((2,), jnp.uint32))
def rng(key: Array) -> Any:
    bits = lax.rng_bit_generator(jnp.concatenate([key, key]), (3, 5), dtype=jnp.uint32)
    return jax.random.normal(key, (8, 3)), jax.random.permutation(key, 7), bits


@_program(_f32(8, 4))
def all_reduce(x: Array) -> Any:
    mesh = Mesh(jax.devices()[:2], ("i",))

    def each(part: Array) -> Any:
        total = lax.psum(part, "i")
        scattered = lax.psum_scatter(total, "i", tiled=True)
        return total, lax.all_gather(scattered, "i"), lax.ppermute(part, "i", [(0, 1), (1, 0)])

    spec = PartitionSpec("i")
    return jax.shard_map(each, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)(x)


@_program(_f32(6, 6), _f32(6))
def linear_algebra(a: Array, b: Array) -> Any:
    factor = jnp.linalg.cholesky(a @ a.T + 6 * jnp.eye(6))
    return jax.scipy.linalg.solve_triangular(factor, b, lower=True), jnp.linalg.qr(a), jnp.linalg.eigvalsh(a)


@_program(_f32(12, 8), _s32(2))
def slices(x: Array, at: Array) -> Any:
    part = lax.dynamic_slice(x, (at[0], at[1]), (4, 3))
    padded = lax.pad(part, 0.0, ((1, 2, 1), (-1, 3, 0)))
    return lax.dynamic_update_slice(x, part * 2, (at[1], 0)), padded, x[1:9:3, ::-1], lax.rev(x, (0, 1))


@_program(_f32(4, 6), _s32(4, 6))
def dtypes(x: Array, y: Array) -> Any:
    low = x.astype(jnp.bfloat16) * 1.5
    eight = x.astype(jnp.float8_e4m3fn).astype(jnp.float32)
    four = y.astype(jnp.int4).astype(jnp.int32)
    return low, eight, four, x + 1j * x, y > 3, lax.bitcast_convert_type(x, jnp.uint32), y.astype(jnp.uint8)


@_program(_f32(4, 6))
def reductions(x: Array) -> Any:
    means = lax.reduce((x, x * x), (0.0, 0.0), lambda a, b: (a[0] + b[0], a[1] + b[1]), (1,))
    return means, x.max(0), jnp.argmax(x, 1), jnp.cumsum(x, 0), jnp.any(x > 0), lax.reduce_precision(x, 5, 10)


@_program(_f32(2, 4, 8), _f32(2, 8, 3), _f32(5, 5))
def constants(x: Array, y: Array, z: Array) -> Any:
    table = jnp.arange(60.0).reshape(5, 12) ** 2
    word = jnp.array([[True, False], [False, True]])
    return jnp.einsum("bij,bjk->bik", x, y), z @ table, jnp.where(word, jnp.nan, jnp.inf), jnp.float32(1e-30) * z


@_program(_f32(16, 4), _f32(4, 4), _f32(4, 4))
def checkpointed(x: Array, w: Array, momentum: Array) -> Any:
    def layer(w: Array, x: Array) -> Array:
        return jnp.tanh(x @ w)

    def loss(w: Array) -> Array:
        y = jax.checkpoint(layer)(w, x)
        return jnp.sum(lax.optimization_barrier(y) ** 2)

    gradient = jax.grad(loss)(w)
    momentum = 0.9 * momentum + gradient
    return w - 0.1 * momentum, momentum


@_program(_f32(3, 4))
def host_callback(x: Array) -> Array:
    import numpy as np

    return jax.pure_callback(lambda x: np.sin(x), _f32(3, 4), x)
