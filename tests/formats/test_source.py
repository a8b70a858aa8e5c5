import hashlib
import io
import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests import graphs
from tests.formats.child import as_nobody
from tests.formats.files import refusal, written
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import files, read, source

CONTENT = written(graphs.diamond())
TO_STDIN = "send its bytes to '-' (tpudb load - --name NAME)"
CHANGED = "file: expected a file at rest, found one that changed while it was read; try again when nothing writes to it"


@pytest.fixture(params=[source.IN_MEMORY, 0], ids=["read once", "read twice"])
def path(request, tmp_path, monkeypatch):
    """A file that is read at one go, and one that is too large for that."""
    monkeypatch.setattr(source, "IN_MEMORY", request.param)
    (tmp_path / "x.npz").write_bytes(CONTENT)
    return tmp_path / "x.npz"


def found_in(named):
    """What a walk finds, and what reading each gives: an id, or the reason why not."""
    found = {}
    for path in files([Path(named)]):
        try:
            found[str(path)] = read(path).id
        except OSError as error:
            found[str(path)] = error.strerror
        except DataError as error:
            found[str(path)] = str(error)
    return found


def while_reading(monkeypatch, change):
    """Change something once the file is open and before it is parsed."""
    honest = source._digest

    def digest(file):
        found = honest(file)
        change()
        return found

    monkeypatch.setattr(source, "_digest", digest)


def test_the_digest_is_of_what_is_read(path):
    assert read(path).sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert read(path).id == "layout:local/none/x"


def test_a_file_that_grows_while_it_is_read(path, monkeypatch):
    while_reading(monkeypatch, lambda: path.write_bytes(CONTENT + b"x"))
    assert refusal(path) == CHANGED


def test_a_file_that_is_emptied_while_it_is_read(path, monkeypatch):
    while_reading(monkeypatch, lambda: path.write_bytes(b""))
    assert refusal(path) == CHANGED


def test_a_file_that_changes_to_one_of_the_same_size_and_date(path, monkeypatch):
    old = path.stat().st_mtime_ns - 10**12
    os.utime(path, ns=(old, old))

    def change():
        path.write_bytes(CONTENT[::-1])
        os.utime(path, ns=(old, old))

    while_reading(monkeypatch, change)
    assert refusal(path) == CHANGED


def test_a_file_that_is_broken_and_at_rest_is_broken(path):
    path.write_bytes(CONTENT[:-30])
    assert refusal(path).startswith("file: expected a zip archive of .npy arrays (npz), found one that is cut")


def test_a_large_file_that_was_just_written_is_read_when_its_clock_has_ticked(path, monkeypatch):
    slept = []
    monkeypatch.setattr(source.time, "sleep", slept.append)
    path.write_bytes(CONTENT)
    read(path)
    monkeypatch.setattr(source.time, "time_ns", lambda: path.stat().st_mtime_ns + 10**9)
    read(path)
    assert slept == ([source._TICK_S] if source.IN_MEMORY == 0 else [])


def test_a_named_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "x.npz")
    expected = f"x.npz: file: expected a file, found a named pipe; {TO_STDIN}"
    assert as_nobody(tmp_path, lambda: found_in("x.npz")) == {"x.npz": expected}


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_at_once(tmp_path, device):
    expected = f"{device}: file: expected a file, found a device; {TO_STDIN}"
    assert as_nobody(tmp_path, lambda: found_in(device)) == {device: expected}


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # its name may have a hundred bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("x.npz")
        with pytest.raises(DataError, match=r"^x\.npz: file: expected a file, found a socket; "):
            read("x.npz")


def test_a_folder_is_no_file(tmp_path):
    assert refusal(tmp_path) == "file: expected a file, found a folder; load walks folders"


@pytest.mark.parametrize("name", ["a\0b.npz", "a\ud800.npz"], ids=["NUL", "surrogate"])
def test_a_path_that_no_file_can_have(name):
    assert list(files([Path(name)])) == [Path(name)]
    with pytest.raises(DataError, match=r"^a\\\S+\.npz: file: expected a path, found "):
        read(name)


def test_a_broken_link(tmp_path):
    (tmp_path / "x.npz").symlink_to("nowhere")
    assert found_in(tmp_path) == {str(tmp_path / "x.npz"): "No such file or directory"}


def test_a_link_to_a_file_is_read(path):
    link = path.parent / "link.npz"
    link.symlink_to("x.npz")
    assert read(link).sha256 == read(path).sha256


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.npz").write_bytes(CONTENT)
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "self.npz").symlink_to("self.npz")
    found = found_in(tmp_path)
    assert found == {
        str(tmp_path / "a" / "x.npz"): "layout:local/none/x",
        str(tmp_path / "self.npz"): "Too many levels of symbolic links",
    }


def test_a_link_to_a_folder_that_is_named_is_walked(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.npz").write_bytes(CONTENT)
    (tmp_path / "link").symlink_to("a")
    assert list(files([tmp_path / "link"])) == [tmp_path / "link" / "x.npz"]


def test_a_dash_is_standard_input_and_no_folder(tmp_path, monkeypatch):
    (tmp_path / "-").mkdir()
    monkeypatch.chdir(tmp_path)
    assert list(files([Path("-")])) == [Path("-")]


def test_an_empty_folder_has_no_files(tmp_path):
    assert list(files([tmp_path])) == []


def test_folders_deeper_than_python_recurses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1_500):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.npz").write_bytes(CONTENT)
    try:
        assert [path.name for path in files([tmp_path])] == ["x.npz"]
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # shutil recurses


def test_files_and_folders_without_permission(tmp_path):
    """Those that may be read are, and each of the others says why not."""
    for name in ("open.npz", "closed.npz", "shut/x.npz", "listed/x.npz", "unlisted/x.npz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(CONTENT)
    modes = {"closed.npz": 0o000, "shut": 0o000, "listed": 0o444, "unlisted": 0o111}
    for name, mode in modes.items():
        (tmp_path / name).chmod(mode)
    try:
        found = as_nobody(tmp_path, lambda: found_in("."))
    finally:
        for name in modes:
            (tmp_path / name).chmod(0o755)
    denied = "Permission denied"
    expected = {"closed.npz": denied, "listed/x.npz": denied, "shut": denied, "unlisted": denied}
    assert found == expected | {"open.npz": "layout:local/none/open"}


def test_a_folder_in_a_folder_without_permission(tmp_path):
    (tmp_path / "shut" / "inner").mkdir(parents=True)
    (tmp_path / "shut").chmod(0o000)
    try:
        assert as_nobody(tmp_path, lambda: found_in("shut/inner")) == {"shut/inner": "Permission denied"}
    finally:
        (tmp_path / "shut").chmod(0o755)


def test_standard_input_that_never_ends_is_cut():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return b"PK\3\4" * (size // 4)

    with pytest.raises(DataError) as error:
        read("-", name="x", stdin=Endless(), max_bytes=10_000_000)
    cure = "--max-bytes (max_bytes in Python) raises the limit"
    assert str(error.value) == f"-: file: expected at most 10,000,000 bytes, found more; {cure}"


def test_standard_input_that_is_closed(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="standard input, which is closed"):
        read("-", name="x")
