from __future__ import annotations

import pytest

from tpugraph_db.hlo.hlo_pb2 import AxisRef, Mesh, MeshAxesReplicaGroupList, NamedSharding
from tpugraph_db.hlo.proto.mesh import mesh_groups, named_sharding

MESH = Mesh(axes=[Mesh.Axis(name="x", size=2), Mesh.Axis(name="y", size=4)])
X, Y = AxisRef(mesh_axis_index=0), AxisRef(mesh_axis_index=1)
HALF_OF_Y = AxisRef(mesh_axis_index=1, sub_axis_info=AxisRef.SubAxis(pre_size=1, size=2))
Split = NamedSharding.Dimension


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            NamedSharding(mesh=MESH, dim_shardings=[Split(axes=[X], is_closed=True), Split(is_closed=True)]),
            "mesh['x'=2,'y'=4], [{'x'}, {}]",
        ),
        (
            NamedSharding(mesh=MESH, dim_shardings=[Split(axes=[X, HALF_OF_Y]), Split()]),
            "mesh['x'=2,'y'=4], [{'x', 'y':(1)2, ?}, {?}]",
        ),
        (
            NamedSharding(mesh=MESH, replicated_axes=[X], unreduced_axes=[Y], manual_axes=[X]),
            "mesh['x'=2,'y'=4], [], replicated={'x'}, unreduced={'y'}, manual={'x'}",
        ),
        (NamedSharding(mesh=MESH), "mesh['x'=2,'y'=4], replicated"),
        (NamedSharding(mesh=Mesh(device_ids=[1])), "maximal_mesh[device_id=1]"),
        (
            NamedSharding(mesh=Mesh(axes=MESH.axes[:1], device_ids=[1, 0]), manual_axes=[X]),
            "mesh['x'=2], device_ids=(1,0), [], manual={'x'}",
        ),
    ],
)
def test_named_shardings_are_printed_as_hlo_has_them(message, said):
    assert named_sharding(message) == said


def test_groups_along_axes():
    assert mesh_groups(MeshAxesReplicaGroupList(mesh=MESH, axes=[X, HALF_OF_Y])) == "mesh['x'=2,'y'=4] {'x','y':(1)2}"


def test_an_axis_that_the_mesh_does_not_have_is_refused():
    with pytest.raises(ValueError, match="axis 1 of a mesh of 0"):
        mesh_groups(MeshAxesReplicaGroupList(axes=[Y]))
