import jax
import jax.numpy as jnp
import pytest

from tests.collect.traced import traced
from tpugraph_db.collect.sites import Site, sites

SQUARE = jnp.ones((4, 4))


def found(function, *inputs):
    return list(sites(jax.make_jaxpr(function)(*inputs).jaxpr).values())


def test_the_four_primitives():
    def function(x, w):
        return jnp.transpose(x @ w).reshape(2, 8), jax.lax.conv(x[None, None], w[None, None], (1, 1), "SAME")

    assert found(function, SQUARE, SQUARE) == [
        Site(0, "dot", (4, 4)),
        Site(1, "transpose", (4, 4)),
        Site(2, "reshape", (2, 8)),
        Site(3, "convolution", (1, 1, 4, 4)),
    ]


@pytest.mark.parametrize("dims", [(16,), (1, 1, 1, 1, 1, 4, 4)])
def test_an_output_that_no_row_can_say_is_no_site(dims):
    assert found(lambda x: x.reshape(dims), SQUARE) == []


def test_an_empty_output_is_no_site():
    assert found(lambda x: x.T, jnp.ones((0, 4))) == []


@pytest.mark.parametrize(
    "function",
    [
        lambda x: jax.jit(lambda x: x @ x)(x),
        lambda x: jax.lax.scan(lambda c, _: (c @ c, None), x, length=3)[0],
        lambda x: jax.lax.while_loop(lambda c: c[0, 0] < 9, lambda c: c @ c, x),
        lambda x: jax.lax.while_loop(lambda c: (c @ c)[0, 0] < 9, lambda c: c + 1, x),
        lambda x: jax.checkpoint(lambda x: x @ x)(x),
        lambda x: jax.lax.cond(x[0, 0] > 0, lambda x: x @ x, lambda x: x, x),
    ],
    ids=["jit", "scan", "while body", "while condition", "checkpoint", "cond"],
)
def test_inside_calls_loops_and_branches(function):
    assert found(function, SQUARE) == [Site(0, "dot", (4, 4))]


def test_a_function_that_is_called_twice_has_its_sites_twice():
    inner = jax.jit(lambda x: x @ x)
    assert [site.number for site in found(lambda x: inner(inner(x)), SQUARE)] == [0, 1]


def test_every_branch():
    assert len(found(lambda x: jax.lax.switch(0, [jnp.sin, lambda x: x @ x, lambda x: x.T], x), SQUARE)) == 2


def test_custom_derivatives_are_walked_into():
    @jax.custom_vjp
    def function(x):
        return x @ x

    function.defvjp(lambda x: (function(x), x), lambda x, g: (g @ x,))
    assert len(found(function, SQUARE)) == 1


def test_a_reductions_function_is_left_alone():
    assert traced("reductions").sites == {}
