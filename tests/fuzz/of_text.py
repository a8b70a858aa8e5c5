"""Changes of HLO text: of its lines, words, names, brackets, lengths, and of how it is encoded."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random as Chance

_WORD = re.compile(r"[\w.\-]+|\S")
_NAME = re.compile(r"(?<![\w.\-\"])%?[A-Za-z_][\w.\-]*")
_DEFINED = re.compile(r"^\s*(?:ROOT |ENTRY )?(%?[\w.\-]+) (?:=|\{|\()", re.MULTILINE)
_SHAPE = re.compile(r"\b(?:pred|[sufc]\d+)\[[^\]]*\](?:\{[^{}]*\})?")
_OTHERS = (
    *("", "-1", "0", "1", "2147483648", "9223372036854775807", "9" * 30, "1e999", "nan", "-", "0x7f", "?", "<=4"),
    *("(", ")", "{", "}", "[", "]", '"', "\\", ",", "=", ":", "%", "//", "/*", "*/", "->", "...", "ROOT", "ENTRY"),
    *("HloModule", "f32[]", "f32[4]{0}", "token[]", "opaque[]", "b(f32[4])", "(f32[4], s32[])", "pred[2,<=2]{0,1}"),
    *("f32[99999999999,99999999999]", "f32[4]{1}", "s4[8]{0:E(4)}", "f32[" + "1," * 300 + "1]", "\x00", "é", "\u2028"),
    *("parameter", "constant", "tuple", "while", "fusion", "call", "async-start", "newest", "{...}", "to_apply"),
    *("control-predecessors={x}", "metadata={op_name=", "window={size=3x3", "dimensions={0,0}", "calls"),
    *("feature_group_count=0", "dim_labels=b01f_01io->b01f", "sharding={devices=[2,2]<=[4]}", "branch_computations={"),
)  # fmt: skip

_BRACKETS = (
    *(("(", ")"), ("{", "}"), ("[", "]"), ("b(", ")"), ("/*", "*/"), ('"', '"'), ("({[", "]})"), ("{a=", "}")),
    *(("x = f32[] call(), to_apply=\n{\n", "\n}\n"), ("y { ", " }"), ("\\", "\\")),
)
_PIECES = ("a", " ", "0", "1,", "%a, ", "f32[], ", "\t", "{},", '"",', "(", "//", "-", ".1", "é", "a=b, ")
_AROUND = (("", ""), ("", ""), ('"', '"'), ("/*", "*/"), ("{", "}"), ("(", ")"), ("//", "\n"))
_TIMES = (*(1_000,) * 9, *(10_000,) * 6, *(100_000,) * 4, 1_000_000)


def lines(chance: Chance, content: bytes) -> bytes:
    """Some are missing, repeated, or elsewhere."""
    found = content.decode().split("\n")
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, other = chance.randrange(len(found)), chance.randrange(len(found))
        change = chance.randrange(4)
        if change == 0 and len(found) > 1:
            del found[at]
        elif change == 1:
            found.insert(other, found[at])
        elif change == 2:
            found[at], found[other] = found[other], found[at]
        else:
            found[at] += chance.choice((found[other], found[other].lstrip(), ", " + found[other].strip()))
    return "\n".join(found).encode()


def words(chance: Chance, content: bytes) -> bytes:
    """Some are others, by chance such as have a meaning somewhere."""
    text = content.decode()
    for _ in range(chance.choice((1, 1, 2, 4))):
        here, there = _one(chance, _WORD, text), _one(chance, _WORD, text)
        if here and there:
            other = chance.choice((chance.choice(_OTHERS), chance.choice(_OTHERS), there[0]))
            keep = chance.choice(("", "", here[0], here[0] + " "))
            text = text[: here.start()] + keep + other + text[here.end() :]
    return text.encode()


def names(chance: Chance, content: bytes) -> bytes:
    """One is another's, so that ops are missing, of two definitions, or of a circle."""
    text = content.decode()
    for _ in range(chance.choice((1, 1, 1, 3))):
        here, there = _one(chance, chance.choice((_NAME, _DEFINED)), text), _one(chance, _DEFINED, text)
        if here and there:
            group = here.re.groups
            other = chance.choice((there[1], there[1], "missing", "n" * 2_000, "1", "a.1.2-3"))
            text = text[: here.start(group)] + other + text[here.end(group) :]
    return text.encode()


def nested(chance: Chance, content: bytes) -> bytes:
    """Up to 10,000 of a bracket inside each other, closed or not."""
    text, depth = content.decode(), chance.choice((50, 101, 1_000, 10_000))
    if chance.random() < 0.2 and (shape := _one(chance, _SHAPE, text)):
        return (text[: shape.start()] + "(" * depth + shape[0] + ")" * depth + text[shape.end() :]).encode()
    begin, end = chance.choice(_BRACKETS)
    at, inner = _place(chance, text), chance.choice(("", "0", "f32[]", "x"))
    return (text[:at] + begin * depth + inner + end * depth * chance.choice((0, 1, 1)) + text[at:]).encode()


def long(chance: Chance, content: bytes) -> bytes:
    """A word, list, string, comment or line of up to a million pieces."""
    text, times = content.decode(), chance.choice(_TIMES)
    piece, (begin, end), at = chance.choice(_PIECES), chance.choice(_AROUND), _place(chance, text)
    added = text[:at] + begin + piece * times + end + text[at:]
    return (added.replace("\n", " ") if chance.random() < 0.2 else added).encode()


def encoding(chance: Chance, content: bytes) -> bytes:
    """Bytes that are no UTF-8, other ends of lines, a mark at the beginning, another encoding."""
    change = chance.randrange(6)
    if change == 0:
        return content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\x0b", b"\xe2\x80\xa8", b"\0")))
    if change == 1:
        return chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\n\n", b"//\n")) * chance.choice((1, 2)) + content
    if change == 2:
        return content.decode().encode(chance.choice(("utf-16", "utf-32", "utf-7")))
    at = chance.randrange(len(content))
    wrong = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\0", b"\x1b[2J", b"\xc2\x85")
    return content[:at] + chance.choice(wrong) + content[at:]


def _one(chance: Chance, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """One of those that follow a place."""
    start = chance.randrange(len(text) + 1)
    return pattern.search(text, start) or pattern.search(text)


def _place(chance: Chance, text: str) -> int:
    """Mostly between two words."""
    word = _one(chance, _WORD, text)
    return chance.choice((word.start(), word.end())) if word else chance.randrange(len(text) + 1)


KINDS: dict[str, Callable[[Chance, bytes], bytes]] = {
    "lines": lines,
    "words": words,
    "names": names,
    "nested": nested,
    "long": long,
    "encoding": encoding,
}
