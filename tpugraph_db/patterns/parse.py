"""Tokens of a pattern as its syntax tree.

::

    pattern  = chain { "," chain } [ "where" condition ]
    chain    = item { arrow item }
    item     = op | name | "(" chain { "," chain } ")"
    op       = [ name ":" ] [ "@" ] [ opcodes ] [ filters ] [ times ]
    opcodes  = [ "!" ] ( glob | "{" glob { "|" glob } "}" )
    times    = "?" | "*" number [ ".." [ number ] ]
    arrow    = "->" | "<-" | "--" | ".." [ number ] ">" | "<" [ number ] ".."
"""

from __future__ import annotations

import re

from tpugraph_db.patterns.conditions import read_filters, read_where
from tpugraph_db.patterns.limits import HOPS, MOST_HOPS, MOST_REPEATS, REPEATS
from tpugraph_db.patterns.names import check_names, check_new
from tpugraph_db.patterns.reader import Reader
from tpugraph_db.patterns.syntax import Arrow, Branches, Chain, Condition, Direction, Item, Op, Pattern, Reference
from tpugraph_db.patterns.tokens import Token
from tpugraph_db.patterns.vocabulary import near_opcodes, opcodes_of

_ARROWS: dict[str, Direction] = {"->": "out", "<-": "in", "--": "any"}


def parse(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: names the place, and what was meant perhaps.
    """
    return _Parser(text).pattern()


class _Parser:
    """Reads one pattern; keeps the ops in the order of the text."""

    def __init__(self, text: str) -> None:
        self._reader = Reader(text)
        self._ops: list[Op] = []
        self._names: set[str] = set()

    def pattern(self) -> Pattern:
        reader = self._reader
        chains = self._chains()
        where: Condition | None = None
        if reader.took("where"):
            where = read_where(reader)
        if reader.now.kind != "end":
            reader.fail_here("expected an arrow (-> <- -- ..>), ',', 'where' or the end")
        found = Pattern(reader.text, chains, where, tuple(self._ops))
        check_names(found)
        return found

    def _chains(self) -> tuple[Chain, ...]:
        found = [self._chain()]
        while self._reader.took(","):
            found.append(self._chain())
        return tuple(found)

    def _chain(self) -> Chain:
        items, arrows = [self._item()], []
        while self._reader.now.kind in ("arrow", "path"):
            arrows.append(self._arrow())
            items.append(self._item())
        return Chain(tuple(items), tuple(arrows))

    def _arrow(self) -> Arrow:
        token = self._reader.take()
        if token.kind == "arrow":
            return Arrow(_ARROWS[token.text], 0, token.at)
        digits = token.text.strip("<>.")
        hops = int(digits[:6]) if digits else HOPS
        if not 1 <= hops <= MOST_HOPS:
            self._reader.fail(token.at, f"a path has 1 to {MOST_HOPS} edges, found {digits}")
        return Arrow("in" if token.text.startswith("<") else "out", hops if hops > 1 else 0, token.at)

    def _item(self) -> Item:
        reader = self._reader
        if not reader.is_at("("):
            return self._op()
        at = reader.take().at
        reader.deeper()
        chains = self._chains()
        reader.expect(")")
        reader.shallower()
        if reader.now.kind == "times":
            reader.fail_here("a bracket comes once; repeats and ? stand after an op")
        return Branches(chains, at)

    def _op(self) -> Item:
        reader, at, name = self._reader, self._reader.now.at, ""
        if reader.now.kind == "word" and reader.next.text == ":":
            name = self._name(reader.take())
            reader.take()
        elif reader.now.kind == "word" and reader.now.text in self._names:
            return self._reference(reader.take())
        configurable = reader.took("@")
        opcodes, excluded = self._opcodes(optional=configurable)
        filters = read_filters(reader) if reader.is_at("[") else ()
        low, high = self._times()
        op = Op(name, opcodes, excluded, configurable, filters, low, high, reader.since(at), at)
        self._ops.append(op)
        return op

    def _name(self, token: Token) -> str:
        check_new(self._reader, token, self._names)
        self._names.add(token.text)
        return token.text

    def _reference(self, token: Token) -> Reference:
        if self._reader.is_at("[") or self._reader.now.kind == "times":
            self._reader.fail_here(f"{token.text} has its op already: its name stands alone the second time")
        return Reference(token.text, token.at)

    def _opcodes(self, *, optional: bool) -> tuple[frozenset[str] | None, bool]:
        """The opcodes (None: any), and whether they are those that it may not have."""
        reader, at = self._reader, self._reader.now.at
        if reader.now.kind == "times" and reader.now.text != "?":
            return None, False  # *1..3 alone repeats what * stands for
        if optional and not (reader.now.kind == "word" or reader.is_at("!", "{")):
            return None, False
        excluded = reader.took("!")
        found = self._any_of()
        if excluded and found is None:
            reader.fail(at, f"{reader.since(at)} leaves no opcode")
        return found, excluded

    def _any_of(self) -> frozenset[str] | None:
        reader = self._reader
        if not reader.took("{"):
            return self._glob()
        found = [self._glob()]
        while reader.took("|"):
            found.append(self._glob())
        reader.expect("}")
        return None if None in found else frozenset().union(*(part for part in found if part))

    def _glob(self) -> frozenset[str] | None:
        token = self._reader.expect_kind("word", "an op: an opcode, {a|b}, !a, *, @ or a name")
        if not token.text.strip("*"):
            return None
        found = opcodes_of(token.text)
        if not found:
            what = "fits no opcode" if "*" in token.text else "is no opcode"
            near = near_opcodes(token.text, tuple(self._names))
            self._reader.fail(token.at, f"{token.text!r} {what}{near or _ANY_OPCODE}")
        return found

    def _times(self) -> tuple[int, int]:
        token = self._reader.now
        if token.kind != "times":
            return 1, 1
        self._reader.take()
        if self._reader.now.kind == "times":
            self._reader.fail_here("one repeat is enough")
        if token.text == "?":
            return 0, 1
        low, high = _bounds(token.text)
        if high > MOST_REPEATS or low > high or not high:
            self._reader.fail(token.at, f"expected *2 or *1..3, at most {MOST_REPEATS} copies; found {token.text}")
        return low, high


_ANY_OPCODE = '; of an opcode that this program does not know say *[opcode = "..."]'


def _bounds(text: str) -> tuple[int, int]:
    """``*2``, ``*1..3`` and ``*1..``, which goes as far as a repeat usually does."""
    low, dots, high = re.fullmatch(r"\*(\d+)(\.\.)?(\d*)", text).groups()  # type: ignore[union-attr]
    least = int(low[:6])
    if not dots:
        return least, least
    return least, int(high[:6]) if high else max(least, REPEATS)
