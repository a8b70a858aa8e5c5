import io
import struct
import tracemalloc
import zipfile
import zlib
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs
from tests.formats.files import arrays_of, refusal, written
from tpugraph_db.errors import DataError
from tpugraph_db.formats import read, source

CONTENT = written(graphs.diamond())
RAISE = "--max-bytes (max_bytes in Python) raises the limit"
ENTRY, END = struct.Struct("<4s4B4HL2L5H2L"), struct.Struct("<4s4H2LH")


def places(content):
    """Where each part of an archive begins: headers, names, values, directory, its end."""
    found = {0, 1, len(content) - 1}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", content, info.header_offset + 26)
            values = info.header_offset + 30 + name + extra
            found |= {info.header_offset, info.header_offset + 30, values - extra, values, values + info.compress_size}
    for signature in (b"PK\x01\x02", b"PK\x05\x06"):
        found |= {at for at in range(len(content)) if content.startswith(signature, at)}
    return sorted({at + step for at in found for step in (-1, 0, 1) if 0 <= at + step < len(content)})


def read_bytes(content, **options):
    return read("-", name="x", stdin=io.BytesIO(content), **options)


def refused(content, **options):
    with pytest.raises(DataError) as error:
        read_bytes(content, **options)
    return str(error.value).removeprefix("-: ")


def declaring(size, more=b""):
    """A file whose directory declares another size of its runtimes, with a checksum that fits what is read of them."""
    name, buffer = "config_runtime.npy", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        members = {info.filename: before.read(info) for info in before.infolist()}
        for other, content in members.items():
            after.writestr(other, content + more if other == name else content)
        after.NameToInfo[name].file_size = size
        after.NameToInfo[name].CRC = zlib.crc32(members[name][:size])
    return buffer.getvalue()


def test_a_file_cut_at_each_of_its_parts_is_refused():
    assert len(places(CONTENT)) > 100
    for at in places(CONTENT):
        assert refused(CONTENT[:at]).startswith(("file: expected a zip archive", "format: ")), at


@given(st.integers(0, len(CONTENT) - 1))
def test_a_file_cut_anywhere_is_refused(at):
    assert refused(CONTENT[:at]).startswith(("file: expected a zip archive", "format: "))


@pytest.mark.parametrize("at_once", [True, False], ids=["read once", "read twice"])
def test_a_file_that_lost_its_begin_is_refused(tmp_path, monkeypatch, at_once):
    # its members would begin before the file does, which the system tells from what is only not there
    monkeypatch.setattr(source, "IN_MEMORY", source.IN_MEMORY * at_once)
    (tmp_path / "x.npz").write_bytes(CONTENT[100:])
    message = refusal(tmp_path / "x.npz")
    assert message.startswith("node_feat: expected a whole zip member, found ")
    assert message.endswith("; fetch the file again")


@pytest.mark.parametrize("size", [2**31, 2**40, 2**50, 2**62])
def test_a_size_that_is_only_declared_is_refused_before_anything_is_inflated(size):
    tracemalloc.start()
    try:
        message = refused(declaring(size))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    needed = sum(array.nbytes + 128 for array in arrays_of(CONTENT).values())
    expected = "config_runtime: expected arrays that take at most 2,147,483,648 bytes of memory"
    assert message.startswith(f"{expected}, found {size // 10**9:,}")
    assert message.endswith(f" bytes; {RAISE}")
    assert peak < 1_000_000 + needed


def test_a_limit_is_raised_by_who_knows_better():
    assert refused(CONTENT, max_bytes=3_000).startswith("node_feat: expected arrays that take at most 3,000 bytes")
    assert len(read_bytes(CONTENT, max_bytes=4_000)) == 4


@pytest.mark.parametrize("size", [161, 159, 128, 100, 10, 0])
def test_a_member_of_another_size_than_declared_is_refused(size):
    message = refused(declaring(size))
    assert message.startswith(
        ("config_runtime: expected 32 bytes of values", "config_runtime: expected int64 or int32")
    )


def test_a_member_that_inflates_past_its_declared_size_is_inflated_no_further():
    content = declaring(160, bytes(200_000_000))
    tracemalloc.start()
    try:
        runtimes = read_bytes(content).configurations.runtime_ns
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert runtimes.tolist() == graphs.diamond().configurations.runtime_ns.tolist()
    assert peak < 2_000_000


def test_a_directory_of_many_members_is_refused_at_once():
    entry = ENTRY.pack(b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = entry * 1_000_000
    end = END.pack(b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), 4, 0)
    content = b"PK\x03\x04" + directory + end
    messages = []
    assert timeit(lambda: messages.append(refused(content)), number=1) < 5
    assert messages[0].endswith("found one that is cut or broken (a directory of 47,000,000 bytes)")


def test_the_keys_that_are_there_are_listed_without_end_and_control():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(1_000):
            archive.writestr(f"\x1b[31m{number:04}.npy", b"")
    message = refused(buffer.getvalue())
    assert message.startswith(r"node_feat: expected float32 (ops, 140), found no such key among \x1b[31m0000, \x1b[31m")
    assert len(message) < 400
