import json
import re

import numpy as np
import pytest

from tests import graphs, real
from tpugraph_db.errors import DataError, NotFoundError
from tpugraph_db.models.judging.protocol import PaperLists

DIAMOND = graphs.diamond().replace(collection="layout:xla:default")


def lists(folder, content, file="xla_default.json"):
    (folder / file).write_text(content if isinstance(content, str) else json.dumps(content))
    return PaperLists.read(folder)


def test_a_list_as_it_stands_repeats_and_all(tmp_path):
    indices = lists(tmp_path, {"diamond": [3, 0, 3]}).indices(DIAMOND)
    assert (indices.tolist(), indices.dtype) == ([3, 0, 3], np.int64)


def test_each_collection_has_its_file(tmp_path):
    lists(tmp_path, {"diamond": [1]})
    both = lists(tmp_path, {"diamond": [2]}, "nlp_random.json")
    assert both.indices(DIAMOND).tolist() == [1]
    assert both.indices(DIAMOND.replace(collection="layout:nlp:random")).tolist() == [2]


def test_an_index_out_of_range(tmp_path):
    with pytest.raises(DataError) as error:
        lists(tmp_path, {"diamond": [3, 4]}).indices(DIAMOND)
    file = tmp_path / "xla_default.json"
    assert str(error.value) == f"{file}: diamond: expected configuration numbers below 4, found 4"


def test_a_graph_that_the_paper_does_not_list(tmp_path):
    with pytest.raises(NotFoundError, match="no list for 'diamond' of layout:xla:default; did you mean diamonds"):
        lists(tmp_path, {"diamonds": [3]}).indices(DIAMOND)
    with pytest.raises(NotFoundError, match="no list for 'diamond' of layout:nlp:random"):
        lists(tmp_path, {"diamond": [3]}).indices(DIAMOND.replace(collection="layout:nlp:random"))


def test_a_tile_kernel_is_judged_on_all_its_configurations(tmp_path):
    kernel = graphs.two_computations()
    assert lists(tmp_path, {"two": [0]}).indices(kernel).tolist() == list(range(len(kernel.configurations)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "content: expected JSON"),
        ("\udcff", "content: expected JSON"),
        ("[1]", "content: expected an object of lists, found list"),
        ('{"a": 1}', "a: expected a list of configuration numbers, 0 or more, found 1"),
        ('{"a": []}', "a: expected a list of configuration numbers, 0 or more, found []"),
        ('{"a": [1, -1]}', "0 or more, found -1"),
        ('{"a": [1, 1.5]}', "0 or more, found 1.5"),
        ('{"a": [true]}', "0 or more, found True"),
        ('{"a": ["1"]}', "0 or more, found '1'"),
        ('{"a": [99999999999999999999]}', "0 or more, found 99999999999999999999"),
    ],
)
def test_a_file_that_holds_no_lists(tmp_path, content, message):
    (tmp_path / "xla_default.json").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(DataError, match=re.escape(message)):
        PaperLists.read(tmp_path)


def test_a_folder_without_lists(tmp_path):
    with pytest.raises(DataError, match=r"expected xla_default\.json, .*, found none of them"):
        PaperLists.read(tmp_path)


def test_the_papers_own(data):
    paper = PaperLists.read(data / "reference")
    assert {collection: len(of) for collection, of in paper.lists.items()} == {
        **{"layout:xla:default": 7, "layout:xla:random": 7, "layout:nlp:default": 20, "layout:nlp:random": 20}
    }
    unet = real.record(data, "unet_3d.4x4.bf16")
    indices = paper.indices(unet)
    assert (len(indices), len(np.unique(indices)), indices.max()) == (1_000, 1_000, 1_963)
    assert len(np.unique(paper.lists["layout:xla:random"][unet.name])) == 481
