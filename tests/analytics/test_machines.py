import math

import pytest

from tpugraph_db.analytics.machines import Machine, find_machine, machine_names, measure_machine
from tpugraph_db.analytics.machines.machine import read_machine
from tpugraph_db.errors import DataError, NotFoundError

WHOLE = """\
name = "mine"
others = "f32"
memory_bandwidth = 1e9

[peak_flops]
f32 = 2_000_000_000

[sources]
peak_flops = "a stop watch"
memory_bandwidth = "a ruler"
"""


def test_machines_that_are_shipped():
    assert machine_names() == ["a100", "h100", "tpu_v2", "tpu_v3", "tpu_v4", "tpu_v5e", "tpu_v5p", "tpu_v6e"]
    for machine in map(find_machine, machine_names()):
        assert machine.peak("bf16") > 1e12
        assert machine.memory_bandwidth > 1e11
        assert "http" in machine.sources["peak_flops"]
        assert machine.others in machine.peak_flops
    assert find_machine("tpu_v4").peak("bf16") == 275e12


def test_a_users_own_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(WHOLE)
    machine = find_machine(path)
    assert (machine.name, machine.memory_bandwidth, machine.peak("f32")) == ("mine", 1e9, 2e9)
    assert machine.peak("s8") == 2e9
    path.write_text(WHOLE.replace('others = "f32"\n', ""))
    assert math.isnan(find_machine(str(path)).peak("s8"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("memory_bandwidth = 1e9", ""),
            "memory_bandwidth: expected bytes per second, a number above 0, found nothing",
        ),
        (("= 1e9", "= -1"), "memory_bandwidth: expected bytes per second, a number above 0, found -1"),
        (("= 1e9", "= inf"), "memory_bandwidth: expected bytes per second, a number above 0, found inf"),
        (("= 1e9", "= true"), "memory_bandwidth: expected bytes per second, a number above 0, found True"),
        (("2_000_000_000", '"fast"'), "peak_flops.f32: expected flops per second, a number above 0, found 'fast'"),
        (("f32 = 2_000_000_000", ""), "peak_flops: expected a table [peak_flops] that is not empty, found {}"),
        (('name = "mine"', ""), "name: expected a text, found nothing"),
        (('memory_bandwidth = "a ruler"', ""), "sources.memory_bandwidth: expected a text, found nothing"),
        (('others = "f32"', 'others = "f8"'), "others: expected one of f32, found 'f8'"),
        (("[sources]", "[source]"), "sources: expected a table [sources] that is not empty, found nothing"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_line(change, message):
    with pytest.raises(DataError) as error:
        read_machine(WHOLE.replace(*change).encode(), "mine.toml")
    assert str(error.value) == f"mine.toml: {message}"


@pytest.mark.parametrize("data", [b"name = \n", b"\xff\xfe", b"= 3"])
def test_what_is_no_toml(data):
    with pytest.raises(DataError, match=r"^mine\.toml: file: expected TOML, found ") as error:
        read_machine(data, "mine.toml")
    assert "\n" not in str(error.value)


def test_machines_that_are_not_there(tmp_path):
    with pytest.raises(NotFoundError, match=r"no machine 'tpu_v9' among a100, .*did you mean tpu_v"):
        find_machine("tpu_v9")
    with pytest.raises(NotFoundError, match=r"no machine '\.\./machines/h100' among"):
        find_machine("../machines/h100")
    with pytest.raises(NotFoundError, match=r"none\.toml: no machine file \(No such file or directory\)"):
        find_machine(tmp_path / "none.toml")


def test_a_file_that_is_written_is_read_again():
    machine = Machine(
        'a "b" \\ \n\x1b', {"f32": 1.5e9, "s8": 3.0}, 12345.5, {"peak_flops": "x", "memory_bandwidth": "y"}
    )
    assert read_machine(machine.to_toml().encode(), "x") == machine


def test_measuring_this_cpu():
    rounds = []
    machine = measure_machine(rounds=3, size=64, copied=1 << 16, on_round=lambda: rounds.append(1))
    assert set(machine.peak_flops) == {"f32", "f64"}
    assert all(1e6 < peak < 1e15 for peak in (*machine.peak_flops.values(), machine.memory_bandwidth))
    assert len(rounds) == 4 * 3
    assert "tpudb machine measure" in machine.sources["memory_bandwidth"]
    assert read_machine(machine.to_toml().encode(), "x").name == machine.name
