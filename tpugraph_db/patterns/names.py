"""The names of a pattern: what may be one, and what may be said of it."""

from __future__ import annotations

import re

from tpugraph_db.errors import did_you_mean
from tpugraph_db.hlo.vocabulary import OPCODES
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.reader import Reader
from tpugraph_db.patterns.syntax import Both, Branches, Chain, Condition, Not, Operand, Pattern, Reference
from tpugraph_db.patterns.tokens import Token

_RESERVED = ("where", "and", "or", "not", "graph", "collection", "matches")
"""Words of the language, and columns of its rows."""


def check_new(reader: Reader, token: Token, known: set[str]) -> None:
    """Refuse a name that means something already.

    Raises:
        PatternError: says what it means.
    """
    name = token.text
    if not re.fullmatch(r"[A-Za-z_]\w{0,63}", name, re.ASCII):
        reader.fail(token.at, f"a name has letters, digits and _, found {name!r}")
    if name in OPCODES:
        reader.fail(token.at, f"{name} is an opcode; call it otherwise")
    if name in _RESERVED:
        reader.fail(token.at, f"{name} is a word of the language or of its columns; call it otherwise")
    if name in known:
        reader.fail(token.at, f"{name} has its op already: to say more of it, write {name} alone")


def check_names(pattern: Pattern) -> None:
    """Refuse a reference or a condition whose name does not stand for exactly one op.

    Raises:
        PatternError: names the place.
    """
    single = {op.name: op.single for op in pattern.ops if op.name}
    used = [(reference.name, reference.at) for chain in pattern.chains for reference in _references(chain)]
    if pattern.where is not None:
        used += [(operand.name, operand.at) for operand in operands(pattern.where)]
    for name, at in used:
        if name not in single:
            raise PatternError(pattern.text, at, f"no op is called {name!r}{did_you_mean(name, list(single))}")
        if not single[name]:
            raise PatternError(pattern.text, at, f"{name} stands for no or several ops (? or *): it is named only once")


def operands(condition: Condition) -> list[Operand]:
    """Every property that a condition asks for."""
    if isinstance(condition, Not):
        return operands(condition.part)
    if isinstance(condition, Both):
        return [operand for part in condition.parts for operand in operands(part)]
    return [side for side in (condition.left, condition.right) if isinstance(side, Operand)]


def _references(chain: Chain) -> list[Reference]:
    found = [item for item in chain.items if isinstance(item, Reference)]
    inner = [item for item in chain.items if isinstance(item, Branches)]
    return found + [reference for item in inner for part in item.chains for reference in _references(part)]
