import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tpugraph_db.collect.outputs import difference, fetched


def differ(one, other):
    return difference(fetched([one]), fetched([other])) != ""


@pytest.mark.parametrize(
    ("dtype", "inside", "outside"),
    [("float32", 1e-4, 1e-3), ("bfloat16", 0.05, 0.2), ("float16", 0.02, 0.1), ("complex64", 1e-4, 1e-3)],
)
def test_tolerance_by_dtype(dtype, inside, outside):
    one = jnp.linspace(0, 4, 9).astype(dtype)
    assert not differ(one, (one * (1 + inside)).astype(dtype))
    assert differ(one, (one * (1 + outside)).astype(dtype))


def test_what_cancels_is_relative_to_the_largest():
    assert not differ(jnp.array([1e6, 1e-3]), jnp.array([1e6, 2e-3]))
    assert differ(jnp.array([1.0, 1e-3]), jnp.array([1.0, 2e-3]))


@pytest.mark.parametrize("dtype", ["int32", "bool"])
def test_other_types_are_equal(dtype):
    assert not differ(jnp.array([0, 1], dtype), jnp.array([0, 1], dtype))
    assert differ(jnp.array([0, 1], dtype), jnp.array([1, 1], dtype))


def test_what_is_not_finite():
    odd = jnp.array([jnp.nan, jnp.inf, 1.0])
    assert not differ(odd, odd)
    assert differ(odd, jnp.array([0.0, jnp.inf, 1.0]))
    assert differ(odd, jnp.array([jnp.nan, -jnp.inf, 1.0]))


def test_another_shape():
    assert differ(jnp.ones(3), jnp.ones((3, 1)))


def test_keys():
    assert not differ(jax.random.key(1), jax.random.key(1))
    assert differ(jax.random.key(1), jax.random.key(2))


def test_which_output():
    ones = np.ones(2, np.float32)
    assert difference([ones, ones], [ones, ones + 1]) == "others in output 1 (float32 [2])"
