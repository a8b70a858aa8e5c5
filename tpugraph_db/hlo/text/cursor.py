"""A place in an HLO text, and the steps forward that its grammar needs; each costs time linear in what it passes."""

from __future__ import annotations

import re

from tpugraph_db.errors import DataError

DEEPEST = 100
"""How many brackets may stand inside each other."""

STRING = r'"[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+"'
COMMENT = r"/\*(?s:.)*?\*/"
_GAP = re.compile(rf"(?:\s++|{COMMENT}|//[^\n]*+)*+")
_NAME = re.compile(r"%?([\w.\-]++)")
_BARE = re.compile(r'[^\s,{}()\[\]"]++')
_BRACE = re.compile(r"[ \t]++(?=\{)")
_MARK = re.compile(rf"{STRING}|{COMMENT}|[(){{}}\[\]\"]")
_PLAIN = r'(?:[^(){}\[\]"/]++|/(?!\*))'
_FLAT = re.compile(rf"(?:{_PLAIN}|\({_PLAIN}*+\)|\{{{_PLAIN}*+\}}|\[{_PLAIN}*+\])++")
_PAIR = {"(": ")", "{": "}", "[": "]"}


class Cursor:
    """Reads one text from the front to the back."""

    __slots__ = ("_counted", "_line", "at", "text", "where")

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.at = text, where, 0
        self._line, self._counted = 1, 0

    def line(self) -> int:
        """The line it stands on, from 1; asked for in the order of the text."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def skip(self) -> None:
        """Pass spaces, line ends and comments."""
        gap = _GAP.match(self.text, self.at)
        self.at = gap.end() if gap else self.at

    def ended(self) -> bool:
        """Whether only space is left."""
        self.skip()
        return self.at >= len(self.text)

    def sees(self, mark: str) -> bool:
        """Whether a mark comes next."""
        self.skip()
        return self.text.startswith(mark, self.at)

    def take(self, mark: str) -> bool:
        """Pass a mark, if it comes next."""
        seen = self.sees(mark)
        if seen:
            self.at += len(mark)
        return seen

    def word(self, word: str) -> bool:
        """Pass a whole word, if it comes next."""
        self.skip()
        name = _NAME.match(self.text, self.at)
        return name is not None and name[0] == word and self.take(word)

    def expect(self, mark: str, what: str) -> None:
        """Pass a mark that must come next."""
        if not self.take(mark):
            raise self.error(what)

    def name(self, what: str) -> str:
        """Pass a name, given without its ``%``."""
        self.skip()
        name = _NAME.match(self.text, self.at)
        if not name:
            raise self.error(what)
        self.at = name.end()
        return name[1]

    def value(self) -> str:
        """Pass an attribute's value: a word, a string, what is in brackets, or these one behind the other.

        Only a brace may follow after a space: ``mesh['x'=2] {'x'}``.
        """
        self.skip()
        start = self.at
        while self.at < len(self.text):
            bare = _BARE.match(self.text, self.at)
            if bare:
                self.at = bare.end()
            elif self.text[self.at] in '({["':
                self.group()
            elif brace := _BRACE.match(self.text, self.at):
                self.at = brace.end()
            else:
                break
        if self.at == start:
            raise self.error("a value")
        return self.text[start : self.at]

    def group(self) -> str:
        """Pass a string, or what a bracket here encloses, brackets included."""
        start, open_ = self.at, list[str]()
        if self.text[start : start + 1] not in set('({["'):
            raise self.error("a bracket or a string")
        while mark := _MARK.match(self.text, self.at):
            first = mark[0][0]
            if first in _PAIR:
                open_.append(_PAIR[first])
                if len(open_) > DEEPEST:
                    raise self.error(f"at most {DEEPEST} brackets inside each other")
            elif first in ")}]" and (not open_ or open_.pop() != first):
                raise self.error("the bracket that closes the one before")
            elif mark[0] == '"':
                raise self.error("a string that ends")
            self.at = mark.end()
            if not open_:
                return self.text[start : self.at]
            passed = _FLAT.match(self.text, self.at)
            self.at = passed.end() if passed else self.at
        raise self.error("a bracket that is closed", start)

    def error(self, expected: str, at: int | None = None) -> DataError:
        """What is wrong here, or at an offset; what is found is the line."""
        at = self.at if at is None else at
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text.count("\n", 0, at) + 1
        place = f"line {line}, column {at - start + 1}"
        return DataError(self.where, place, expected=expected, found=self._around(start, at))

    def error_on(self, line: int, expected: str, name: str = "") -> DataError:
        """What is wrong with a line, from 1, at a name in it if one is said."""
        start = -1
        for _ in range(line - 1):
            start = self.text.index("\n", start + 1)
        end = self.text.find("\n", start + 1)
        named = (
            list(re.finditer(rf"(?<![\w.\-]){re.escape(name)}(?![\w.\-])", self.text[start + 1 : end])) if name else []
        )
        gap = _GAP.match(self.text, start + 1)
        return self.error(expected, start + 1 + named[-1].start() if named else gap.end() if gap else start + 1)

    def _around(self, start: int, at: int) -> str:
        if at >= len(self.text):
            return "the end of the text"
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        first, last = max(start, at - 40), min(end, at + 60)
        return f"{'...' * (first > start)}{self.text[first:last]!r}{'...' * (last < end)}"
