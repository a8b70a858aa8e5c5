"""Shardings and groups of devices of HLO protobuf as HLO text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.mesh import named_sharding
from tpugraph_db.hlo.proto.shapes import joined

_TYPES = ("replicated", "maximal", "tuple", "other", "manual", "unknown", "unreduced")
_MAXIMAL, _TUPLE, _OTHER = 1, 2, 3


def sharding(message: hlo_pb2.Sharding) -> str:
    """``{devices=[2,1]<=[2]}``, ``{maximal device=0}``, ``{{replicated}, {manual}}``."""
    if message.type == _TUPLE:
        return f"{{{', '.join(map(sharding, message.tuple_shardings))}}}"
    return f"{{{_body(message)}{_group(message)}}}"


def device_groups(messages: Iterable[hlo_pb2.ReplicaGroup]) -> str:
    """``{{0,1},{2,3}}``."""
    return "{" + ",".join(f"{{{joined(group.replica_ids)}}}" for group in messages) + "}"


def iota_groups(message: hlo_pb2.IotaReplicaGroupList) -> str:
    """``[2,4]<=[8]``: two groups of four devices."""
    shape = (message.num_replica_groups, message.num_devices_per_group)
    return f"[{joined(shape)}]{_iota(message.iota_reshape_dims, message.iota_transpose_perm)}"


def _body(message: hlo_pb2.Sharding) -> str:
    if message.HasField("named_sharding"):
        return named_sharding(message.named_sharding)
    if message.type == _MAXIMAL:
        return f"maximal device={joined(message.tile_assignment_devices)}"
    return _tiled(message) if message.type == _OTHER else _type(message.type)


def _tiled(message: hlo_pb2.Sharding) -> str:
    devices = (
        _iota(message.iota_reshape_dims, message.iota_transpose_perm)
        if message.iota_reshape_dims
        else joined(message.tile_assignment_devices)
    )
    last = f" last_tile_dims={{{', '.join(map(_type, message.last_tile_dims))}}}" if message.last_tile_dims else ""
    replicated = " last_tile_dim_replicate" if message.replicate_on_last_tile_dim else ""
    return f"devices=[{joined(message.tile_assignment_dimensions)}]{devices}{replicated}{last}"


def _type(number: int) -> str:
    return _TYPES[number] if 0 <= number < len(_TYPES) else f"type_{number}"


def _group(message: hlo_pb2.Sharding) -> str:
    if not message.is_shard_group:
        return ""
    return f" {'shard_like' if message.shard_group_type else 'shard_as'} {message.shard_group_id}"


def _iota(reshape: Sequence[int], transpose: Sequence[int]) -> str:
    kept = list(transpose) == list(range(len(transpose)))
    return f"<=[{joined(reshape)}]" + ("" if kept else f"T({joined(transpose)})")
