"""The words and strings in the braces of HLO text: ``{op_name="f/sum" source_line=3}``."""

from __future__ import annotations

import re

from tpugraph_db.hlo.text.cursor import STRING

_FIELD = re.compile(rf'(?<![\w.\-])([\w.\-]++)\s*+=\s*(?:({STRING})|([^\s{{}}"]++))')
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def fields(text: str) -> dict[str, str]:
    """Each name and its value; a string comes without its quotes and escapes.

    >>> fields('op_name="f/sum" source_line=3')
    {'op_name': 'f/sum', 'source_line': '3'}
    """
    return {name: unescape(string[1:-1]) if string else word for name, string, word in _FIELD.findall(text)}


def unescape(text: str) -> str:
    r"""A string as it was before XLA wrote it with C's escapes.

    >>> unescape(r"caf\303\251 \"x\"")
    'café "x"'
    """
    return _ESCAPE.sub(_plain, text.encode()).decode(errors="replace") if "\\" in text else text


def _plain(found: re.Match[bytes]) -> bytes:
    octal, hexadecimal, letter = found.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter)
    return bytes([int(octal, 8) & 255 if octal else int(hexadecimal, 16)])


def line_number(text: str) -> int:
    """A line from 1; 0 where the text is no such number."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0
