"""Where a layout can be chosen in a jaxpr: outputs of dots, convolutions, reshapes and transposes.

Calls are inlined and loops and branches walked into; what other primitives hold inside (a reduction's or a scatter's
function, a kernel) is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

OPCODES = {
    "dot_general": "dot",
    "conv_general_dilated": "convolution",
    "reshape": "reshape",
    "transpose": "transpose",
}
"""Primitives whose output takes a layout, and the HLO opcode that each becomes."""

INLINED = {
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "closed_call": "call_jaxpr",
    "core_call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
    "custom_vjp_call": "call_jaxpr",
    "custom_vjp_call_jaxpr": "fun_jaxpr",
}
"""Primitives that are one call of a function, by the parameter that holds it."""

NESTED = {
    "scan": ("jaxpr",),
    "while": ("cond_jaxpr", "body_jaxpr"),
    "cond": ("branches",),
    "remat2": ("jaxpr",),
    "checkpoint": ("jaxpr",),
}
"""Primitives that stay, and the parameters whose functions are evaluated again."""

RANKS = range(2, 7)
"""A vector has one layout; a row of a layout configuration holds six dimensions."""

SCOPE = "tpudb.site."
"""What the named scope of a site begins with; its number follows."""

Path = tuple[Any, ...]
"""Where an equation stands: its place, then for each function around it parameter, number and place."""


@dataclass(frozen=True)
class Site:
    """One output that can be constrained."""

    number: int
    """Place among the sites, in the order of the jaxpr."""
    opcode: str
    """HLO opcode."""
    dims: tuple[int, ...]


def sites(jaxpr: Any) -> dict[Path, Site]:
    """Every site of a jaxpr, by its path."""
    found: dict[Path, Site] = {}
    for path, equation in _walk(jaxpr, ()):
        shape = tuple(equation.outvars[0].aval.shape)
        if len(shape) in RANKS and all(shape):
            found[path] = Site(len(found), OPCODES[equation.primitive.name], shape)
    return found


def inner(equation: Any) -> Iterator[tuple[str, int, Any]]:
    """(parameter, number, jaxpr) of each function that an equation of :data:`NESTED` holds."""
    for key in NESTED.get(equation.primitive.name, ()):
        held = equation.params[key]
        for number, jaxpr in enumerate(held if isinstance(held, tuple) else (held,)):
            yield key, number, jaxpr


def open_jaxpr(jaxpr: Any) -> Any:
    """The jaxpr without its constants."""
    return getattr(jaxpr, "jaxpr", jaxpr)


def _walk(jaxpr: Any, above: Path) -> Iterator[tuple[Path, Any]]:
    for place, equation in enumerate(jaxpr.eqns):
        name, path = equation.primitive.name, (*above, place)
        if name in OPCODES:
            yield path, equation
        elif name in INLINED:
            yield from _walk(open_jaxpr(equation.params[INLINED[name]]), path)
        else:
            for key, number, held in inner(equation):
                yield from _walk(open_jaxpr(held), (*path, key, number))
