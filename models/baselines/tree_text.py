"""LightGBM's text format, looked through before LightGBM reads it: it follows what it reads there without a look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tpugraph_db.errors import DataError, printable

_TREES = re.compile(r"(?<=\n\n)(?=Tree=[0-9]+\n|end of trees\n)")

_OF_NODE = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
"""One value for each inner node; ``leaf_value`` has one for each leaf."""


def expect_sound(text: str, columns: Sequence[str], where: str) -> None:
    """Refuse trees that are cut off, ask for another column than ``columns``, or do not end in leaves.

    Raises:
        DataError: says where.
    """
    head, *trees, end = _TREES.split(text) if _TREES.search(text) else (text, "")
    said = _lines(head)
    known = {
        "num_class": "1",
        "num_tree_per_iteration": "1",
        "max_feature_idx": str(len(columns) - 1),
        "feature_names": " ".join(columns),
        "tree_sizes": " ".join(str(len(tree.encode())) for tree in trees),
    }
    for key, expected in known.items():
        _expect(said.get(key) == expected, where, key, expected, str(said.get(key)))
    _expect(end.startswith("end of trees\n"), where, "trees", "end of trees behind the last", end or "nothing")
    for number, tree in enumerate(trees):
        _expect_tree(_lines(tree), len(columns), f"{where}: tree {number}")


def _expect_tree(said: Mapping[str, str], columns: int, where: str) -> None:
    for key in ("num_cat", "is_linear"):
        _expect(said.get(key) == "0", where, key, "0", str(said.get(key)))
    leaves = (_numbers(said, "num_leaves", where) or [0])[0]
    inner = leaves - 1
    _expect(leaves > 0, where, "num_leaves", "1 or more", str(leaves))
    for key, count in {**dict.fromkeys(_OF_NODE, inner), "leaf_value": leaves}.items():
        found = len(said.get(key, "").split())
        _expect(found == count, where, key, f"{count} numbers", str(found))
    split = _numbers(said, "split_feature", where)
    _expect(all(0 <= at < columns for at in split), where, "split_feature", f"0-{columns - 1}", str(split))
    for key in ("left_child", "right_child"):
        children = _numbers(said, key, where)
        # an inner node comes before its children, so that no way turns back; -1 and below are leaves
        sound = all(node < child < inner or 0 <= ~child < leaves for node, child in enumerate(children))
        _expect(sound, where, key, "nodes further on, or leaves", str(children))


def _lines(text: str) -> dict[str, str]:
    return {key: value for key, found, value in (line.partition("=") for line in text.splitlines()) if found}


def _numbers(said: Mapping[str, str], key: str, where: str) -> list[int]:
    words = said.get(key, "").split()
    _expect(all(re.fullmatch(r"-?[0-9]{1,9}", word) for word in words), where, key, "whole numbers", said.get(key, ""))
    return [int(word) for word in words]


def _expect(holds: bool, where: str, key: str, expected: str, found: str) -> None:
    if not holds:
        raise DataError(where, key, expected=expected[:200], found=printable(found[:200]), cure="train it again")
