import socket
import time
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.guarded import ADMINISTRATION, CALLS, FRAMES, FUNCTIONS, HARMLESS, HIDDEN, LOAD_CSV, WRITES
from tpugraph_db.errors import QueryError, ReadOnlyError
from tpugraph_db.stores.guard import HARMLESS_PROCEDURES, check_read
from tpugraph_db.stores.tokens import _TOKEN, tokens

LEAVES = [*LOAD_CSV, *CALLS, *FUNCTIONS, *ADMINISTRATION]
EVERYTHING = "MATCH (n) RETURN n"


@pytest.mark.parametrize("text", LEAVES)
def test_a_text_that_would_leave_is_refused_before_an_engine_sees_it(text):
    with pytest.raises(ReadOnlyError, match=r"^a read (stays inside|cannot)"):
        check_read(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_that_only_looks_like_it_passes(text):
    check_read(text)


@pytest.mark.parametrize("name", sorted(HARMLESS_PROCEDURES))
def test_a_harmless_procedure_passes(name):
    check_read(f"CALL {name}()")
    check_read(f"CALL {name.upper()} YIELD *")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOAD_CSV[0], "cannot begin with LOAD"),
        (LOAD_CSV[2], "LOAD CSV is refused"),
        (CALLS[0], "the procedure dbms.shutdown; it may call db.labels, "),
        (FUNCTIONS[0], "the function apoc.cypher.runfirstcolumnsingle"),
        ("CREATE (n)", "cannot begin with CREATE; expected one of CALL, MATCH, .*--write"),
        ("CALL { USE x RETURN 1 }", "NEO4J_DATABASE"),
    ],
)
def test_what_is_said(text, said):
    with pytest.raises(ReadOnlyError, match=said):
        check_read(text)


def test_tokens():
    found = [(token.kind, token.text) for token in tokens("Match (`a b`) // c\nRETURN 'D' /* e */ + $f.1")]
    assert found == [
        ("word", "match"),
        ("symbol", "("),
        ("quoted", "`a b`"),
        ("symbol", ")"),
        ("word", "return"),
        ("string", "'d'"),
        ("symbol", "+"),
        ("symbol", "$"),
        ("word", "f"),
        ("symbol", "."),
        ("number", "1"),
    ]


@pytest.mark.parametrize("text", [*WRITES, *ADMINISTRATION, *CALLS])
def test_a_read_changes_nothing(loaded, text):
    before = loaded.query(EVERYTHING).rows
    with pytest.raises(QueryError):
        loaded.query(text)
    assert loaded.query(EVERYTHING).rows == before


@pytest.mark.parametrize("text", LOAD_CSV)
def test_no_file_is_read(loaded, text, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\n")
    with pytest.raises(ReadOnlyError):
        loaded.query(text, {"file": secret.as_uri()})


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_runs(loaded, text):
    assert loaded.query(text, {"call": 1, "use": 2, "load": 3}).columns


def test_no_write_hides_in_an_expression(loaded):
    before = loaded.query(EVERYTHING).rows
    for frame, write in product(FRAMES, HIDDEN):
        with pytest.raises(QueryError):
            loaded.query(frame % write)
    assert loaded.query(EVERYTHING).rows == before


def test_no_address_is_asked(loaded):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        for text in LOAD_CSV:
            with pytest.raises(ReadOnlyError):
                loaded.query(text, {"file": f"http://127.0.0.1:{listener.getsockname()[1]}/x.csv"})
        with pytest.raises(BlockingIOError):  # nobody has come
            listener.accept()


@pytest.mark.parametrize("part", ["'", '"', "`", "/*x", "/*", "'\\\"", "\"\\'", "``a", "a.", "a(", "call a.", "use, "])
def test_a_hostile_text_takes_no_longer_than_another(part):
    started = time.monotonic()
    with suppress(ReadOnlyError):
        check_read("RETURN 1 " + part * (200_000 // len(part)))
    assert time.monotonic() - started < 15


@given(text=st.text(alphabet="'\"`\\/* \nxy.(", max_size=20))
def test_only_the_content_of_strings_is_lost_to_an_opener_without_an_end(text):
    def shown(found):
        return [(kind, text if kind == "word" else "") for kind, text in found if kind != "symbol"]

    plain = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(text)]
    assert shown((token.kind, token.text) for token in tokens(text)) == shown(
        (kind, word) for kind, word in plain if kind not in ("comment", "space")
    )
