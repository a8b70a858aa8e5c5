"""What may be typed next, from the text before the cursor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tpugraph_db import schema
from tpugraph_db.match import BY, RANKS
from tpugraph_db.shell.commands import COMMANDS
from tpugraph_db.shell.language import PATTERN_START
from tpugraph_db.shell.session import MODES, Session
from tpugraph_db.shell.vocabulary import FUNCTIONS, KEYWORDS, Vocabulary

_STRING = re.compile(
    r"""(?:[^'"`]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)*(?P<quote>['"])(?P<inside>[^'"]*)""", re.DOTALL
)
_WORD = re.compile(r"\w*\Z")
_DASHED = re.compile(r"[\w-]*\Z")
_PROPERTY = re.compile(r"\b(?P<name>[^\W\d]\w*)\.(?P<start>\w*)\Z")
_PARAMETER = re.compile(r"\$(?P<start>\w*)\Z")
_LABEL = re.compile(r"[:|&!]\s*(?P<start>\w*)\Z")
_KEY = re.compile(r":(?P<label>\w+)\s*\{(?:[^{}]*,)?\s*(?P<start>\w*)\Z")
_ASKED = re.compile(r"\b(?P<what>by|rank)=(?P<start>\w*)\Z")
_BINDING = r"[(\[]\s*{name}\s*:\s*(\w+)"
_VARIABLE = re.compile(r"[(\[]\s*([^\W\d]\w*)\s*[:)\]{]|\bAS\s+([^\W\d]\w*)", re.IGNORECASE)
_COMMAND = re.compile(r"[.:](?P<name>[a-z]*)(?P<rest>\s.*)?\Z", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """One that may follow. Its text prints, so that it moves no terminal."""

    text: str
    """What is put in place of the last ``replaces`` characters."""
    replaces: int
    about: str = ""


def complete(text: str, vocabulary: Vocabulary, session: Session) -> list[Word]:
    """The words that may follow ``text``, best first; none where everything may."""
    if command := _COMMAND.match(text.lstrip()):
        return _plain(_command(command["name"], command["rest"], vocabulary, session))
    if pattern := PATTERN_START.match(text.lstrip()):
        return _plain(_pattern(pattern["rest"], vocabulary))
    return list(_cypher(text, vocabulary, session))


def _plain(words: Iterable[Word]) -> list[Word]:
    """Those that print: a command, unlike a string of Cypher, has no escapes for what does not."""
    return [word for word in words if word.text.isprintable()]


def _command(name: str, rest: str | None, vocabulary: Vocabulary, session: Session) -> Iterator[Word]:
    if rest is None:
        about = {known: COMMANDS[known].what for known in COMMANDS}
        yield from _starting(name, about, about.__getitem__)
    elif name == "run":
        yield from _run(rest.lstrip(), vocabulary)
    elif name == "explain":
        yield from _cypher(rest.lstrip(), vocabulary, session)
    elif name == "match":
        yield from _pattern(rest, vocabulary)
    elif " " not in rest.lstrip():
        yield from _starting(rest.lstrip(), _arguments(name, vocabulary, session))


def _arguments(name: str, vocabulary: Vocabulary, session: Session) -> Iterable[str]:
    known: dict[str, Callable[[], Iterable[str]]] = {
        "drop": lambda: sorted(vocabulary.own),
        "graphs": lambda: vocabulary.store.graphs,
        "help": lambda: COMMANDS,
        "mode": lambda: MODES,
        "param": lambda: sorted(session.params),
        "schema": lambda: (label.name for label in schema.LABELS),
        "timing": lambda: ("on", "off"),
        "unset": lambda: sorted(session.params),
    }
    return known.get(name, tuple)()


def _run(rest: str, vocabulary: Vocabulary) -> Iterator[Word]:
    name, space, given = rest.partition(" ")
    if not space:
        yield from _starting(name, sorted(vocabulary.queries), lambda one: vocabulary.queries[one].what)
        return
    query = vocabulary.queries.get(name)
    if query is None:
        return
    last = given.rpartition(" ")[2]
    parameter, equals, value = last.partition("=")
    about = {one.name: one for one in query.parameters}
    if not equals:
        taken = {word.partition("=")[0] for word in given.split()[: -1 if last else None]}
        free = [f"{one}=" for one in about if one not in taken]
        yield from _starting(last, free, lambda one: str(about[one[:-1]]))
    elif parameter in about:
        graphs = vocabulary.store.graphs if parameter == "graph" else ()
        opcodes = vocabulary.opcodes() if "opcode" in parameter else ()
        yield from _starting(value, (*about[parameter].among, *graphs, *opcodes))


def _pattern(rest: str, vocabulary: Vocabulary) -> Iterator[Word]:
    if asked := _ASKED.search(rest):
        yield from _starting(asked["start"], BY if asked["what"] == "by" else RANKS)
        return
    start = _last(_DASHED, rest)
    inside = rest.rfind("[") > rest.rfind("]")
    if inside or re.search(r"\bwhere\b", rest):
        yield from _starting(_last(_WORD, rest), vocabulary.properties("Op"))
    if not inside:
        yield from _starting(start, vocabulary.opcodes())
    if rest.strip(" '\"") == start:
        yield from _starting(start, vocabulary.patterns, lambda name: "pattern")


def _cypher(text: str, vocabulary: Vocabulary, session: Session) -> Iterator[Word]:
    string = _STRING.fullmatch(text)
    if string:
        yield from _in_string(string["inside"], vocabulary)
    elif parameter := _PARAMETER.search(text):
        yield from _starting(parameter["start"], sorted(session.params))
    elif owned := _PROPERTY.search(text):
        yield from _starting(owned["start"], vocabulary.properties(_label_of(owned["name"], text)))
    elif key := _KEY.search(text):
        yield from _starting(key["start"], vocabulary.properties(key["label"]))
    elif (label := _LABEL.search(text)) and (opened := _opened(text)) in ("(", "["):
        names = [one.name for one in schema.LABELS] if opened == "(" else [one.type for one in schema.RELATIONSHIPS]
        yield from _starting(label["start"], names)
    else:
        yield from _words(text)


def _words(text: str) -> Iterator[Word]:
    start = _last(_WORD, text)
    if not start:
        return
    if not text[: -len(start)].strip():
        yield from _starting(start, ("match",), lambda word: "pattern: match dot -> add") if start.islower() else ()
    variables = {name for pair in _VARIABLE.findall(text[: -len(start)]) for name in pair if name}
    yield from _starting(start, sorted(variables), lambda word: "variable", within=False)
    yield from _starting(start.upper(), KEYWORDS, within=False)
    yield from _starting(start, FUNCTIONS, lambda word: "function", within=False)


def _in_string(inside: str, vocabulary: Vocabulary) -> Iterator[Word]:
    known = (*vocabulary.opcodes(), *vocabulary.store.collections, *vocabulary.store.graphs)
    for word in _starting(inside, known):
        yield Word(escaped(word.text), word.replaces)


def escaped(text: str) -> str:
    r"""A text inside quotes of Cypher: nothing in it ends them, and what does not print is ``\u001b``."""
    quoted = re.sub(r"""[\\'"]""", lambda found: "\\" + found[0], text)
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in quoted)


def _starting(
    start: str, words: Iterable[str], about: Callable[[str], str] = lambda word: "", *, within: bool = True
) -> Iterator[Word]:
    """Those that begin so, then those that contain it; a graph's id is mostly known by its end."""
    known = [word for word in words if word != start]
    first = [word for word in known if word.startswith(start)]
    later = (
        [word for word in known if start in word and not word.startswith(start)] if within and len(start) > 1 else []
    )
    for word in (*first, *later):
        yield Word(word, len(start), about(word))


def _last(expression: re.Pattern[str], text: str) -> str:
    found = expression.search(text)
    return found[0] if found else ""


def _opened(text: str) -> str:
    """The bracket that is open at the end."""
    open_: list[str] = []
    for character in text:
        if character in "([{":
            open_.append(character)
        elif character in ")]}" and open_:
            open_.pop()
    return open_[-1] if open_ else ""


def _label_of(variable: str, text: str) -> str | None:
    found = re.findall(_BINDING.format(name=re.escape(variable)), text)
    return str(found[-1]) if found else None
