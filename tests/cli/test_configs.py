"""configs, sensitivity, why: on both engines and on files."""

from __future__ import annotations

import json

import pytest

import tpugraph_db
from tests.analytics.measured import known_effects
from tests.conftest import write_npz


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_npz(known_effects(), tmp_path_factory.mktemp("made"))


def rows(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.usefixtures("loaded")
class TestStore:
    def test_all_three(self, cli, file):
        assert cli("load", file).code == 0
        moved = rows(cli("sensitivity", "made", "-n", 2, "--permutations", 199, "--format", "json"))
        assert [(row["op"], row["group"], row["provenance"]) for row in moved] == [
            (1, None, "measured"),
            (3, 0, "measured"),
        ]
        slower = rows(cli("why", "made", "--config", "worst", "--vs", "default", "--format", "json"))
        assert (slower[0]["part"], slower[0]["op"]) == ("op", 1)
        fastest = rows(cli("configs", "made", "--top", 3, "--format", "json"))
        choices = rows(cli("configs", "made", "--op", 1, "--format", "json"))
        hottest = rows(cli("hot", "made", "--by", "sensitivity", "-n", 1, "--format", "json"))
        with tpugraph_db.open() as db:
            assert db.sensitivity("made", count=2, permutations=199).to_dicts() == moved
            assert db.why("made", "worst", "default").to_dicts() == slower
            assert db.configs("made", count=3).to_dicts() == fastest
            assert db.configs("made", op=1).to_dicts() == choices
            assert db.hot("made", "sensitivity", count=1).rows[0][0] == hottest[0]["op"] == 1

    def test_more_is_said(self, cli):
        ran = cli("configs", "diamond", "--top", 1)
        assert "showing 1 of 4; --top lists more" in ran.err
        assert "measured; differs from configuration 1, the best" in ran.err
        assert cli("why", "diamond", "--config", "default", "--vs", "best").code == 1
        assert cli("sensitivity", "chain").code == 1


def test_a_file_needs_no_store(cli, empty, file):
    ran = cli("sensitivity", file, "-n", 1, "--permutations", 99)
    assert "120" not in ran.out
    assert "best_effect in percent, against the default" in ran.err
    assert "one layout throughout, left out: 1" in ran.err
    assert "what is whose cannot be told: 1" in ran.err
    ran = cli("why", file, "--config", "worst", "--vs", "best", "-n", 1)
    assert "% slower than" in ran.err
    assert ran.out.split()[0] == "part"
    assert len(rows(cli("configs", file, "--top", 2, "--format", "json"))) == 2
    assert not empty.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("sensitivity",), 1, "configurations: expected at least 2, found none"),
        (("configs",), 1, "configurations: expected at least 2, found none"),
        (("why", "--config", "1", "--vs", "best"), 1, "configurations: expected at least 2, found none"),
        (("why", "--config", "1"), 2, "Missing option '--vs'"),
        (("configs", "--op", "erf"), 1, "did you mean"),
        (("sensitivity", "--permutations", "5"), 2, "5 is not in the range"),
    ],
)
def test_what_cannot_be_answered(cli, empty, hlo_file, words, code, message):
    ran = cli(words[0], hlo_file, *words[1:])
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
