"""HLO: text and protobuf -> :class:`tpugraph_db.program.Program` -> record."""
