import numpy as np
import pytest

from tests.analytics.costs.programs import counted

MATRIX = "a = f32[8,16]{1,0} parameter(0)\n  i = s32[] parameter(1)\n"


@pytest.mark.parametrize(
    ("op", "moved"),
    [
        ("m = f32[16,8]{1,0} transpose(a), dimensions={1,0}", 2 * 512),
        ("m = f32[16,8]{0,1} transpose(a), dimensions={1,0}", 0),
        ("m = f32[128] reshape(a)", 2 * 512),
        ("m = f32[128] bitcast(a)", 0),
        ("m = f32[2,4] slice(a), slice={[0:2], [0:4]}", 2 * 32),
        ("m = f32[2,4] dynamic-slice(a, i, i), dynamic_slice_sizes={2,4}", 2 * 32 + 4),
        ("m = f32[8,16] copy(a)", 2 * 512),
        ("m = f32[3,8,16] broadcast(a), dimensions={1,2}", 512 + 3 * 512),
        ("m = f32[16,16] concatenate(a, a), dimensions={0}", 512 + 512 + 1024),
        ("m = (f32[8,16], s32[]) tuple(a, i)", 16),
        ("m = s32[8] iota(), iota_dimension=0", 32),
    ],
)
def test_bytes(op, moved):
    assert counted(MATRIX + "  " + op).own("m") == (0, 0, moved)


def test_dynamic_update_slice_is_in_place():
    lines = f"{MATRIX}  u = f32[2,4] parameter(2)\n"
    assert counted(f"{lines}  d = f32[8,16] dynamic-update-slice(a, u, i, i)").own("d") == (0, 0, 2 * 32 + 4)


def test_gather_reads_what_it_takes():
    lines = f"{MATRIX}  n = s32[5,1] parameter(2)\n"
    said = "offset_dims={1}, collapsed_slice_dims={0}, start_index_map={0}, index_vector_dim=1, slice_sizes={1,16}"
    assert counted(f"{lines}  g = f32[5,16] gather(a, n), {said}").own("g") == (0, 0, 2 * 320 + 20)


def test_parts_of_a_tuple_that_is_made_and_the_table_of_one_that_is_given():
    lines = "a = f32[8] parameter(0)\n  s = (f32[8], f32[8], u32[]) copy-start(a)\n  d = f32[8] copy-done(s)"
    found = counted(lines)
    assert found.own("s") == (0, 0, 32 + 32 + 32 + 4)
    assert found.own("d") == (0, 0, 24 + 32)


def test_random_numbers_count_as_transcendental():
    lines = "s = u64[2] parameter(0)\n  r = (u64[2], u32[4]) rng-bit-generator(s), algorithm=rng_default"
    assert counted(lines).own("r") == (0, 6, 16 + 16 + 16)


def test_infeed_and_outfeed():
    lines = (
        "k = token[] after-all()\n  f = ((f32[4], s32[2]), token[]) infeed(k)\n  p = (f32[4], s32[2]) parameter(0)\n"
    )
    found = counted(f"{lines}  o = token[] outfeed(p, k), outfeed_shape=(f32[4], s32[2])")
    assert found.own("f") == (0, 0, 24)
    assert found.own("o") == (0, 0, 24)


def test_custom_calls_are_not_known_but_for_annotations():
    lines = 'a = f32[8] parameter(0)\n  c = f32[8] custom-call(a), custom_call_target="f"\n'
    found = counted(f'{lines}  s = f32[8] custom-call(c), custom_call_target="Sharding"')
    assert np.isnan(found.own("c")).all()
    assert found.own("s") == (0, 0, 0)


def test_a_size_without_a_bound_is_not_known():
    found = counted("a = f32[?,3] parameter(0)\n  n = f32[?,3] negate(a)")
    assert found.costs.unknown("flops") == found.costs.unknown("bytes_accessed") == {"negate": 1}


def test_collectives():
    lines = "a = f32[8] parameter(0)\n  r = f32[8] all-reduce(a), replica_groups={{0,1}}, to_apply=add\n"
    found = counted(f"{lines}  g = f32[16] all-gather(a), replica_groups={{{{0,1}}}}, dimensions={{0}}")
    assert found.own("r") == (8, 0, 64)
    assert found.own("g") == (0, 0, 32 + 64)


def test_batch_normalisation():
    """E = 24, C = 3."""
    lines = "x = f32[8,3] parameter(0)\n  s = f32[3] parameter(1)\n"
    found = counted(
        f"{lines}  t = (f32[8,3], f32[3], f32[3]) batch-norm-training(x, s, s), epsilon=0.001, feature_index=1\n"
        "  i = f32[8,3] batch-norm-inference(x, s, s, s, s), epsilon=0.001, feature_index=1\n"
        "  g = (f32[8,3], f32[3], f32[3]) batch-norm-grad(x, s, s, s, x), epsilon=0.001, feature_index=1"
    )
    assert found.own("t") == (6 * 24 + 4 * 3, 3, 4 * (24 + 6 + 24 + 6))
    assert found.own("i") == (3 * 24 + 2 * 3, 3, 4 * (24 + 12 + 24))
    assert found.own("g") == (9 * 24 + 4 * 3, 3, 4 * (48 + 9 + 24 + 6))
