"""The words ``PROGRAM.py:function``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tpugraph_db.errors import DataError, UsageError


@dataclass(frozen=True)
class Source:
    """A function in a file of Python."""

    path: str
    function: str

    @property
    def text(self) -> str:
        """As the user wrote it."""
        return f"{self.path}:{self.function}"

    @property
    def name(self) -> str:
        """Of the graph: the function's, so that several of a file stand beside each other."""
        return self.function


def parse(text: str) -> Source:
    """Take the words apart.

    Raises:
        UsageError: there is no function in them. DataError: there is no such file.

    >>> parse("mlp.py")
    Traceback (most recent call last):
    tpugraph_db.errors.UsageError: mlp.py: expected PROGRAM.py:function, the function that returns a JAX function ...
    """
    path, _, function = text.rpartition(":")
    if not path or not re.fullmatch(r"[\w.-]+", function):
        wanted = "the function that returns a JAX function and its arguments"
        raise UsageError(f"{text}: expected PROGRAM.py:function, {wanted}")
    if not Path(path).is_file():
        raise DataError(path, "file", expected="a program in Python", found="no such file")
    return Source(path, function)
