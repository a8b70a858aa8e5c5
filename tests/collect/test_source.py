import pytest

from tpugraph_db.collect.source import Source, parse
from tpugraph_db.errors import DataError, UsageError


def test_path_and_function(tmp_path):
    path = tmp_path / "a:b.py"
    path.write_text("")
    assert parse(f"{path}:mlp.small") == Source(str(path), "mlp.small")
    assert parse(f"{path}:mlp").text == f"{path}:mlp"


@pytest.mark.parametrize("text", ["mlp.py", "mlp.py:", ":mlp", "mlp.py:a b", ""])
def test_no_function(text):
    with pytest.raises(UsageError, match=r"expected PROGRAM.py:function"):
        parse(text)


def test_no_file(tmp_path):
    with pytest.raises(DataError, match=r"gone.py: file: expected a program in Python, found no such file"):
        parse(f"{tmp_path / 'gone.py'}:mlp")
