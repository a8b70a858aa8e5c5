"""Protobuf, which one is told by its content: HloModuleProto, HloProto, HloSnapshot, ModuleTuningData, TuningData."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from tpugraph_db.formats.identity import Identity
from tpugraph_db.formats.lowered import GROWTH, expect_room, lowered
from tpugraph_db.formats.reader import Reader
from tpugraph_db.formats.validate import check
from tpugraph_db.hlo.record import record
from tpugraph_db.record import GraphRecord

if TYPE_CHECKING:
    from tpugraph_db.hlo.tuning import TunedModule


def sniff(head: bytes) -> bool:
    """As :func:`tpugraph_db.hlo.envelope.sniff`."""
    from tpugraph_db.hlo import envelope  # protobuf takes 50 ms to import

    return envelope.sniff(head)


def read(file: BinaryIO, where: str, identity: Identity, max_bytes: int) -> list[GraphRecord]:
    """Read the module of an HLO message, or every module of a tuning message with its runs.

    Raises:
        DataError: none of these messages, or no program.
    """
    from tpugraph_db.hlo import envelope, proto, tuning

    data = file.read()
    if not envelope.is_tuning(data, where):
        return [lowered(proto.program(data, where, identity.stage), where, identity, max_bytes)]
    modules = tuning.read(data, where)
    expect_room(sum(len(module.program) for module in modules), where, max_bytes)
    names = [identity.name] if len(modules) == 1 else _distinct(f"{identity.name}.{m.program.module}" for m in modules)
    return [_tuned(module, where, replace(identity, name=name)) for module, name in zip(modules, names, strict=True)]


def _tuned(module: TunedModule, where: str, identity: Identity) -> GraphRecord:
    identity.check(where)
    made = record(
        module.program,
        identity,
        module.configurations,
        where=where,
        failed_runs=module.failed_runs,
    )
    check(made, where)
    return made


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """The same names; one that was there before has a number at its end."""
    seen: set[str] = set()
    for name in names:
        number, free = 1, name
        while free in seen:
            number += 1
            free = f"{name}-{number}"
        seen.add(free)
        yield free


READER = Reader("protobuf", (".hlo.pb",), sniff, read, (".pb",), growth=GROWTH)
