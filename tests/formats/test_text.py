import pytest

from tpugraph_db.formats.text import printable, short


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/data/a b.npz", "/data/a b.npz"),
        ("naïve-图", "naïve-图"),
        ("a\nb", r"a\nb"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\udcff", r"\udcff"),
        ("\u202e", r"\u202e"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_what_cannot_be_shown_is_escaped(text, shown):
    assert printable(text) == shown
    assert printable(text).isprintable()


@pytest.mark.parametrize(("length", "shown"), [(200, "x" * 200), (201, "x" * 200 + "..."), (10**6, "x" * 200 + "...")])
def test_a_long_text_is_cut(length, shown):
    assert short("x" * length) == shown


def test_an_error_is_shortened_by_its_message():
    assert short(ValueError("a\n" * 500)) == r"a\n" * 100 + "..."
