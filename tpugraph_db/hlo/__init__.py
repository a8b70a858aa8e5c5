"""HLO: text and protobuf -> :class:`module.Module` -> record."""
