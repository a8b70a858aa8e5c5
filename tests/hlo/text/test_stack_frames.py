from __future__ import annotations

from tpugraph_db.hlo.text.cursor import Cursor
from tpugraph_db.hlo.text.stack_frames import read

TABLES = """
FileNames
1 "a.py"
2 "b \\"c\\".py"

FunctionNames
1 "f"

FileLocations
1 {file_name_id=2 function_name_id=1 line=12 end_line=13 column=1 end_column=2}
2 {file_name_id=9 line=x}
3 {file_name_id=1 line=7}

StackFrames
1 {file_location_id=1 parent_frame_id=1}
2 {file_location_id=3 parent_frame_id=1}
3 {file_location_id=2 parent_frame_id=1}
4 {file_location_id=8}

"""


def test_frames_are_files_and_lines():
    cursor = Cursor(f"{TABLES}ENTRY e", "x.hlo")
    assert read(cursor) == {"1": ('b "c".py', 12), "2": ("a.py", 7), "3": ("", 0)}
    assert cursor.word("ENTRY")


def test_no_tables():
    cursor = Cursor("\n%FileNamesake {", "x.hlo")
    assert read(cursor) == {}
    assert cursor.name("a computation") == "FileNamesake"
