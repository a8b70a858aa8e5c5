"""The conditions of a pattern: what stands in brackets after an op, and after ``where``.

::

    condition  = both { "or" both }
    both       = negation { "and" negation }
    negation   = "not" negation | "(" condition ")" | comparison
    comparison = property sign ( values | property )
    property   = [ name "." ] word
    values     = value | "{" value { "|" value } "}"
    value      = number [ unit ] | word | text
"""

from __future__ import annotations

import math

from tpugraph_db import schema
from tpugraph_db.errors import did_you_mean
from tpugraph_db.patterns.reader import Reader
from tpugraph_db.patterns.syntax import Both, Comparison, Condition, Not, Operand, Value
from tpugraph_db.patterns.vocabulary import find_property, is_number, properties

_UNITS = {
    "bytes": {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30},
    "ns": {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9},
}
_SIGNS = {"number": ("=", "!=", "<", "<=", ">", ">="), "string": ("=", "!=", "~"), "bool": ("=", "!=")}
_TRUTH = {"true": True, "false": False}
_INT64 = 2**63


def read_filters(reader: Reader) -> tuple[Condition, ...]:
    """``[bytes > 1MB, dtype = bf16]``: all must hold of the op before it."""
    reader.expect("[")
    found = [_condition(reader, named=False)]
    while reader.took(","):
        found.append(_condition(reader, named=False))
    reader.expect("]")
    return tuple(found)


def read_where(reader: Reader) -> Condition:
    """What follows ``where``: properties of named ops, ``x.bytes``."""
    return _condition(reader, named=True)


def _condition(reader: Reader, *, named: bool) -> Condition:
    parts = [_both(reader, named=named)]
    while reader.took("or"):
        parts.append(_both(reader, named=named))
    return parts[0] if len(parts) == 1 else Both("or", tuple(parts))


def _both(reader: Reader, *, named: bool) -> Condition:
    parts = [_negation(reader, named=named)]
    while reader.took("and"):
        parts.append(_negation(reader, named=named))
    return parts[0] if len(parts) == 1 else Both("and", tuple(parts))


def _negation(reader: Reader, *, named: bool) -> Condition:
    reader.deeper()
    found: Condition
    if reader.took("not"):
        found = Not(_negation(reader, named=named))
    elif reader.took("("):
        found = _condition(reader, named=named)
        reader.expect(")")
    else:
        found = _comparison(reader, named=named)
    reader.shallower()
    return found


def _comparison(reader: Reader, *, named: bool) -> Comparison:
    at = reader.now.at
    left, of = _property(reader, named=named)
    kind = "number" if is_number(of) else of.type
    sign = reader.expect_kind("sign", f"a comparison: {' '.join(_SIGNS[kind])}")
    if sign.text not in _SIGNS[kind]:
        reader.fail(sign.at, f"{of.name} is a {kind}, compared by {' '.join(_SIGNS[kind])}; found {sign.text!r}")
    right: Operand | tuple[Value, ...]
    if named and reader.now.kind == "word" and reader.next.text == ".":
        right, other = _property(reader, named=True)
        other_kind = "number" if is_number(other) else other.type
        if other_kind != kind:
            reader.fail(right.at, f"{of.name} is a {kind} and {other.name} a {other_kind}: they do not compare")
    else:
        right = _values(reader, of, sign.text)
    return Comparison(left, sign.text, right, reader.since(at), at)


def _property(reader: Reader, *, named: bool) -> tuple[Operand, schema.Property]:
    at, name = reader.now.at, ""
    if named:
        name = reader.expect_kind("word", "a condition over the names: x.bytes > 1MB").text
        reader.expect(".")
    word = reader.expect_kind("word", "a property of the op")
    found = find_property(word.text)
    if found is None:
        if word.text in schema.OP.property_names():
            reader.fail(word.at, f"{word.text} is a list, which a pattern does not compare")
        reader.fail(word.at, f"no property {word.text!r}{did_you_mean(word.text, list(properties()))}")
    return Operand(name, word.text, at), found


def _values(reader: Reader, of: schema.Property, sign: str) -> tuple[Value, ...]:
    if not reader.is_at("{"):
        return (_value(reader, of),)
    if sign not in ("=", "!="):
        reader.fail_here(f"{sign} takes one value")
    reader.take()
    found = [_value(reader, of)]
    while reader.took("|"):
        found.append(_value(reader, of))
    reader.expect("}")
    return tuple(found)


def _value(reader: Reader, of: schema.Property) -> Value:
    if is_number(of):
        return _number(reader, of)
    token = reader.now
    if of.type == "bool":
        if token.text not in _TRUTH:
            reader.fail_here(f"{of.name} is true or false")
        return _TRUTH[reader.take().text]
    if token.kind == "text":
        return reader.take().text[1:-1]
    if token.kind != "word" or "*" in token.text:
        reader.fail_here(f'{of.name} is a text: a word, or "..."')
    return reader.take().text


def _number(reader: Reader, of: schema.Property) -> int | float:
    token = reader.expect_kind("number", f"a number for {of.name}")
    value = float(token.text) if set(token.text) & set(".eE") else int(token.text)
    if reader.now.kind == "word" and reader.now.at == token.end:
        value = value * _unit(reader, of)
    if not math.isfinite(value) or abs(value) >= _INT64:
        reader.fail(token.at, f"{token.text} is past 64 bits")
    return value


def _unit(reader: Reader, of: schema.Property) -> int:
    units = _UNITS.get(of.unit, {})
    word = reader.take()
    if word.text not in units:
        known = f"one of {', '.join(units)}" if units else f"{of.name} has none"
        reader.fail(word.at, f"no unit {word.text!r}: {known}")
    return units[word.text]
