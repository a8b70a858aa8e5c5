"""Rows of HLO text as the columns of :class:`Program`: what repeats is read once, and names become indices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import add

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.hlo.columns import distinct, spread
from tpugraph_db.hlo.text.attributes import Tail, canonical, simple
from tpugraph_db.hlo.text.rows import Rows
from tpugraph_db.hlo.text.stack_frames import Frames
from tpugraph_db.hlo.vocabulary import OPCODES, PAYLOAD
from tpugraph_db.packed import Coded


class Columns:
    """Of ``n`` rows."""

    def __init__(self, rows: Rows, shapes: dict[str, str], tails: dict[str, Tail], frames: Frames) -> None:
        """``shapes`` has the canonical form of each shape, ``tails`` the attributes that do not stand in the rows."""
        _, names, written, opcodes, plain, inner, said, op_names, *places, more = zip(*rows.rows, strict=True)
        self.names: Sequence[str] = names
        self.opcodes = Coded.of(opcodes)
        self.op_names = Coded.of(op_names)
        known, codes = distinct(written)
        self.shapes = spread([shapes[text] for text in known], codes)
        self.places, self.place_codes = _places(list(zip(*places, strict=True)), frames)
        payload = [number for number, opcode in enumerate(opcodes) if opcode in PAYLOAD]
        keys, operands = list(map(add, said, more)), list(plain)
        for number in payload:
            value = plain[number] or canonical(inner[number]).strip()
            keys[number], operands[number] = f"{opcodes[number]}({value})\n{keys[number]}", ""
        self._read(keys, tails)
        self._split(operands)

    def _read(self, keys: list[str], tails: dict[str, Tail]) -> None:
        known, self.tail_codes = distinct(keys)
        texts, self.tails, read = [], [], dict(tails)
        for key in known:
            payload, _, written = key.rpartition("\n")
            tail = read.get(written) or read.setdefault(written, simple(written))
            texts.append(f"{payload}, {tail.attributes}" if payload and tail.attributes else payload or tail.attributes)
            self.tails.append(tail)
        self.attributes = spread(texts, self.tail_codes)

    def _split(self, operands: list[str]) -> None:
        together = ", ".join(filter(None, operands)).replace("%", "")
        self.operands = together.split(", ") if together else []
        counts = [text.count(",") + 1 if text else 0 for text in operands]
        self.operand_rows: NDArray[np.int64] = np.repeat(np.arange(len(operands)), counts)

    def source_files(self) -> Coded:
        """(n,) empty where not said."""
        return spread([file for file, _ in self.places], self.place_codes)

    def source_lines(self) -> NDArray[np.int64]:
        """(n,) from 1, 0 where not said."""
        return np.array([line for _, line in self.places], np.int64)[self.place_codes]

    def unknown(self) -> dict[str, int]:
        """Opcodes and attributes that XLA does not have, and how often."""
        found = Counter({opcode: times for opcode, times in _times(self.opcodes) if opcode not in OPCODES})
        for tail, times in zip(self.tails, np.bincount(self.tail_codes).tolist(), strict=True):
            for name in tail.unknown:
                found[name] += times
        return dict(found)


def _times(column: Coded) -> Iterable[tuple[str, int]]:
    """How often each text is in a column."""
    return zip(column.table, np.bincount(column.codes).tolist(), strict=True)


def _places(written: list[tuple[str, str, str]], frames: Frames) -> tuple[list[tuple[str, int]], NDArray[np.int64]]:
    """(file, line) of each distinct place, and (n,) which of them each row has."""
    known, codes = distinct(written)
    said = [frames.get(frame, ("", 0)) if frame else (file, int(line or 0)) for file, line, frame in known]
    return said, codes
