import io
import os
import pickle
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import graphs
from tests.formats.files import arrays_of, refusal, save, save_members, written
from tpugraph_db.errors import DataError
from tpugraph_db.formats import read

DIAMOND, TWO = graphs.diamond(), graphs.two_computations()
CONTENT = written(DIAMOND)
LAYOUT, TILE = arrays_of(CONTENT), arrays_of(written(TWO))


def member(key):
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as archive:
        return archive.read(f"{key}.npy")


NODE_FEAT = member("node_feat")


def with_header(text):
    """The values of node_feat after another header."""
    header = text.encode().ljust(118) + b"\n"
    return NODE_FEAT[:8] + len(header).to_bytes(2, "little") + header + NODE_FEAT[128:]


NO_HEADER = "expected float32 (ops, 140), found no .npy header ("
ODD_HEADERS = [
    (with_header("{'descr': (), 'fortran_order': False, 'shape': (4, 140)}"), f"{NO_HEADER}tuple index out of range)"),
    (with_header("-" * 9_000 + "1"), NO_HEADER),
    (with_header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {'(' * 4_000}"), NO_HEADER),
    (
        with_header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'9' * 4_000}, {'9' * 4_000})}}"),
        "expected float32 (ops, 140), found float32 (999999999",
    ),
]


class Payload:
    """Makes a file when it is unpickled."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self.mark,)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"not a zip", "something else"),
        (b"", "something else"),
        (CONTENT[:-30], "one that is cut or broken"),
        (CONTENT[: len(CONTENT) // 2], "one that is cut or broken"),
        (CONTENT[:10], "one that is cut or broken"),
    ],
    ids=["text", "empty", "the end is missing", "half", "the begin"],
)
def test_what_is_no_zip(tmp_path, content, found):
    (tmp_path / "x.npz").write_bytes(content)
    expected = "file: expected a zip archive of .npy arrays (npz), found"
    assert refusal(tmp_path / "x.npz") == f"{expected} {found} (File is not a zip file)"


def test_a_zip_from_the_future(tmp_path):
    directory = CONTENT.rindex(b"PK\x01\x02")
    (tmp_path / "x.npz").write_bytes(CONTENT[: directory + 6] + b"\xff" + CONTENT[directory + 7 :])
    assert "file: expected a zip archive of .npy arrays (npz), found" in refusal(tmp_path / "x.npz")


def test_a_damaged_member(tmp_path):
    damaged = bytearray(CONTENT)
    damaged[CONTENT.index(b"node_feat.npy") + 40] ^= 255
    (tmp_path / "x.npz").write_bytes(damaged)
    message = refusal(tmp_path / "x.npz")
    assert message.startswith("node_feat: expected a whole zip member, found error: Error -3 while decompressing data")
    assert message.endswith("; fetch the file again")


def test_a_checksum_that_does_not_fit(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, **LAYOUT)
    content = bytearray(path.read_bytes())
    content[content.index(np.int64(30).tobytes() + np.int64(10).tobytes())] ^= 1
    path.write_bytes(content)
    message = "config_runtime: expected a whole zip member, found BadZipFile: Bad CRC-32 for file 'config_runtime.npy'"
    assert refusal(path) == f"{message}; fetch the file again"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_another_compression_than_numpy_s_is_refused(tmp_path, compression):
    with zipfile.ZipFile(tmp_path / "x.npz", "w", compression) as archive:
        archive.writestr("node_feat.npy", NODE_FEAT)
    expected = f"expected a stored or deflated zip member, found one of compression method {compression}"
    assert refusal(tmp_path / "x.npz") == f"node_feat: {expected}; save it again with np.savez_compressed"


def test_an_encrypted_member_is_refused(tmp_path):
    content = bytearray(CONTENT)
    content[CONTENT.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.npz").write_bytes(content)
    expected = "expected a stored or deflated zip member, found one encrypted"
    assert refusal(tmp_path / "x.npz") == f"node_feat: {expected}; save it again with np.savez_compressed"


def test_stored_members_are_read(tmp_path):
    np.savez(tmp_path / "x.npz", **LAYOUT)
    assert read(tmp_path / "x.npz").configurations == DIAMOND.configurations


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected float32 (ops, 140), found no .npy header (EOF: reading magic string, expected 8 bytes got 0)"),
        (b"some other text", "expected float32 (ops, 140), found no .npy header (the magic string is not correct;"),
        (NODE_FEAT[:60], "expected float32 (ops, 140), found no .npy header (EOF: reading array header, expected"),
        (NODE_FEAT[:10] + b"{(" + NODE_FEAT[12:], "expected float32 (ops, 140), found no .npy header ("),
        (NODE_FEAT.replace(b"'<f4'", b"',08'"), "expected float32 (ops, 140), found no .npy header ("),
        (NODE_FEAT.replace(b"'shape'", b"b'hape'"), "expected float32 (ops, 140), found no .npy header ("),
        (NODE_FEAT.replace(b"(4, 140)", b"(-4,140)"), "expected float32 (ops, 140), found float32 (-4, 140)"),
        (NODE_FEAT[:-1], "expected 2240 bytes of values, found 2239 bytes"),
        (NODE_FEAT + b"x", "expected 2240 bytes of values, found 2241 bytes"),
        (
            NODE_FEAT[:6] + b"\x09" + NODE_FEAT[7:],
            "expected float32 (ops, 140), found no .npy header (of version (9, 0))",
        ),
        *ODD_HEADERS,
    ],
    ids=[
        *("empty", "text", "a cut header", "an open bracket", "no dtype", "mixed keys", "a negative shape"),
        *("a byte less", "a byte more", "another version"),
        *("no descr", "deep", "wide", "many digits"),
    ],
)
def test_what_is_no_npy(tmp_path, content, message):
    assert content != NODE_FEAT
    assert refusal(save_members(tmp_path / "x.npz", DIAMOND, {"node_feat.npy": content})).startswith(
        f"node_feat: {message}"
    )


def test_an_array_of_objects_is_refused_and_never_unpickled(tmp_path):
    mark = tmp_path / "unpickled"
    path = tmp_path / "x.npz"
    objects = np.array([Payload(mark)] * 4, dtype=object)
    np.savez(path, **LAYOUT | {"node_opcode": objects})
    expected = "expected uint8 or int32 or int64 (ops) with 4 ops, found object (4,)"
    assert refusal(path) == f"node_opcode: {expected}"
    assert not mark.exists()
    with np.load(path, allow_pickle=True) as archive:
        archive["node_opcode"]
    assert mark.exists(), "unpickling it would have been seen"


def test_a_pickle_in_the_place_of_an_array_is_refused_and_never_unpickled(tmp_path):
    mark = tmp_path / "unpickled"
    path = save_members(tmp_path / "x.npz", DIAMOND, {"node_opcode.npy": pickle.dumps(Payload(mark))})
    assert refusal(path).startswith("node_opcode: expected uint8 or int32 or int64 (ops), found no .npy header")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("record", "key", "expected"),
    [
        (DIAMOND, "node_feat", "float32 (ops, 140)"),
        (DIAMOND, "node_opcode", "uint8 or int32 or int64 (ops)"),
        (DIAMOND, "edge_index", "int64 or int32 (edges, 2)"),
        (DIAMOND, "node_config_feat", "float32 (configs, slots, 18)"),
        (DIAMOND, "node_config_ids", "int64 or int32 (slots)"),
        (DIAMOND, "config_runtime", "int64 or int32 (configs)"),
        (TWO, "config_feat", "float32 (configs, 24)"),
        (TWO, "config_runtime", "int64 or int32 (configs)"),
        (TWO, "config_runtime_normalizers", "int64 or int32 (configs)"),
    ],
)
def test_a_missing_key(tmp_path, record, key, expected):
    present = ", ".join(sorted(arrays_of(written(record)).keys() - {key}))
    message = f"{key}: expected {expected}, found no such key among {present}"
    assert refusal(save(tmp_path / "x.npz", record, {key: None})) == message


@pytest.mark.parametrize(
    ("record", "key", "dtype", "message"),
    [
        (DIAMOND, "node_feat", "float64", "expected float32 (ops, 140), found float64 (4, 140)"),
        (DIAMOND, "node_feat", "float16", "expected float32 (ops, 140), found float16 (4, 140)"),
        (DIAMOND, "node_opcode", "float32", "expected uint8 or int32 or int64 (ops) with 4 ops, found float32 (4,)"),
        (DIAMOND, "node_opcode", "U3", "expected uint8 or int32 or int64 (ops) with 4 ops, found str96 (4,)"),
        (DIAMOND, "edge_index", "uint64", "expected int64 or int32 (edges, 2), found uint64 (4, 2)"),
        (DIAMOND, "node_config_ids", "bool", "expected int64 or int32 (slots), found bool (2,)"),
        (DIAMOND, "config_runtime", "float32", "expected int64 or int32 (configs), found float32 (4,)"),
        (DIAMOND, "node_splits", "uint8", "expected int64 or int32 (1, splits), found uint8 (1, 2)"),
        (TWO, "config_feat", "int64", "expected float32 (configs, 24), found int64 (3, 24)"),
    ],
)
def test_a_wrong_dtype(tmp_path, record, key, dtype, message):
    array = arrays_of(written(record))[key].astype(dtype)
    assert refusal(save(tmp_path / "x.npz", record, {key: array})) == f"{key}: {message}"


@pytest.mark.parametrize(
    ("record", "key", "array", "message"),
    [
        (DIAMOND, "node_feat", LAYOUT["node_feat"][:, :139], "expected float32 (ops, 140), found float32 (4, 139)"),
        (DIAMOND, "node_feat", LAYOUT["node_feat"][0], "expected float32 (ops, 140), found float32 (140,)"),
        (DIAMOND, "edge_index", np.zeros((2, 5), int), "expected int64 or int32 (edges, 2), found int64 (2, 5)"),
        (DIAMOND, "node_splits", np.array([0, 4]), "expected int64 or int32 (1, splits), found int64 (2,)"),
        (DIAMOND, "config_runtime", np.int64(4), "expected int64 or int32 (configs), found int64 ()"),
        (TWO, "config_feat", TILE["config_feat"][:, :18], "expected float32 (configs, 24), found float32 (3, 18)"),
    ],
)
def test_a_wrong_shape(tmp_path, record, key, array, message):
    assert refusal(save(tmp_path / "x.npz", record, {key: array})) == f"{key}: {message}"


@pytest.mark.parametrize(
    ("record", "key", "array", "message"),
    [
        (
            DIAMOND,
            "node_opcode",
            LAYOUT["node_opcode"][:3],
            "uint8 or int32 or int64 (ops) with 4 ops, found uint8 (3,)",
        ),
        (DIAMOND, "config_runtime", np.arange(1, 4), "with 2 slots, 3 configs"),
        (TWO, "config_runtime", np.arange(1, 5), "int64 or int32 (configs) with 3 configs, found int64 (4,)"),
        (TWO, "config_runtime_normalizers", np.arange(2), "int64 or int32 (configs) with 3 configs, found int64 (2,)"),
        (DIAMOND, "node_config_ids", np.array([1]), "with 1 slots, 4 configs"),
    ],
)
def test_arrays_that_do_not_fit_together(tmp_path, record, key, array, message):
    expected = f"{key}: expected {message}"
    if message.startswith("with"):
        expected = f"node_config_feat: expected float32 (configs, slots, 18) {message}, found float32 (4, 2, 18)"
    assert refusal(save(tmp_path / "x.npz", record, {key: array})) == expected


@pytest.mark.parametrize(("value", "found"), [(300, "0 to 300"), (-1, "-1 to 0")])
def test_an_opcode_that_uint8_does_not_hold(tmp_path, value, found):
    path = save(tmp_path / "x.npz", DIAMOND, {"node_opcode": np.array([0, value, 0, 0], np.int32)})
    assert refusal(path) == f"node_opcode: expected values that fit uint8, found int32 values from {found}"


@settings(deadline=None)
@given(st.data())
def test_a_byte_changed_anywhere_is_refused_or_changes_nothing(data):
    content = bytearray(CONTENT)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with suppress(DataError):
        # a changed name may be of the one key that a file can lack
        found = read("-", name="x", stdin=io.BytesIO(content)).replace(sha256="", splits=None)
        assert found == read("-", name="x", stdin=io.BytesIO(CONTENT)).replace(sha256="", splits=None)


def refusal_or_none(path):
    try:
        read(path)
    except DataError as error:
        return str(error)
    return None


@settings(deadline=None)
@given(st.sampled_from(sorted(LAYOUT)), st.data())
def test_a_header_of_any_bytes_is_refused_or_read(tmp_path_factory, key, data):
    content = bytearray(member(key))
    at = data.draw(st.integers(0, 127))
    content[at : at + 4] = data.draw(st.binary(max_size=6))
    path = save_members(tmp_path_factory.mktemp("npz") / "x.npz", DIAMOND, {f"{key}.npy": bytes(content)})
    error = refusal_or_none(path)
    assert error is None or error.startswith(f"{path}: {key}: ")
