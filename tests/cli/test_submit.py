import pytest

from tests import learning, real
from tests.conftest import open_empty
from tests.learning import TILE
from tpugraph_db.models.submission import Submission

TILES = ("tile 52 ops", "tile 21 ops", "tile 2 ops")


@pytest.fixture(scope="module")
def tile(tmp_path_factory):
    return learning.trained(tmp_path_factory.mktemp("tile"), train=(TILE,), valid=(), epochs=1)


@pytest.fixture(scope="module")
def folder(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("submit")
    with open_empty("arcadedb", None, folder) as db:
        db.load([real.path(data, name) for name in TILES], configs=1)
    return folder / "store"


@pytest.fixture
def store(folder, monkeypatch):
    monkeypatch.setenv("TPUDB_DB", str(folder))


@pytest.fixture
def words(data, tmp_path):
    return ["submit", "--sample", data / "reference" / "sample_submission.csv", "-o", tmp_path / "s.csv"]


@pytest.mark.usefixtures("store")
class TestSubmit:
    def test_fill(self, cli, words, tile, tmp_path):
        ran = cli(*words, "--tile", tile, "--fill", "sample")
        said = f"wrote {tmp_path / 's.csv'}; 891 rows are the sample's own: their graphs are not loaded\n"
        assert (ran.code, ran.out, ran.err) == (0, "", said)
        assert len(Submission.read(tmp_path / "s.csv").rows) == 894

    def test_bytes_and_gbdt(self, cli, words, tmp_path):
        kernels = [TILE.replace(name=f"k{at}") for at in range(3)]
        trees = learning.trees(tmp_path / "trees", train=kernels, valid=())
        for model in ("bytes", trees):
            assert cli(*words, "--tile", model, "--fill", "sample").code == 0
            assert len(Submission.read(tmp_path / "s.csv").rows) == 894

    def test_what_learns_from_runtimes_has_none_here(self, cli, words, tmp_path):
        ran = cli(*words, "--tile", "ridge", "--fill", "sample")
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "found none: all runtimes are hidden; a checkpoint needs none, nor does bytes" in ran.err
        assert not (tmp_path / "s.csv").exists()

    def test_all_that_is_asked_for_is_loaded(self, cli, data, words, tile, tmp_path):
        lines = words[2].read_text().splitlines()
        names = [real.record(data, name).name for name in TILES]
        kept = [line for line in lines if any(name in line for name in names)]
        (tmp_path / "sample.csv").write_text("\n".join([lines[0], *kept]) + "\n")
        ran = cli("submit", "--tile", tile, "--sample", tmp_path / "sample.csv", "-o", tmp_path / "s.csv")
        assert (ran.code, ran.err) == (0, f"wrote {tmp_path / 's.csv'}\n")

    def test_what_is_refused_is_one_line(self, cli, words, tile, tmp_path):
        (tmp_path / "wrong.csv").write_text("a,b\n")
        wrong = ["submit", "--tile", tile, "--sample", tmp_path / "wrong.csv", "-o", tmp_path / "s.csv"]
        absent = ["submit", "--tile", tile, "--sample", tmp_path / "absent.csv", "-o", tmp_path / "s.csv"]
        for asked, code, said in (
            ([*words, "--tile", tile], 2, "891 of 894 test graphs are missing"),
            ([*words, "--fill", "sample"], 2, "wants a model of tile configurations: --tile CHECKPOINT"),
            ([*words, "--tile", "none"], 1, "no model 'none'"),
            ([*words, "--tile", "cost"], 2, "the model cost ranks ops alone"),
            (wrong, 1, "header: expected ID,TopConfigs, found 'a,b'"),
            (absent, 1, "absent.csv"),
        ):
            ran = cli(*asked)
            assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
            assert said in ran.err
            assert not (tmp_path / "s.csv").exists()

    def test_a_file_that_cannot_be_written(self, cli, words, tile, tmp_path):
        ran = cli(*words[:-1], tmp_path / "none" / "s.csv", "--tile", tile, "--fill", "sample")
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "No such file or directory" in ran.err

    def test_fill_with_something_else(self, cli, words):
        assert "'zeros' is not 'sample'" in cli(*words, "--fill", "zeros").err
