"""The session in docs/shell.md is what the prompt gives."""

import re
from pathlib import Path

import tpugraph_db
from tpugraph_db.cli import shell
from tpugraph_db.shell.language import ended
from tpugraph_db.shell.running import Runner
from tpugraph_db.shell.session import Session

ROOT = Path(__file__).parents[2]
PROMPT, MORE = "tpudb read-only> ", "             ... "
WIDTH = 100


def turns(page):
    """What is typed in each block of a page that begins with a prompt, and what is answered."""
    found = []
    for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines() if block.startswith(PROMPT) else ():
            if line.startswith(PROMPT):
                found.append((line.removeprefix(PROMPT), ""))
            elif line.startswith(MORE):
                found[-1] = (f"{found[-1][0]}\n{line.removeprefix(MORE)}", "")
            else:
                found[-1] = (found[-1][0], f"{found[-1][1]}{line.rstrip()}\n")
    return found


def shape(text):
    """Less what differs from run to run."""
    text = re.sub(r"\b\d+\.\d{3} s$", "S s", text, flags=re.MULTILINE)
    return re.sub(r"\([/~]\S+\)", "(FILE)", "\n".join(line.rstrip() for line in text.splitlines()))


def test_every_turn_of_the_page(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.chdir(tmp_path)
    page = turns((ROOT / "docs" / "shell.md").read_text(encoding="utf-8"))
    assert len(page) > 8
    with tpugraph_db.open(tmp_path / "store") as db:
        db.load(sorted((ROOT / "examples" / "data" / "npz" / "layout" / "cpu" / "random" / "test").glob("gnn_*.npz")))
        session, runner = Session(db), Runner(db.store)
        for typed, answered in page:
            capfd.readouterr()
            for action in ended(typed):
                try:
                    shell._run(action, session, runner)
                except tpugraph_db.TpuGraphError as error:
                    shell._say_error(error, action)
            out, err = capfd.readouterr()
            assert shape(out + err) == shape(answered), typed


def test_the_page_has_every_command():
    from tpugraph_db.shell.commands import COMMANDS

    page = (ROOT / "docs" / "shell.md").read_text(encoding="utf-8")
    for known in COMMANDS.values():
        assert f"`{known.usage}`".replace("|", r"\|") in page, known.usage
