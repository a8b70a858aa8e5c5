"""TpuGraphs ``.npz`` files, layout and tile: read and write.

Source: google-research-datasets/tpu_graphs, ``README.md`` (keys and shapes; its int32 are int64 and uint8 in the
published files, both are read). The layout configuration tensor is streamed out of the zip, never whole in memory.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.ahead import fetched
from tpugraph_db.configurations import Configurations, LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats import npz_program
from tpugraph_db.formats.archive import Archive, Field
from tpugraph_db.formats.codebook import CodebookBuilder
from tpugraph_db.formats.identity import Identity
from tpugraph_db.formats.reader import Reader
from tpugraph_db.formats.validate import check
from tpugraph_db.record import GraphRecord

_INT = ("int64", "int32")
FIELDS = {
    field.key: field
    for field in (
        Field("node_feat", "float32", (), ("ops", 140)),
        Field("node_opcode", "uint8", ("int32", "int64"), ("ops",)),
        Field("edge_index", "int64", ("int32",), ("edges", 2)),
        # of each row of 72 bytes a code is kept: four bytes while the file is read, and at most four at the end
        Field("node_config_feat", "float32", (), ("configs", "slots", 18), kept=9),
        Field("node_config_ids", "int64", ("int32",), ("slots",)),
        Field("node_splits", "int64", ("int32",), (1, "splits")),
        Field("config_feat", "float32", (), ("configs", 24)),
        Field("config_runtime", "int64", ("int32",), ("configs",)),
        Field("config_runtime_normalizers", "int64", ("int32",), ("configs",)),
        Field("config_runtime_repeat", "int64", ("int32",), ("configs",)),
        Field("config_is_default", "bool", (), ("configs",)),
        *npz_program.FIELDS,
    )
}
"""Every array by key. Layout files have ``node_config_*``, tile files ``config_feat``; the last four are our own."""

_WHERE_KNOWN = {"repeat_runtime_ns": "config_runtime_repeat", "is_default": "config_is_default"}
"""What files of this project may say beside, by the name that configurations give it."""

CHUNK_BYTES = 2 << 20


def sniff(head: bytes) -> bool:
    """A zip archive, which is what npz is."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read(file: BinaryIO, where: str, identity: Identity, max_bytes: int) -> GraphRecord:
    """Read one archive, whose arrays may take ``max_bytes`` of memory.

    Raises:
        DataError: not a zip, a missing key, a wrong dtype or shape, values that no graph has, or too many of them.
    """
    with Archive(file, where, FIELDS, max_bytes) as archive:
        sizes: dict[str, int] = {}
        features = archive.array("node_feat", sizes)
        opcodes = archive.array("node_opcode", sizes)
        edges = archive.array("edge_index", sizes)
        layout = "node_config_feat" in archive or "node_config_ids" in archive
        configurations = (_read_layout if layout else _read_tile)(archive, sizes)
        splits = archive.array("node_splits", sizes)[0] if "node_splits" in archive else None
        record = GraphRecord(
            collection=identity.collection or ("layout:local" if layout else "tile:local"),
            split=identity.split,
            name=identity.name,
            sha256=identity.sha256,
            opcode_numbers=opcodes,
            features=features,
            edges=edges,
            splits=splits,
            configurations=configurations,
            source_dtypes=archive.other_dtypes,
            **npz_program.read(archive, sizes, where, identity),
        )
    check(record, where)
    npz_program.check(record, where)
    return record


def _read_one(file: BinaryIO, where: str, identity: Identity, max_bytes: int) -> list[GraphRecord]:
    return [read(file, where, identity, max_bytes)]


READER = Reader("npz", (".npz",), sniff, _read_one)


def write(record: GraphRecord, path: str | Path | BinaryIO) -> None:
    """Write the arrays back, bit for bit as they were read: same keys, dtypes, shapes and values.

    What a program says beyond them has no key in an npz, and is not in it.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        _put(archive, record, "node_feat", record.features)
        _put(archive, record, "node_opcode", record.opcode_numbers)
        _put(archive, record, "edge_index", record.edges)
        _write_configurations(archive, record)
        if record.splits is not None:
            _put(archive, record, "node_splits", record.splits[None, :])


def _read_tile(archive: Archive, sizes: dict[str, int]) -> Configurations:
    return TileConfigurations(
        features=archive.array("config_feat", sizes),
        runtime_ns=archive.array("config_runtime", sizes),
        normalizer_ns=archive.array("config_runtime_normalizers", sizes),
        **_read_known(archive, sizes),
    )


def _read_layout(archive: Archive, sizes: dict[str, int]) -> Configurations:
    op_ids = archive.array("node_config_ids", sizes)
    runtime_ns = archive.array("config_runtime", sizes)  # before the tensor, whose header may say anything
    builder = CodebookBuilder(len(op_ids))
    for chunk in fetched(archive.stream("node_config_feat", sizes, CHUNK_BYTES)):
        builder.add(chunk)
        archive.expect_room("node_config_feat", builder.nbytes)
    codebook, offsets, codes = builder.finish()
    known = _read_known(archive, sizes)
    return LayoutConfigurations(
        runtime_ns=runtime_ns, op_ids=op_ids, codebook=codebook, offsets=offsets, codes=codes, **known
    )


def _read_known(archive: Archive, sizes: dict[str, int]) -> dict[str, NDArray[Any]]:
    return {name: archive.array(key, sizes) for name, key in _WHERE_KNOWN.items() if key in archive}


def _write_configurations(archive: zipfile.ZipFile, record: GraphRecord) -> None:
    configs = record.configurations
    if isinstance(configs, LayoutConfigurations):
        shape = (len(configs), len(configs.op_ids), 18)
        _put_rows(archive, record, "node_config_feat", shape, configs.config_features)
        _put(archive, record, "node_config_ids", configs.op_ids)
    elif isinstance(configs, TileConfigurations):
        _put(archive, record, "config_feat", configs.features)
        _put(archive, record, "config_runtime_normalizers", configs.normalizer_ns)
    else:
        raise DataError(
            record.id, "configurations", expected="layout or tile configurations", found=type(configs).__name__
        )
    _put(archive, record, "config_runtime", configs.runtime_ns)
    for name, key in _WHERE_KNOWN.items():
        if getattr(configs, name) is not None:
            _put(archive, record, key, getattr(configs, name))


def _put(archive: zipfile.ZipFile, record: GraphRecord, key: str, array: NDArray[Any]) -> None:
    array = array.astype(record.source_dtypes.get(key, array.dtype.str), copy=False)
    with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _put_rows(
    archive: zipfile.ZipFile,
    record: GraphRecord,
    key: str,
    shape: tuple[int, ...],
    row: Callable[[int], NDArray[np.float32]],
) -> None:
    dtype = record.source_dtypes.get(key, "<f4")
    with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array_header_1_0(member, {"descr": dtype, "fortran_order": False, "shape": shape})
        for index in range(shape[0]):
            member.write(row(index).astype(dtype).tobytes())
