"""What the text of a query says of its parameters and columns, without an engine: enough to hold its header to it."""

from __future__ import annotations

import re

_BLANKED = re.compile(r"""//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_PARAMETER = re.compile(r"\$(\w+)")
_ALIAS = re.compile(r"(?:.*\sAS\s+)?(?P<name>[A-Za-z_]\w*)", re.DOTALL | re.IGNORECASE)
_END = re.compile(r"\b(?:ORDER\s+BY|SKIP|LIMIT)\b", re.IGNORECASE)
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.IGNORECASE)


def parameters(text: str) -> dict[str, int]:
    """Each ``$name`` with the line that has it first, from 1."""
    plain = _plain(text)
    found: dict[str, int] = {}
    for match in _PARAMETER.finditer(plain):
        found.setdefault(match[1], _line(plain, match.start()))
    return found


def columns(text: str) -> tuple[int, list[str]]:
    """Line of the last RETURN, and the names after it in order; ``?`` for an expression that has no ``AS name``."""
    plain = _outermost(_plain(text))
    *_, last = [None, *_RETURN.finditer(plain)]
    if last is None:
        return 1, []
    items = _END.split(plain[last.end() :], maxsplit=1)[0].split(",")
    names = (_ALIAS.fullmatch(item.strip()) for item in items)
    return _line(plain, last.start()), [match["name"] if match else "?" for match in names]


def _plain(text: str) -> str:
    """Comments as spaces, strings as a quote and spaces, every other character in its place."""
    return _BLANKED.sub(lambda match: match[0][0].replace("/", " ") + re.sub(r"[^\n]", " ", match[0][1:]), text)


def _outermost(text: str) -> str:
    """What stands in brackets as spaces."""
    depth, kept = 0, []
    for character in text:
        depth -= character in ")]}"
        kept.append(character if depth == 0 else " ")
        depth += character in "([{"
    return "".join(kept)


def _line(text: str, at: int) -> int:
    return 1 + text.count("\n", 0, at)
