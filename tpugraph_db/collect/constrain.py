"""A jaxpr evaluated again, with a layout constraint on chosen outputs.

Each site stands in a named scope of its own, which XLA keeps in an op's metadata: that ties an output to its HLO op.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import jax
from jax.experimental.layout import Layout, with_layout_constraint
from jax.extend import source_info_util

from tpugraph_db.collect.sites import INLINED, SCOPE, Path, Site, inner, open_jaxpr

Layouts = Mapping[int, Sequence[int]]
"""Number of a site -> minor-to-major layout of its output. A site that is not here is left to the compiler."""


def constrained(jaxpr: Any, sites: Mapping[Path, Site], layouts: Layouts) -> Callable[..., list[Any]]:
    """The jaxpr as a function of its constants and arguments, in that order, under these layouts."""
    count = len(jaxpr.constvars)

    def evaluate(*inputs: Any) -> list[Any]:
        return _Evaluation(sites, layouts).run(jaxpr, inputs[:count], inputs[count:], ())

    return evaluate


class _Evaluation:
    def __init__(self, sites: Mapping[Path, Site], layouts: Layouts) -> None:
        self._sites, self._layouts = sites, layouts

    def run(self, jaxpr: Any, consts: Sequence[Any], inputs: Sequence[Any], above: Path) -> list[Any]:
        """The jaxpr's outputs; ``above`` is the path of the equation that holds it."""
        known = dict(zip((*jaxpr.constvars, *jaxpr.invars), (*consts, *inputs), strict=True))
        for place, equation in enumerate(jaxpr.eqns):
            values = [_read(known, variable) for variable in equation.invars]
            with _context(equation):
                outputs = self._outputs(equation, values, (*above, place))
            known.update(zip(equation.outvars, outputs, strict=True))
        return [_read(known, variable) for variable in jaxpr.outvars]

    def _outputs(self, equation: Any, values: list[Any], path: Path) -> Sequence[Any]:
        name = equation.primitive.name
        if name in INLINED:
            called = equation.params[INLINED[name]]
            with jax.named_scope(f"jit({equation.params['name']})") if "name" in equation.params else nullcontext():
                return self.run(open_jaxpr(called), getattr(called, "consts", ()), values, path)
        if path in self._sites:
            return [self._site(self._sites[path], equation, values)]
        parameters = equation.primitive.get_bind_params({**equation.params, **self._nested(equation, path)})
        made = equation.primitive.bind(*values, **parameters)
        return made if equation.primitive.multiple_results else [made]

    def _site(self, site: Site, equation: Any, values: list[Any]) -> Any:
        with jax.named_scope(f"{SCOPE}{site.number}"):
            output = equation.primitive.bind(*values, **equation.params)
            if site.number not in self._layouts:
                return output
            major_to_minor = tuple(self._layouts[site.number])[::-1]
            return with_layout_constraint(output, Layout(major_to_minor))

    def _nested(self, equation: Any, path: Path) -> dict[str, Any]:
        """The functions that an equation holds, evaluated again where sites are in them."""
        made: dict[str, list[Any]] = {}
        for key, number, held in inner(equation):
            made.setdefault(key, []).append(self._again(held, (*path, key, number)))
        return {key: tuple(new) if isinstance(equation.params[key], tuple) else new[0] for key, new in made.items()}

    def _again(self, held: Any, path: Path) -> Any:
        if not any(site[: len(path)] == path for site in self._sites):
            return held
        jaxpr, consts = open_jaxpr(held), getattr(held, "consts", ())
        types = [variable.aval for variable in jaxpr.invars]
        closed = jax.make_jaxpr(lambda *inputs: self.run(jaxpr, consts, inputs, path))(*types)
        return closed if held is not jaxpr else closed.jaxpr


@contextmanager
def _context(equation: Any) -> Iterator[None]:
    """What is made in it has the equation's source line, scopes and settings.

    JAX traces a function of its own once and for all, so that a line in there is nobody's; it has the caller's then.
    """
    source = equation.source_info
    names = source_info_util.current_name_stack() + source.name_stack
    line = source.traceback if source_info_util.summarize(source) not in ("", "unknown") else None
    with source_info_util.user_context(line, name_stack=names), equation.ctx.manager:
        yield


def _read(known: Mapping[Any, Any], variable: Any) -> Any:
    return variable.val if hasattr(variable, "val") else known[variable]
