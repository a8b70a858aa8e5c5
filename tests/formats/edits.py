"""Changes of what an npz file holds, packed again with checksums that fit: they get past the zip."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random as Chance

import numpy as np

from tests.formats.files import arrays_of
from tpugraph_db.formats import npz

NUMBERS = (0, 1, 2, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
_VALUES = (0, 1, -1, 127, 2**31, 2**62, 2**63 - 1, -(2**63), 1e9, 1e20, 3.4e38, -3.4e38, np.nan, np.inf, -np.inf)
_DTYPES = ("<f4", ">f4", "<f8", "<f2", "<i8", ">i8", "<i4", "u1", "<u8", "?", "S3", "<U2", "<M8[s]", "<c8", "V5", "O")
_SIZES = ("0", "1", "-1", "4", "139", "2**3", "1.5", "True", "None", "10**9", str(2**31), str(2**63), "9" * 40, "()")
_TOKENS = ("{", "}", "(", ")", "[", "]", "'", ":", ",", "-" * 5000, "(" * 300, "\\", "#", "\x00", "\n", "b'", "é", "0x")


def npy_header(chance: Chance, content: bytes) -> bytes:
    """With a checksum that fits."""
    members = _members(content)
    name = chance.choice(list(members))
    member = members[name]
    text = member[10 : 10 + struct.unpack("<H", member[8:10])[0]].decode("latin1")
    for _ in range(chance.choice((1, 1, 2))):
        text = chance.choice((_other_shape, _other_dtype, _other_token, _other_order))(chance, text)
    version = chance.choice((b"\x01\x00",) * 4 + (b"\x02\x00", b"\x03\x00", b"\x09\x00"))
    header = text.encode("utf-8" if version == b"\x03\x00" else "latin1", "replace")
    size = len(header) if chance.random() < 0.9 else chance.choice(NUMBERS)
    width = 2 if version == b"\x01\x00" else 4
    members[name] = member[:6] + version + (size % 2 ** (8 * width)).to_bytes(width, "little") + header
    members[name] += member[10 + len(text) :]
    return _zip_of(members, chance)


def _other_shape(chance: Chance, text: str) -> str:
    start, end = text.find("(") + 1, text.find(")")
    sizes = [size for size in text[start:end].split(",") if size.strip()]
    at = chance.randrange(len(sizes) + 1)
    sizes[at : at + chance.choice((0, 1, 1, 1))] = [chance.choice(_SIZES)] * chance.choice((0, 1, 1, 1, 40))
    return text[:start] + ",".join(sizes) + "," + text[end:]


def _other_dtype(chance: Chance, text: str) -> str:
    start = text.find("'descr': ") + 9
    others = (*map(repr, _DTYPES), "()", "[]", "[('a', '<f4')]", "('<f4', (2,))", "'<f4,<f4'", "'U999999999'", "7")
    return text[:start] + chance.choice(others) + text[text.find(",", start) :]


def _other_token(chance: Chance, text: str) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(_TOKENS) + text[at + chance.choice((0, 1)) :]


def _other_order(chance: Chance, text: str) -> str:
    return text.replace("False", chance.choice(("True", "1", "None")))


def values(chance: Chance, content: bytes) -> bytes:
    """Bytes of arrays changed, with a checksum that fits."""
    members = _members(content)
    for _ in range(chance.choice((1, 1, 4))):
        name = chance.choice(list(members))
        member = bytearray(members[name])
        for _ in range(chance.choice((1, 4, 64))):
            member[chance.randrange(len(member))] = chance.randrange(256)
        members[name] = bytes(member[: chance.choice((len(member),) * 9 + (chance.randrange(len(member)),))])
    return _zip_of(members, chance)


def semantic(chance: Chance, content: bytes) -> bytes:
    """Arrays that are whole and mean something else."""
    arrays = arrays_of(content)
    for _ in range(chance.choice((1, 1, 2, 3))):
        key = chance.choice(sorted(arrays))
        with np.errstate(all="ignore"):
            arrays[key] = chance.choice(_EDITS)(chance, arrays[key])
    if chance.random() < 0.1:
        del arrays[chance.choice(sorted(arrays))]
    if chance.random() < 0.1:
        arrays[chance.choice(sorted(npz.FIELDS))] = chance.choice(list(arrays.values()))
    buffer = io.BytesIO()
    chance.choice((np.savez, np.savez_compressed))(buffer, **arrays)
    return buffer.getvalue()


def _one_value(chance: Chance, array: np.ndarray) -> np.ndarray:
    changed = array.copy()
    if array.size and array.dtype.kind in "iuf":
        value = chance.choice(_VALUES)
        changed.reshape(-1)[chance.randrange(array.size)] = np.float64(value).astype(array.dtype)
    return changed


def _other_rows(chance: Chance, array: np.ndarray) -> np.ndarray:
    rows = np.atleast_1d(array)
    count = chance.choice((0, 1, len(rows), len(rows) + 1, 3 * len(rows)))
    return rows[[chance.randrange(len(rows)) for _ in range(count)] if len(rows) else []]


_EDITS: tuple[Callable[[Chance, np.ndarray], np.ndarray], ...] = (
    _one_value,
    _one_value,
    _one_value,
    _other_rows,
    lambda chance, array: array.astype(chance.choice(_DTYPES[:9])) if array.dtype.kind in "iuf" else array,
    lambda chance, array: np.asfortranarray(array),
    lambda chance, array: array.T,
    lambda chance, array: array[..., ::-1] if array.ndim else array,
    lambda chance, array: array[..., None],
    lambda chance, array: np.full_like(array, chance.choice((0, 1, 7))) if array.dtype.kind in "iuf" else array,
    lambda chance, array: array.astype(object),
    lambda chance, array: array.astype("S9"),
)


def bomb(chance: Chance, content: bytes) -> bytes:
    """More than the file should hold: said by the directory, said by a header, or really there."""
    if chance.random() < 0.1:
        return _large(chance)
    members = _members(content)
    name = chance.choice([name for name in members if name != "node_splits.npy"])
    declared = chance.choice((None, 2**32 - 2, 2**40, 2**50, 2**62, 1, 200))
    zeros = chance.choice((0, 2**20, 2**24))
    size = chance.choice((None, 10, 10**5, 10**9, 10**15, 2**62))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, member in members.items():
            if other == name:
                member = _with_rows(member, size) + bytes(zeros)
            archive.writestr(zipfile.ZipInfo(other), member, archive.compression)
        if declared is not None:
            archive.NameToInfo[name].file_size = declared
            archive.NameToInfo[name].CRC = chance.choice((0, zlib.crc32(members[name][:declared])))
    return buffer.getvalue()


def _large(chance: Chance) -> bytes:
    """A whole graph of thousands of ops and configurations, packed a hundred to one, its edges in any order."""
    ops, configs, slots = chance.choice((30, 20_000)), chance.choice((0, 1, 20_000)), chance.choice((0, 1, 30))
    numbers = np.random.default_rng(chance.randrange(2**32))
    edges = np.sort(numbers.integers(ops, size=(chance.choice((0, ops)), 2)))[:, ::-1]
    arrays = {
        "node_feat": np.zeros((ops, 140), np.float32),
        "node_opcode": np.zeros(ops, np.uint8),
        "edge_index": numbers.permutation(ops)[edges[edges[:, 0] != edges[:, 1]]],
        "node_config_feat": np.zeros((configs, slots, 18), np.float32),
        "node_config_ids": np.arange(slots),
        "config_runtime": np.zeros(configs, np.int64),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _with_rows(member: bytes, size: int | None) -> bytes:
    array = np.lib.format.read_array(io.BytesIO(member))
    if size is None:
        return member
    header = io.BytesIO()
    shape = (size, *array.shape[1:])
    np.lib.format.write_array_header_1_0(header, {"descr": array.dtype.str, "fortran_order": False, "shape": shape})
    return header.getvalue() + array.tobytes()


def _zip_of(members: dict[str, bytes], chance: Chance) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, archive.compression)  # which has no date of today
    return buffer.getvalue()


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
