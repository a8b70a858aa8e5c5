"""``-p NAME=VALUE``: values of a statement's ``$names``."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from tpugraph_db.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


def param_option(command: Command) -> Command:
    """``-p``."""
    text = "A $parameter: JSON, else text. Repeatable."
    return click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help=text)(command)


def where_options(command: Command) -> Command:
    """``-k`` and ``-p``, beside a ``--where``."""
    text = "Where a file of Cypher gives ops: how far their surroundings reach."
    hops = click.option("-k", "--hops", type=click.IntRange(0), default=2, show_default=True, help=text)
    return hops(param_option(command))


def values(params: Sequence[str], texts: Collection[str] = ()) -> dict[str, Any]:
    """The values by name: JSON where it is JSON, else the text itself; of the names in ``texts`` always the text.

    ``3``, ``[1,2]``, ``convolution``, ``"3"``.
    """
    pairs = dict(_split(param) for param in params)
    return {name: text if name in texts else _value(text) for name, text in pairs.items()}


def where_values(params: Sequence[str], wheres: Sequence[str | Path | None]) -> dict[str, Any]:
    """The values for what several ``--where`` say, by the types that their headers give."""
    if not params:
        return {}
    from tpugraph_db.where import statement

    queries = [statement(where).query for where in wheres if where]
    declared = [parameter for query in queries if query for parameter in query.parameters]
    return values(params, {parameter.name for parameter in declared if parameter.type == "string"})


def _split(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(f"-p: expected NAME=VALUE, found {param!r}")
    return name, value


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
