"""The programs that are measured: each traces, the same way each time, and has enough ops to choose layouts of."""

import importlib
import itertools
import re
import sys
import tomllib
from pathlib import Path

import jax
import numpy as np
import pytest

from tpugraph_db.collect.sites import sites

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted((EXAMPLES / "programs").glob("[!_]*.py"))
SMALL = ("convnet_squeeze", "gnn_attention", "mixer_gated")


@pytest.fixture(scope="module")
def family():
    """A file of programs as a module, by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES / "programs"))
        yield importlib.import_module


@pytest.fixture(scope="module")
def makers(family):
    tables = [family(path.stem).PROGRAMS for path in FILES]
    return dict(itertools.chain.from_iterable(table.items() for table in tables))


@pytest.fixture(scope="module")
def splits():
    return tomllib.loads((EXAMPLES / "families.toml").read_text())


def outputs(make):
    function, arguments = make()
    return jax.tree.leaves(jax.jit(function)(*arguments))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_program_traces_alike_twice_and_has_eight_choices_of_rank_3(family, path):
    module = family(path.stem)
    assert path.stem == module.FAMILY
    for name, make in module.PROGRAMS.items():
        assert name.startswith(f"{path.stem}_")
        (function, arguments), (again, same) = make(), make()
        jax.tree.map(np.testing.assert_array_equal, arguments, same)
        closed = jax.make_jaxpr(function)(*arguments)
        assert str(closed) == str(jax.make_jaxpr(again)(*same)), name
        assert not closed.effects, name
        ranks = [len(site.dims) for site in sites(closed.jaxpr).values()]
        assert len([rank for rank in ranks if rank >= 3]) >= 8, name


def test_there_are_as_many_programs_as_issued_and_no_two_of_one_name(family, makers):
    assert len(makers) == sum(len(family(path.stem).PROGRAMS) for path in FILES)
    assert len(makers) >= 46
    assert len(FILES) >= 12


def test_no_file_hides_a_module_that_others_import():
    assert not {path.stem for path in FILES} & sys.stdlib_module_names


def test_every_family_is_in_one_split(splits):
    assert list(splits) == ["train", "valid", "test"]
    assert sorted(itertools.chain.from_iterable(splits.values())) == [path.stem for path in FILES]
    assert 4 <= len(splits["valid"] + splits["test"]) <= 6


def test_the_page_says_the_same_of_every_family(splits, family):
    rows = re.findall(r"^\| (\w+) \| (train|valid|test) \| (.+) \|$", (EXAMPLES / "README.md").read_text(), re.M)
    assert [row[:2] for row in rows] == [(name, split) for split, names in splits.items() for name in names]
    assert f"{len(rows)} families" in (EXAMPLES / "README.md").read_text()


@pytest.mark.parametrize("name", SMALL)
def test_the_same_outputs_twice(makers, name):
    first, second = outputs(makers[name]), outputs(makers[name])
    for one, other in zip(first, second, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_array_equal(one, other)


def test_the_chain_s_loss_is_that_of_all_its_paths(family):
    random = np.random.default_rng(3)
    emit, transit, x = (random.normal(size=shape).astype(np.float32) for shape in ((5, 3), (3, 3), (1, 5, 5)))
    tags, scores = np.array([[0, 2, 2, 1, 0]], np.int32), (x @ emit)[0]

    def score(path):
        return sum(scores[range(5), path]) + sum(transit[path[:-1], path[1:]])

    paths = [score(np.array(path)) for path in itertools.product(range(3), repeat=5)]
    expected = np.log(np.exp(paths).sum()) - score(tags[0])
    found = jax.jit(family("losses").chain)({"emit": emit, "transit": transit}, x, tags)
    assert found == pytest.approx(expected, rel=1e-5)


def test_the_sixth_root_inverts_the_sixth_power(family):
    root = np.random.default_rng(3).normal(size=(1, 4, 4)).astype(np.float32)
    matrix = root @ root.swapaxes(1, 2) + np.eye(4, dtype=np.float32)
    found = jax.jit(lambda matrix: family("optimisers").inverse_root(matrix, steps=12))(matrix)
    inverse = np.linalg.inv(np.asarray(found))
    np.testing.assert_allclose(np.linalg.matrix_power(inverse, 6), matrix, rtol=1e-3, atol=1e-3)
