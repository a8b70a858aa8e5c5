import gzip
import hashlib
import zlib

import pytest

from tests import graphs
from tests.formats.files import refusal, written
from tpugraph_db.errors import DataError
from tpugraph_db.formats import gzipped, read

CONTENT = written(graphs.diamond())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.npz.gz"


def test_a_packed_file_is_the_file_in_it(path):
    path.write_bytes(gzip.compress(CONTENT))
    record = read(path)
    assert record.id == "layout:local/none/x"
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.features.tobytes() == graphs.diamond().features.tobytes()


def test_what_is_packed_is_known_by_its_content(tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(CONTENT))
    assert read(tmp_path / "x").name == "x"


def test_a_suffix_alone_packs_nothing(path):
    path.write_bytes(CONTENT)
    assert read(path).name == "x"


def test_several_members_are_one_file(path):
    path.write_bytes(gzip.compress(CONTENT[:100]) + gzip.compress(CONTENT[100:]))
    assert read(path).name == "x"


@pytest.mark.parametrize("cut", [2, 5, 11, 100, -9, -1])
def test_a_cut_file_is_refused(path, cut):
    path.write_bytes(gzip.compress(CONTENT)[:cut])
    reason = refusal(path)
    assert reason.startswith("file: expected a whole gzip file, found one that is cut or broken (")
    assert reason.endswith("); fetch the file again")


def test_a_changed_byte_is_refused(path):
    packed = bytearray(gzip.compress(CONTENT))
    packed[-8] ^= 1  # of the checksum
    path.write_bytes(packed)
    assert "cut or broken (CRC check failed" in refusal(path)


def test_a_bomb_is_refused_before_it_takes_memory(path):
    packer = zlib.compressobj(9, wbits=31)
    path.write_bytes(b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(200)), packer.flush()]))
    assert path.stat().st_size < 300_000
    with pytest.raises(DataError, match=r"expected at most 1,000,000 bytes, found more; --max-bytes"):
        read(path, max_bytes=1_000_000)


def test_only_a_little_is_unpacked_to_look():
    assert len(gzipped.peeked(gzip.compress(bytes(1 << 24)))) < 1 << 16
