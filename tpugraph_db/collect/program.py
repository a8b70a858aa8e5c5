"""The user's program: ``PROGRAM.py:function``, whose function returns a JAX function and example arguments."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import jax

from tpugraph_db.collect import sites
from tpugraph_db.collect.constrain import Layouts, constrained
from tpugraph_db.collect.source import Source
from tpugraph_db.errors import DataError, did_you_mean

_EXAMPLE = "return f, (x, w)"


@dataclass(frozen=True)
class Program:
    """A traced function and the arrays that it is measured on."""

    name: str
    jaxpr: Any
    """Without constants: arrays that the function closes over are inputs like its arguments."""
    inputs: tuple[Any, ...]
    """Constants, then the leaves of the arguments."""

    @cached_property
    def sites(self) -> dict[sites.Path, sites.Site]:
        """Where a layout can be chosen."""
        return sites.sites(self.jaxpr)

    def lower(self, layouts: Layouts) -> Any:
        """The program under these layouts, as :class:`jax.stages.Lowered`."""
        function = constrained(self.jaxpr, self.sites, layouts)
        function.__name__ = self.name
        return jax.jit(function).lower(*self.inputs)


def load(source: Source) -> Program:
    """Import the file, call the function and trace what it returns.

    Raises:
        DataError: the function is not there, raises, returns something else, or gives another shape each time.
    """
    make = _find(_module(source), source)
    function, arguments = _pair(attempt(make, source), source)
    leaves, tree = jax.tree.flatten(arguments)
    arrays = attempt(lambda: [jax.numpy.asarray(leaf) for leaf in leaves], source, "arguments")

    def flat(*values: Any) -> Any:
        return function(*jax.tree.unflatten(tree, values))

    closed, again = (attempt(lambda: jax.make_jaxpr(lambda *a: flat(*a))(*arrays), source) for _ in range(2))
    if closed.out_avals != again.out_avals:
        found = f"{_shapes(closed)}, then {_shapes(again)}"
        raise DataError(source.text, "output", expected="the same shapes each time", found=found)
    return Program(source.function, closed.jaxpr, (*map(jax.numpy.asarray, closed.consts), *arrays))


def _module(source: Source) -> ModuleType:
    path = Path(source.path).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise DataError(source.path, "file", expected="Python, in a file that ends with .py", found=path.name)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))  # where it would find its neighbours if it were run
    sys.modules[path.stem] = module
    loader = spec.loader
    attempt(lambda: loader.exec_module(module), source)
    return module


def _find(module: ModuleType, source: Source) -> Callable[[], Any]:
    """The module's function, or the entry of its table ``PROGRAMS``."""
    table = getattr(module, "PROGRAMS", {})
    found = table.get(source.function) or getattr(module, source.function, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    hint = did_you_mean(source.function, [*table, *own])
    raise DataError(source.text, "function", expected="a function of that name", found="none", cure=hint.lstrip("; "))


def _pair(made: Any, source: Source) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    if isinstance(made, tuple) and len(made) == 2 and callable(made[0]) and isinstance(made[1], (tuple, list)):
        return made[0], tuple(made[1])
    expected = f"a function and a tuple of its arguments ({_EXAMPLE})"
    raise DataError(source.text, "returns", expected=expected, found=type(made).__name__)


def attempt(work: Callable[[], Any], source: Source, key: str = "program") -> Any:
    """What the user's program gives; whatever it raises becomes one line.

    Raises:
        DataError: it raised.
    """
    try:
        return work()
    except DataError:
        raise
    except (Exception, SystemExit) as error:
        first = (str(error).strip().splitlines() or [""])[0]
        found = f"{type(error).__name__}: {first}{_place(error, source)}"
        raise DataError(source.text, key, expected="a program that runs", found=found) from error


def _place(error: BaseException, source: Source) -> str:
    """The last line of the user's own file that took part."""
    import traceback

    path = str(Path(source.path).resolve())
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return f" (line {lines[-1]})" if lines else ""


def _shapes(closed: Any) -> str:
    return ", ".join(aval.str_short() for aval in closed.out_avals)
