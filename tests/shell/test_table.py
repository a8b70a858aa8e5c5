"""A table is never wider than the terminal, and says what it left out."""

from tpugraph_db.shell.table import table
from tpugraph_db.stores import Node, Result


def made(columns, *rows):
    return Result(tuple(columns), list(rows), len(rows))


def test_what_fits_is_as_it_is():
    result = made(["op", "share", "nothing"], ("dot", 0.25, None), ("convolution", 1234567.5, None))
    assert table(result, 80) == (
        ["op                 share  nothing", "dot                 0.25", "convolution  1.23457e+06"],
        [],
    )


def test_the_widest_cells_are_cut_first():
    lines, left_out = table(made(["a", "b", "c"], ("x " * 25, "y" * 20, 7)), 46)
    assert lines == ["a" + " " * 22 + "b" + " " * 21 + "c", "x " * 10 + "…  " + "y" * 20 + "  7"]
    assert max(map(len, lines)) <= 46
    assert left_out == []


def test_an_id_keeps_its_end_and_a_number_all_of_it():
    rows = made(["graph", "runtime"], ("layout:xla:default/train/unet3d", 70950843334123456))
    assert table(rows, 33)[0][1] == "layout…/unet3d  70950843334123456"
    assert table(rows, 30) == (["graph", "layout:xla:def…lt/train/unet3d"], ["runtime"])


def test_columns_that_do_not_fit_are_named():
    names = [f"column_{at}" for at in range(9)]
    lines, left_out = table(made(names, tuple("z" * 30 for _ in names)), 40)
    assert left_out == names[3:]
    assert max(map(len, lines)) <= 40


def test_every_width_holds_and_one_column_stays():
    result = made(["name", "数量", "x"], ("計算グラフ" * 9, 12, "é" * 70))
    for width in range(1, 120):
        lines, _ = table(result, width)
        from rich.cells import cell_len

        assert max(map(cell_len, lines)) <= width


def test_names_and_values_move_no_terminal():
    evil = "\x1b[2Jgone\r\n\u202e"
    lines, _ = table(made([evil], (evil,), (Node(("Op",), {"name": evil}),), ([evil],)), 200)
    assert all(line.isprintable() for line in lines)
    assert lines[1] == r"\x1b[2Jgone\r\n\u202e"


def test_no_columns_and_no_rows():
    assert table(made(["a", "b"]), 80) == (["a  b"], [])
