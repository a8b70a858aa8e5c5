"""An instruction's attributes, one text, taken apart by name."""

from __future__ import annotations

import re

_NAME = re.compile(r"[,\s]*([\w.\-]+)=")
_VALUE = re.compile(r'"(?:\\.|[^"\\])*"|[,(){}\[\]]', re.DOTALL)


def attributes(text: str) -> dict[str, str]:
    """Value by name, as written; what stands before the first name (``parameter(0)``) is left out.

    >>> attributes('constant(1), window={size=3x3 stride=2x2}, backend_config="a, b=c"')
    {'window': '{size=3x3 stride=2x2}', 'backend_config': '"a, b=c"'}
    """
    found: dict[str, str] = {}
    at = _end(text, 0) if text.startswith(("parameter(", "constant(")) else 0
    while name := _NAME.match(text, at):
        at = _end(text, name.end())
        found[name[1]] = text[name.end() : at]
    return found


def _end(text: str, at: int) -> int:
    """Where the value that begins at an offset ends: at the next comma outside of braces and strings."""
    depth = 0
    for token in _VALUE.finditer(text, at):
        character = token[0]
        if character == "," and not depth:
            return token.start()
        depth += (character in "({[") - (character in ")}]")
    return len(text)
