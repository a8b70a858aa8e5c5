"""An instruction on a line of its own, as XLA prints it, as a regular expression.

Every repetition is possessive: what fails has cost time in proportion to the line.
"""

from __future__ import annotations

import re

PARENTHESES = r"[^()\n]*+(?:\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)[^()\n]*+)*+"
"""What may stand between parentheses: parentheses in it are closed in it, and at most two deep."""

NAMES = r"%?[\w.\-]++(?:, %?[\w.\-]++)*+"
"""Operands without shapes."""

_STRING = r'"[^"\\\n]*+"'
_FLAT = rf'[^{{}}()\[\]"/\n]++|{_STRING}'
_NESTED = rf"{_FLAT}|\[(?:{_FLAT})*+\]|\{{(?:{_FLAT})*+\}}"
_BRACES = rf"\{{(?:{_FLAT}|\[(?:{_NESTED})*+\]|\{{(?:{_NESTED})*+\}})*+\}}"
_VALUE = rf'(?:[^\s,{{}}()\[\]"/]++|{_STRING}|{_BRACES})(?=[,\n]|\Z)'

ATTRIBUTE = re.compile(rf", ([\w.\-]++)=({_VALUE})")
"""Name and value: a word, a string, or what is in braces: no comments, no escapes, no brackets more than three deep."""

_ATTRIBUTES = rf"(?:, (?!metadata=)[\w.\-]++={_VALUE}){{0,1000}}+"
_PLACE = r' source_file="([^"\\\n]*+)" source_line=(\d{1,17})| stack_frame_id=(\d++)'
_OTHERS = rf" (?!op_name|source_file|source_line|stack_frame_id)\w++=(?:[^\s{{}}\"]++|{_STRING})"
_METADATA = rf', metadata=\{{(?:op_type={_STRING} )?+op_name="([^"\\\n]*+)"(?:{_PLACE})?+(?:{_OTHERS})*+\}}'

LINE = re.compile(
    rf"\n?+[ \t]*+(ROOT )?%?([\w.\-]++) = ([^\s(]\S*+|\({PARENTHESES}\)) ([\w\-]++)"
    rf"\((?:({NAMES}|)\)|({PARENTHESES})\))({_ATTRIBUTES})(?:{_METADATA})?+({_ATTRIBUTES})(?=\n)(?!\s*+,)"
)
"""ROOT, name, shape, opcode; names of operands, or what else stands in the parentheses; attributes before metadata,
op_name, source file, source line, stack frame, attributes behind metadata."""
