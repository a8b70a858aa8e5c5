"""The prompt on prompt-toolkit's own pipe: keys in, text out."""

from contextlib import contextmanager

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.shell.test_completing import Somewhere
from tpugraph_db.shell.prompt import Prompt
from tpugraph_db.shell.session import Session
from tpugraph_db.shell.vocabulary import Vocabulary


@contextmanager
def typed(keys, history=None, write=False):
    session = Session(Somewhere(), write=write)
    with create_pipe_input() as pipe:
        pipe.send_bytes(keys.encode(errors="surrogateescape"))
        yield Prompt(session, Vocabulary(Somewhere()), history, input=pipe, output=DummyOutput())


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("RETURN 1;\r", "RETURN 1;"),
        ("RETURN\r1\r;\r", "RETURN\n1\n;"),
        ("match dot -> add\r", "match dot -> add"),
        (".help\r", ".help"),
        ("\r", ""),
        ("RETURN 2;\x1b[D\x1b[D1\r", "RETURN 12;"),
        ("RETURN\r1\x1b\r", "RETURN\n1"),
    ],
)
def test_enter_runs_what_is_whole_and_else_begins_a_line(keys, text):
    with typed(keys) as prompt:
        assert prompt.read() == text


def test_ctrl_c_clears_and_ctrl_d_leaves():
    with typed("RETURN \x03") as prompt, pytest.raises(KeyboardInterrupt):
        prompt.read()
    with typed("\x04") as prompt, pytest.raises(EOFError):
        prompt.read()


def test_what_was_typed_is_there_again(tmp_path):
    history = tmp_path / "history"
    with typed("RETURN\r1;\r", history) as prompt:
        prompt.read()
    with typed("\x1b[A\r", history) as prompt:
        assert prompt.read() == "RETURN\n1;"


def test_the_prompt_says_whether_it_writes():
    with typed("", write=True) as writing, typed("") as reading:
        assert "write" in str(writing._message)
        assert "read-only" in str(reading._message)


def test_a_line_that_cannot_be_kept_ends_nothing(tmp_path):
    with typed("RETURN '\udcff';\r") as prompt:
        assert prompt.read() == "RETURN '\udcff';"
    with typed("RETURN 1;\rRETURN '\udcff';\rRETURN 2;\r", tmp_path / "history") as prompt:
        assert [prompt.read() for _ in range(3)][::2] == ["RETURN 1;", "RETURN 2;"]
