"""Two tables in a folder: ``ops.parquet`` and ``edges.parquet``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tpugraph_db.errors import printable
from tpugraph_db.exports.rows import PROVENANCE, Ops, edge_rows, op_rows
from tpugraph_db.record import GraphRecord


def write_tables(record: GraphRecord, ops: Ops, folder: Path) -> None:
    """Ops, a row an op, and edges (producer, consumer, call); the graph's id and where figures come from beside them.

    Raises:
        OSError: they cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    said = {"graph": printable(record.id), "provenance": PROVENANCE}
    table = pa.Table.from_pylist(op_rows(record, ops), pa.schema(_ops_schema()))
    parquet.write_table(table.replace_schema_metadata(said), folder / "ops.parquet")
    columns = list(zip(*edge_rows(record, ops), strict=True)) or [(), (), ()]
    types = (pa.int64(), pa.int64(), pa.bool_())
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)]
    edges = pa.table(arrays, names=["producer", "consumer", "call"])
    parquet.write_table(edges.replace_schema_metadata(said), folder / "edges.parquet")


def _ops_schema() -> dict[str, Any]:
    import pyarrow as pa

    texts = ("name", "opcode", "shape", "computation_name", "op_name", "source")
    whole = ("op", "computation", "bytes", "measured_ns")
    types = {name: pa.string() for name in texts} | {name: pa.int64() for name in whole}
    types |= {"is_root": pa.bool_(), "is_configurable": pa.bool_()}
    types |= {"flops": pa.float64(), "bytes_accessed": pa.float64()}
    order = ("op", "name", "opcode", "shape", "computation", "computation_name", "is_root", "is_configurable")
    return {name: types[name] for name in (*order, "op_name", "source", "bytes", "flops", "bytes_accessed")} | {
        "measured_ns": types["measured_ns"]
    }
