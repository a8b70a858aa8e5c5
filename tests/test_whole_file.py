"""A file is whole or not there."""

import errno
import os

import pytest

from tpugraph_db.whole_file import DRAFT, write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_is_written_and_replaced(tmp_path):
    for content in (b"one", b"", b"three"):
        write_whole(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, there):
    if there:
        write_whole(tmp_path / "a", b"one")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a", b"two")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"] * there


def test_what_a_killed_process_of_the_same_number_left_is_no_hindrance(tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")
    (tmp_path / f"{DRAFT}a-{os.getpid()}").symlink_to(outside)
    write_whole(tmp_path / "a", b"one")
    assert (names(tmp_path), outside.read_bytes()) == (["a", "outside"], b"x")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "a", b"one")
