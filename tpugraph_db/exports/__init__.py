"""Graphs, or some of their ops, as files of other tools."""

from tpugraph_db.exports.export import FORMATS, export, node_data_path, text_of, write_npz

__all__ = ["FORMATS", "export", "node_data_path", "text_of", "write_npz"]
