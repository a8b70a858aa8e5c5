"""Files of every reader broken by chance. A seed names a file (with the same bases), so that it can be made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random as Chance

from tests.formats import mutations
from tests.formats.files import arrays_of
from tests.fuzz import of_gzip, of_messages, of_runs, of_text
from tests.fuzz.bases import Bases, characters, zipped
from tests.fuzz.of_bytes import cut, flip, splice
from tests.hlo.messages import envelope

_WHOLE = "none"
_BYTES: dict[str, Callable[[Chance, bytes], bytes]] = {"cut": cut, "flip": flip}


@dataclass(frozen=True)
class Input:
    """A file that may be anything."""

    reader: str
    """Whose file it was before it was broken, with ``.gz`` where it is packed."""
    kind: str
    """How it was broken."""
    suffix: str
    content: bytes


def mutated(seed: int, bases: Bases) -> Input:
    """A file and how it was broken; one in three is packed by gzip, or has another format's suffix."""
    chance = Chance(seed)
    made = chance.choice((_text, _text, _message, _message, _tuning, _npz))(chance, bases)
    if chance.random() < 0.05:
        made = Input(
            made.reader, made.kind, chance.choice(("", ".hlo", ".txt", ".pb", ".hlo.pb", ".npz")), made.content
        )
    if made.content and chance.random() < 0.2:
        made = _packed(chance, made)
    return made


def _packed(chance: Chance, made: Input) -> Input:
    how = chance.choice((_WHOLE, _WHOLE, *of_gzip.KINDS))
    content = of_gzip.packed(made.content) if how == _WHOLE else of_gzip.KINDS[how](chance, made.content)
    return Input(f"{made.reader}.gz", made.kind if how == _WHOLE else how, f"{made.suffix}.gz", content)


def _text(chance: Chance, bases: Bases) -> Input:
    content, other = chance.choice(bases.texts), chance.choice(bases.texts)
    kind, content = _broken(chance, of_text.KINDS, content, other)
    return Input("HLO text", kind, chance.choice((".hlo", ".txt", ".hlo")), content)


def _message(chance: Chance, bases: Bases) -> Input:
    """Broken before it is put into another message, or after."""
    inner, other = chance.choice(bases.modules), chance.choice(bases.modules)
    reader, times = chance.choice((("HloModuleProto", 0), ("HloProto", 1), ("HloSnapshot", 2), ("HloModuleProto", 0)))
    kind, content = _broken(chance, of_messages.KINDS, inner, other)
    if kind not in of_messages.KINDS and chance.random() < 0.5:
        kind, content = _broken(chance, {}, _enveloped(inner, times), other)
        return Input(reader, kind, ".pb", content)
    if chance.random() < 0.01:
        kind, times = "deep", chance.choice((3, 4, 100, 10_000))
    return Input(reader, kind, chance.choice((".pb", ".hlo.pb")), _enveloped(content, times))


def _tuning(chance: Chance, bases: Bases) -> Input:
    """Broken in its module, in its runs, or as a whole; alone, or one of several."""
    make = chance.choice((of_runs.layouts, of_runs.tiles))
    kind, module = "runs", chance.choice(bases.modules)
    if chance.random() < 0.4:
        kind, module = _broken(chance, of_messages.KINDS, module, chance.choice(bases.modules))
    content = make(chance, module, kind != "runs")
    several = chance.random() < 0.4
    if several:
        whole = make(chance, bases.modules[0], True)
        content = envelope(*chance.choice(((content, whole), (whole, content), (content, content, content))))
    if chance.random() < 0.2:
        kind, content = _broken(chance, {"wire": of_messages.KINDS["wire"]}, content, chance.choice(bases.modules))
    return Input("TuningData" if several else f"ModuleTuningData {make.__name__}", kind, ".pb", content)


def _npz(chance: Chance, bases: Bases) -> Input:
    if chance.random() < 0.3:
        kind = chance.choice(list(mutations.KINDS))
        return Input("npz", kind, ".npz", mutations.KINDS[kind](chance, chance.choice(bases.npz)))
    content = chance.choice(bases.collected)
    if chance.random() < 0.5:
        kind = chance.choice(list(mutations.KINDS))
        return Input("npz with a program", kind, ".npz", mutations.KINDS[kind](chance, content))
    arrays = arrays_of(content)
    kind, hlo = _broken(chance, of_text.KINDS, arrays["hlo_text"].tobytes(), chance.choice(bases.texts))
    return Input("npz with a program", f"text {kind}", ".npz", zipped(arrays | {"hlo_text": characters(hlo)}))


def _broken(
    chance: Chance, kinds: dict[str, Callable[[Chance, bytes], bytes]], content: bytes, other: bytes
) -> tuple[str, bytes]:
    kind = chance.choice([*_BYTES, "splice", *kinds, *kinds])
    if kind == "splice":
        return kind, splice(chance, content, other)
    return kind, (_BYTES | kinds)[kind](chance, content)


def _enveloped(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = envelope(content)
    return content
