import random

import pytest

from tests.analytics.costs.programs import counted
from tpugraph_db.analytics.costs.contraction import meetings
from tpugraph_db.analytics.costs.window import WindowDimension, window

IMAGE = "x = f32[2,8,8,4] parameter(0)\n"


def flops(kernel: str, output: str, said: str, source: str = IMAGE) -> float:
    lines = f"{source}  k = {kernel} parameter(1)\n  c = {output} convolution(x, k), {said}"
    return counted(lines).own("c")[0]


def test_dot():
    lines = "a = f32[2,3,4] parameter(0)\n  b = f32[2,4,5] parameter(1)\n"
    said = "lhs_batch_dims={0}, rhs_batch_dims={0}, lhs_contracting_dims={2}, rhs_contracting_dims={1}"
    found = counted(f"{lines}  d = f32[2,3,5] dot(a, b), {said}")
    assert found.own("d") == (2 * 30 * 4, 0, 4 * (24 + 40 + 30))


def test_a_product_that_contracts_nothing():
    lines = "a = f32[3] parameter(0)\n  b = f32[5] parameter(1)\n"
    found = counted(f"{lines}  d = f32[3,5] dot(a, b), lhs_contracting_dims={{}}, rhs_contracting_dims={{}}")
    assert found.own("d")[0] == 2 * 15


def test_ragged_dot():
    """Each of 6 rows meets one group's 4 x 5 weights."""
    lines = "a = f32[6,4] parameter(0)\n  b = f32[2,4,5] parameter(1)\n  g = s64[2] parameter(2)\n"
    said = "lhs_contracting_dims={1}, rhs_contracting_dims={1}, lhs_ragged_dims={0}, rhs_group_dims={0}"
    assert counted(f"{lines}  d = f32[6,5] ragged-dot(a, b, g), {said}").own("d")[0] == 2 * 6 * 4 * 5


def test_ragged_dot_over_what_is_contracted():
    """6 rows are shared out among 2 groups: each of the 2 x 4 x 5 sums has 3 on average."""
    lines = "a = f32[6,4] parameter(0)\n  b = f32[6,5] parameter(1)\n  g = s64[2] parameter(2)\n"
    said = "lhs_contracting_dims={0}, rhs_contracting_dims={0}, lhs_ragged_dims={0}"
    assert counted(f"{lines}  d = f32[2,4,5] ragged-dot(a, b, g), {said}").own("d")[0] == 2 * 40 * 6 / 2


def test_convolution_without_padding():
    said = "window={size=3x3}, dim_labels=b01f_01io->b01f"
    assert flops("f32[3,3,4,16]", "f32[2,6,6,16]", said) == 2 * 4 * 16 * 2 * (6 * 3) ** 2


def test_padding_is_not_multiplied():
    """In one dimension 8 positions of 3, of which the two at the ends fall beside the input."""
    said = "window={size=3x3 pad=1_1x1_1}, dim_labels=b01f_01io->b01f"
    assert flops("f32[3,3,4,16]", "f32[2,8,8,16]", said) == 2 * 4 * 16 * 2 * (8 * 3 - 2) ** 2


def test_strides():
    """Positions 0, 2, 4, 6 of 3 with one of padding at the end: the last has two."""
    said = "window={size=3x3 stride=2x2 pad=0_1x0_1}, dim_labels=b01f_01io->b01f"
    assert flops("f32[3,3,4,16]", "f32[2,4,4,16]", said) == 2 * 4 * 16 * 2 * (4 * 3 - 1) ** 2


def test_holes_of_the_input_are_not_multiplied():
    """8 elements dilated to 15: of 13 positions of 3, those at even places meet 2 elements and the others 1."""
    said = "window={size=3x3 lhs_dilate=2x2}, dim_labels=b01f_01io->b01f"
    assert flops("f32[3,3,4,16]", "f32[2,13,13,16]", said) == 2 * 4 * 16 * 2 * (7 * 2 + 6 * 1) ** 2


def test_groups_of_features():
    said = "window={size=3x3}, dim_labels=b01f_01io->b01f, feature_group_count=4"
    assert flops("f32[3,3,1,16]", "f32[2,6,6,16]", said) == 2 * 1 * 16 * 2 * (6 * 3) ** 2


def test_groups_of_the_batch():
    said = "window={size=3x3}, dim_labels=b01f_01io->b01f, batch_group_count=2"
    assert flops("f32[3,3,4,16]", "f32[1,6,6,16]", said) == 2 * 4 * 16 * 1 * (6 * 3) ** 2


def test_a_convolution_without_space_is_a_product():
    source = "x = f32[16,4] parameter(0)\n"
    assert flops("f32[4,8]", "f32[16,8]", "dim_labels=bf_io->bf", source) == 2 * 16 * 4 * 8


def brute_force(source, kernel, output, one):
    count = 0
    for position in range(output):
        for tap in range(kernel):
            at = position * one.stride - one.low + tap * one.window_dilation
            count += at % one.base_dilation == 0 and 0 <= at // one.base_dilation < source
    return count


@pytest.mark.parametrize("seed", range(4))
def test_meetings_are_those_that_one_counts(seed):
    chance = random.Random(seed)
    for _ in range(100):
        sizes = [chance.randint(1, 9) for _ in range(3)]
        one = WindowDimension(sizes[1], *(chance.randint(1, 4), chance.randint(-3, 4), chance.randint(-3, 4)))
        one = one._replace(window_dilation=chance.randint(1, 4), base_dilation=chance.randint(1, 4))
        assert meetings(*sizes, one) == brute_force(*sizes, one), (sizes, one)


def test_windows():
    assert window("{size=3 pad=-1_2 rhs_dilate=2 rhs_reversal=1}") == [WindowDimension(3, 1, -1, 2, 2, 1)]
    assert window("") == []


def test_fft():
    found = counted("a = c64[4,16] parameter(0)\n  f = c64[4,16] fft(a), fft_type=FFT, fft_length={16}")
    assert found.own("f") == (2 * 4 * 4 * 64, 0, 2 * 64 * 8)


def test_solvers():
    lines = "a = f32[2,6,6] parameter(0)\n  b = f32[2,6,3] parameter(1)\n  l = f32[2,6,6] cholesky(a), lower=true\n"
    found = counted(f"{lines}  t = f32[2,6,3] triangular-solve(l, b), left_side=true")
    assert found.own("l") == (6 * 72 // 3, 0, 72 * 4)
    assert found.own("t") == (2 * 6 * 36, 0, 36 * 4 + 72 * 2 + 36 * 4)


def test_operands_that_do_not_fit_are_not_known():
    lines = "a = f32[3] parameter(0)\n  d = f32[3] dot(a, a), lhs_contracting_dims={4}, rhs_contracting_dims={0}"
    assert counted(lines).costs.unknown("flops") == {"dot": 1}
