import pytest

from tpugraph_db.formats.text import short


@pytest.mark.parametrize(("length", "shown"), [(200, "x" * 200), (201, "x" * 200 + "..."), (10**6, "x" * 200 + "...")])
def test_a_long_text_is_cut(length, shown):
    assert short("x" * length) == shown


def test_an_error_is_shortened_by_its_message():
    assert short(ValueError("a\n" * 500)) == r"a\n" * 100 + "..."
