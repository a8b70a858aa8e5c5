import json
import tomllib
from functools import partial

import pytest

from tests.hlo import oracle
from tpugraph_db.analytics.machines import measure


@pytest.mark.usefixtures("loaded")
class TestRoofline:
    def test_ops_by_modelled_time(self, cli):
        ran = cli("roofline", "chain", "--machine", "tpu_v4", "--format", "json")
        rows = json.loads(ran.out)
        assert ran.code == 0
        assert [row["opcode"] for row in rows] == ["negate", "tanh", "copy"]
        assert rows[0]["bytes_accessed"] == 8192
        assert rows[0]["modelled_ns"] == pytest.approx(8192 / 1200)
        assert [row["bound"] for row in rows] == ["memory"] * 3
        assert "modelled: modelled_ns, modelled_share, bound; measured: measured_ns" in ran.err
        assert "flops known for 4 of 4 ops\n" in ran.err
        assert "2 ops of types that the machine file has no peak of count at the peak of bf16" in ran.err

    def test_what_is_cut_off_is_said(self, cli):
        ran = cli("roofline", "chain", "--machine", "h100", "-n", "1")
        assert len(ran.out.splitlines()) == 2
        assert "showing 1 of 3 ops; -n lists more" in ran.err

    def test_a_graph_or_a_machine_that_is_not_there(self, cli):
        assert cli("roofline", "chian", "--machine", "h100").code == 1
        ran = cli("roofline", "chain", "--machine", "h1000")
        assert (ran.code, ran.out) == (1, "")
        assert "did you mean h100" in ran.err

    def test_a_machine_file_that_lacks_a_key(self, cli, tmp_path):
        path = tmp_path / "my.toml"
        path.write_text('name = "my"\n')
        ran = cli("roofline", "chain", "--machine", path)
        assert ran.code == 1
        assert ran.err == f"tpudb: {path}: peak_flops: expected a table [peak_flops] that is not empty, found nothing\n"


def test_names_and_loops_of_a_program(cli, empty, stored, tmp_path):
    cli("load", oracle.EVERY_OPCODE)
    ran = cli("roofline", "every_opcode", "--machine", "tpu_v4", "-n", "3", "--format", "json")
    rows = json.loads(ran.out)
    assert (rows[0]["name"], rows[0]["bound"]) == ("cv4", "memory")
    assert "not for 5 custom-call, 1 topk" in ran.err
    with stored() as db:
        assert db.roofline("every_opcode", "tpu_v4").top(1).rows[0][1] == "cv4"


@pytest.fixture
def small(monkeypatch):
    """What is measured takes no time."""
    monkeypatch.setattr(measure, "measure_machine", partial(measure.measure_machine, size=64, copied=1 << 16))


@pytest.mark.usefixtures("small")
def test_measure_writes_a_file_that_roofline_reads(cli, empty, literal_files, tmp_path):
    cli("load", literal_files)
    path = tmp_path / "cpu.toml"
    ran = cli("machine", "measure", "--rounds", "1", "-o", path)
    assert (ran.code, ran.out) == (0, "")
    assert set(tomllib.loads(path.read_text())["peak_flops"]) == {"f32", "f64"}
    assert cli("roofline", "chain", "--machine", path).code == 0


@pytest.mark.usefixtures("small")
def test_measure_without_a_file_goes_to_stdout(cli):
    assert tomllib.loads(cli("machine", "measure", "--rounds", "1").out)["memory_bandwidth"] > 0


@pytest.mark.usefixtures("small")
def test_a_file_that_cannot_be_written(cli, tmp_path):
    ran = cli("machine", "measure", "--rounds", "1", "-o", tmp_path / "none" / "cpu.toml")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_machines_are_listed_with_their_sources(cli):
    rows = json.loads(cli("machine", "list", "--format", "json").out)
    v4 = [row for row in rows if row["machine"] == "tpu_v4" and row["dtype"] == "bf16"]
    assert [row["peak_flops"] for row in v4] == [275e12]
    assert all(row["source"] for row in rows)
