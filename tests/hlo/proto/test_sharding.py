from __future__ import annotations

import pytest

from tpugraph_db.hlo.hlo_pb2 import Sharding
from tpugraph_db.hlo.proto.sharding import sharding

OTHER = 3


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Sharding(), "{replicated}"),
        (Sharding(type=1, tile_assignment_devices=[3]), "{maximal device=3}"),
        (Sharding(type=4), "{manual}"),
        (Sharding(type=9), "{type_9}"),
        (Sharding(type=2, tuple_shardings=[Sharding(), Sharding(type=4)]), "{{replicated}, {manual}}"),
        (Sharding(type=OTHER, tile_assignment_dimensions=[2, 1], tile_assignment_devices=[0, 1]), "{devices=[2,1]0,1}"),
        (
            Sharding(type=OTHER, tile_assignment_dimensions=[2, 1], iota_reshape_dims=[2], iota_transpose_perm=[0]),
            "{devices=[2,1]<=[2]}",
        ),
        (
            Sharding(
                type=OTHER,
                tile_assignment_dimensions=[1, 2, 4],
                iota_reshape_dims=[4, 2],
                iota_transpose_perm=[1, 0],
                replicate_on_last_tile_dim=True,
            ),
            "{devices=[1,2,4]<=[4,2]T(1,0) last_tile_dim_replicate}",
        ),
        (
            Sharding(type=OTHER, tile_assignment_dimensions=[1, 2], iota_reshape_dims=[2], last_tile_dims=[4, 0]),
            "{devices=[1,2]<=[2] last_tile_dims={manual, replicated}}",
        ),
        (Sharding(is_shard_group=True, shard_group_id=7), "{replicated shard_as 7}"),
        (Sharding(is_shard_group=True, shard_group_id=7, shard_group_type=1), "{replicated shard_like 7}"),
    ],
)
def test_shardings_are_printed_as_hlo_has_them(message, said):
    assert sharding(message) == said
