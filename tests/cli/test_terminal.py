"""What is said on stderr: no name, wherever it came from, reaches a terminal as an escape."""

import pytest

from tests.cli.test_output import ESCAPES
from tpugraph_db.cli.terminal import visible


def clean(ran):
    """The command said something, and nothing of it but line ends is a control."""
    assert ran.err
    return all(line.isprintable() for line in (ran.out + ran.err).split("\n"))


@pytest.mark.parametrize("text", ["", "plain", "größe 大きさ", "a\\x1b"])
def test_what_prints_is_left_alone(text):
    assert visible(text) == text


@pytest.mark.parametrize("text", ESCAPES)
def test_what_does_not_print_is_its_escape(text):
    assert visible(text).isprintable()
    assert visible(text).encode().decode("unicode_escape") == text


def test_half_a_surrogate_pair_is_its_escape():
    assert visible("\udcff") == "\\udcff"


@pytest.mark.parametrize("escape", ESCAPES)
class TestErrors:
    def test_no_store(self, cli, empty, escape, monkeypatch):
        monkeypatch.setenv("TPUDB_DB", str(empty) + escape)
        ran = cli("ls")
        assert (ran.code, clean(ran)) == (3, True)

    def test_usage(self, cli, empty, escape):
        for words in ((f"--{escape}",), (escape,), ("query", "-p", escape, "RETURN 1"), ("ls", "--format", escape)):
            ran = cli(*words)
            assert (ran.code, clean(ran)) == (2, True)

    def test_a_file_that_is_not_there(self, cli, empty, escape):
        assert clean(cli("query", "-f", escape))
        assert clean(cli("load", escape, "--dry-run"))

    def test_a_traceback(self, cli, empty, escape, monkeypatch):
        monkeypatch.setenv("TPUDB_DB", str(empty) + escape)
        ran = cli("--debug", "ls")
        assert "Traceback" in ran.err
        assert clean(ran)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("escape", ESCAPES)
class TestAnswers:
    def test_a_syntax_error_that_quotes_the_text(self, cli, escape):
        ran = cli("query", f"RETURN 1 AS x {escape}`{escape}` +")
        assert (ran.code, clean(ran)) == (1, True)

    def test_names_that_were_meant(self, cli, escape):
        cli("query", "CREATE (:Graph {id: $id})", "-p", f"id=graph{escape}", "--write")
        try:
            for words in (("info", f"grap{escape}"), ("info", "graphx"), ("info", "h")):
                assert clean(cli(*words))
        finally:
            cli("query", "MATCH (g:Graph) WHERE g.id STARTS WITH 'graph' DELETE g", "--write")
