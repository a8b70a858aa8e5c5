"""The bill of materials names what a user of tpugraph-db gets, and nothing else."""

import hashlib
import re
from importlib import metadata
from pathlib import Path

import pytest

import tpugraph_db
from docs import sbom


@pytest.fixture(scope="module")
def bill():
    return sbom.bill()


def test_it_has_every_package_that_a_user_gets(bill):
    there = {part["purl"] for part in bill["components"]}
    wanted = [re.match(r"[\w-]+", line)[0] for line in metadata.requires("tpugraph-db") if "extra ==" not in line]
    assert len(wanted) >= 10
    assert {f"pkg:pypi/{name}@{metadata.version(name)}" for name in wanted} < there
    assert bill["metadata"]["component"]["version"] == tpugraph_db.__version__


def test_it_has_what_only_they_need_and_no_tool_of_ours(bill):
    names = {part["name"] for part in bill["components"]}
    assert {"jpype1", "pytz"} < names
    assert not {"pytest", "ruff", "mypy", "pandas", "tpugraph-db"} & names


def test_it_has_every_jar_and_the_java(bill):
    folder = Path(metadata.distribution("arcadedb-embedded").locate_file("arcadedb_embedded/jars"))
    hashes = {part["hashes"][0]["content"] for part in bill["components"] if "hashes" in part}
    assert hashes == {hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    assert any(part["purl"].startswith("pkg:maven/com.arcadedb/arcadedb-engine@") for part in bill["components"])
    assert [part["version"].split(".")[0].isdecimal() for part in bill["components"] if part["name"] == "openjdk"]


def test_its_references_lead_somewhere(bill):
    parts = [bill["metadata"]["component"], *bill["components"]]
    refs = [part["bom-ref"] for part in parts]
    assert len(refs) == len(set(refs))
    assert {ref for entry in bill["dependencies"] for ref in (entry["ref"], *entry["dependsOn"])} == set(refs)
