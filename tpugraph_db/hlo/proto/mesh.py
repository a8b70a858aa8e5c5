"""Axes of a mesh of devices in HLO protobuf as HLO text."""

from __future__ import annotations

from collections.abc import Iterable

from tpugraph_db.hlo import hlo_pb2
from tpugraph_db.hlo.proto.shapes import joined


def named_sharding(message: hlo_pb2.NamedSharding) -> str:
    """``mesh['x'=2,'y'=4], [{'x'}, {?}], replicated={'y'}``; a ``?`` where a dimension may be split further."""
    mesh = message.mesh
    if mesh.device_ids and not mesh.axes:
        return f"maximal_mesh[device_id={joined(mesh.device_ids)}]"
    others = {
        "replicated": message.replicated_axes,
        "unreduced": message.unreduced_axes,
        "manual": message.manual_axes,
    }
    said = [f"{name}={{{', '.join(_axes(axes, mesh))}}}" for name, axes in others.items() if axes]
    if not message.dim_shardings and not said:
        return f"{_mesh(mesh)}, replicated"
    dims = ", ".join(_dimension(dimension, mesh) for dimension in message.dim_shardings)
    return ", ".join([_mesh(mesh), f"[{dims}]", *said])


def mesh_groups(message: hlo_pb2.MeshAxesReplicaGroupList) -> str:
    """``mesh['x'=2,'y'=4] {'y'}``: a group for each place along the other axes."""
    return f"{_mesh(message.mesh)} {{{','.join(_axes(message.axes, message.mesh))}}}"


def _mesh(mesh: hlo_pb2.Mesh) -> str:
    axes = ",".join(f"'{axis.name}'={axis.size}" for axis in mesh.axes)
    return f"mesh[{axes}]" + (f", device_ids=({joined(mesh.device_ids)})" if mesh.device_ids else "")


def _dimension(dimension: hlo_pb2.NamedSharding.Dimension, mesh: hlo_pb2.Mesh) -> str:
    return f"{{{', '.join([*_axes(dimension.axes, mesh), *['?'] * (not dimension.is_closed)])}}}"


def _axes(axes: Iterable[hlo_pb2.AxisRef], mesh: hlo_pb2.Mesh) -> list[str]:
    return [_axis(axis, mesh) for axis in axes]


def _axis(axis: hlo_pb2.AxisRef, mesh: hlo_pb2.Mesh) -> str:
    if not 0 <= axis.mesh_axis_index < len(mesh.axes):
        raise ValueError(f"axis {axis.mesh_axis_index} of a mesh of {len(mesh.axes)}")
    part = axis.sub_axis_info
    name = f"'{mesh.axes[axis.mesh_axis_index].name}'"
    return f"{name}:({part.pre_size}){part.size}" if axis.HasField("sub_axis_info") else name
