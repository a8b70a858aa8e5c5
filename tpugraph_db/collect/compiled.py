"""When two compiled modules are the same program: HLO text less names, metadata and source tables."""

from __future__ import annotations

import hashlib
import re

_TABLES = re.compile(r"^(?:FileNames|FunctionNames|FileLocations|StackFrames)\n(?:.+\n)*\n?", re.MULTILINE)
_METADATA = re.compile(r', metadata=\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}')
_SIGNATURE = re.compile(r"^((?:ENTRY )?%\S+) \(.*\) -> .* \{$", re.MULTILINE)
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|%[\w.\-]+')


def canonical(text: str) -> str:
    """The text of a compiled module in which names are numbers, by first use, and signatures are not said twice.

    >>> canonical('  %x.7 = f32[] tanh(%y), metadata={op_name="f/{}"}')
    '  %0 = f32[] tanh(%1)'
    """
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        name = match[0]
        return name if name[0] == '"' else numbers.setdefault(name, f"%{len(numbers)}")

    return _NAME.sub(number, _SIGNATURE.sub(r"\1 {", _METADATA.sub("", _TABLES.sub("", text))))


def fingerprint(text: str) -> str:
    """sha256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()
