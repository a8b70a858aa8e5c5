"""Engines and the guard must read a text alike: an odd character in every place that matters, on both engines.

A text that the guard lets pass is run past it; what then opens a file or calls a procedure is a hole.
"""

import pytest

from tpugraph_db.errors import ReadOnlyError, TpuGraphError
from tpugraph_db.stores.guard import check_read

LOAD = "LOAD CSV FROM 'file:///gone.csv' AS r RETURN r"
LIST = "CALL dbms.listConfig() YIELD name RETURN name"
NONE = "CALL nosuch('x')"

PLACES = [
    "WITH 1 AS x LOAD%sCSV FROM 'file:///gone.csv' AS r RETURN r",
    "WITH 1 AS x LO%sAD CSV FROM 'file:///gone.csv' AS r RETURN r",
    "WITH 1 AS x%sLOAD CSV FROM 'file:///gone.csv' AS r RETURN r",
    f"WITH 1 AS x %s{LOAD}",
    f"WITH 1 AS x LIMIT 1%s{LOAD}",
    f"WITH 1 AS x //%s{LOAD}",
    f"WITH 1 AS x //%s/* \n{LIST} //*/",
    f"WITH 1 AS x // %s '\n{LOAD} //'",
    f'WITH 1 AS x // %s "\n{LOAD} //"',
    f"WITH 1 AS x // %s `\n{LOAD} //`",
    f"WITH 1 AS x /*%s' */ {LOAD} //'",
    f"WITH 1 AS x /%s* */ {LIST} /* */",
    f"WITH 1 AS x /*%s/ {LIST} /*/",
    f"WITH 1 AS x /* *%s/ {LIST} /* */",
    f"WITH '%s' AS x {LOAD} //'",
    f"WITH '\\%s' AS x {LOAD} //'",
    f"WITH '\\\\%s' AS x {LOAD} //'",
    f"WITH '%s'' AS x {LOAD} //'",
    f'WITH "\\%s" AS x {LOAD} //"',
    f"WITH `%s` AS x {LOAD} //`",
    f"WITH 1 AS `\\%s` {LOAD} //`",
    "WITH 1 AS x CALL%sdbms.listConfig() YIELD name RETURN name",
    "WITH 1 AS x CALL dbms%s.listConfig() YIELD name RETURN name",
    "WITH 1 AS x CALL dbms.%slistConfig() YIELD name RETURN name",
    f"WITH 1 AS x %s{LIST}",
    f"WITH 1 AS x WHERE x %s {LIST}",
    f"WITH 1 AS x WHERE x = %s {LIST}",
    f"WITH 1 AS x WHERE x IS :: INTEGER%s {LIST}",
    f"WITH 1 AS x WHERE x IS :: LIST<INTEGER%s {LIST}",
    f"MATCH (n) WHERE n:%s {LIST}",
    f"WITH 1 AS x LIMIT 1%s{LIST}",
    f"%s{NONE}",
    "CALL%snosuch('x')",
    "CALL nosuch%s('x')",
    "CALL no%ssuch('x')",
]
ODD = [
    *(chr(code) for code in range(0xA1) if not chr(code).isalnum()),
    *map(chr, (0xAD, 0x17F, 0x1680, 0x180E, *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2065))),
    *map(chr, (0x212A, 0x2044, 0x3000, 0xFE0F, 0xFEFF, 0xFF07, 0xFF0E, 0xFF40, 0xE0020)),
    *(
        f"\\u{code:04x}"
        for code in (0x0A, 0x0D, 0x20, 0x22, 0x27, 0x28, 0x2A, 0x2E, 0x2F, 0x3E, 0x5C, 0x60, 0x7B, 0x200B)
    ),
    *("\r\n", "\\uu0027", "\\\\u0027", "\\\\\\u0027", "\\u005cu0027", "**", "..", "''", "``", "(*)", "%", "1", "a"),
]
REACHED = (
    *("external resource", "URLs are disabled"),  # of LOAD CSV
    *("no procedure with the name", "Unknown procedure/function", "a read cannot write"),  # of CALL
    *("a read stays inside", "a read cannot call"),  # of either, the guard of whoever serves the store
)
"""What an engine says that has come to a clause that the guard should have seen."""


def leaves(store, text):
    """The engine, asked past the guard, opens a file or calls a procedure."""
    try:
        with store.read(text, {}, 10.0) as cursor:
            return bool(list(cursor.rows))
    except TpuGraphError as error:
        return any(reached in str(error) for reached in REACHED)


def passes(text):
    try:
        check_read(text)
    except ReadOnlyError:
        return False
    return True


def test_a_hole_would_be_seen(loaded):
    assert all(leaves(loaded.store, text) for text in (f"WITH 1 AS x {LOAD}", f"WITH 1 AS x {LIST}", NONE))
    assert not leaves(loaded.store, "WITH 1 AS x LO AD CSV FROM 'file:///gone.csv' AS r RETURN r")


@pytest.mark.parametrize("place", PLACES)
def test_no_odd_character_hides_a_word(loaded, place):
    texts = [place.replace("%s", odd) for odd in ODD]
    assert [text for text in texts if passes(text) and leaves(loaded.store, text)] == []
