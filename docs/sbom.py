"""Print a software bill of materials, CycloneDX as JSON: ``python -m docs.sbom`` (``make sbom``). No network is needed.

It lists what a user of tpugraph-db gets: its Python packages with all that they depend on, as installed here, and what
pip does not know: the jars and the Java inside arcadedb-embedded.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = "tpugraph-db"
Component = dict[str, Any]


def bill() -> Component:
    """The whole document; the same on every run of one environment."""
    packages = {name: distribution(name) for name in _closure()}
    inside = [*jars(), java()]
    root = _package(ROOT, packages.pop(ROOT)) | {"type": "application"}
    depends = [{"ref": root["bom-ref"], "dependsOn": sorted(_purl(name, found) for name, found in packages.items())}]
    holder = _purl("arcadedb-embedded", packages["arcadedb-embedded"])
    depends.append({"ref": holder, "dependsOn": sorted(part["bom-ref"] for part in inside)})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": [*(_package(name, found) for name, found in sorted(packages.items())), *inside],
        "dependencies": depends,
    }


def jars() -> list[Component]:
    """The jars of the embedded engine, named by their own Maven properties where they have them."""
    folder = Path(str(distribution("arcadedb-embedded").locate_file("arcadedb_embedded/jars")))
    return [_jar(path) for path in sorted(folder.glob("*.jar"))]


def java() -> Component:
    """The Java that runs it."""
    release = Path(str(distribution("arcadedb-embedded").locate_file("arcadedb_embedded/jre/release"))).read_text()
    (version,) = re.findall(r'^JAVA_VERSION="(.+)"', release, re.MULTILINE)
    return _component("platform", "openjdk", version, f"pkg:generic/openjdk@{version}")


def _closure() -> set[str]:
    """Names of the packages that a plain install of this one brings."""
    found: set[str] = set()
    waiting = [ROOT]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            wanted = map(Requirement, distribution(name).requires or ())
            waiting += [canonicalize_name(w.name) for w in wanted if not w.marker or w.marker.evaluate({"extra": ""})]
    return found


def _package(name: str, found: Distribution) -> Component:
    license_ = found.metadata.get("License-Expression")
    licenses = {"licenses": [{"expression": license_}]} if license_ else {}
    return _component("library", name, found.version, _purl(name, found)) | licenses


def _purl(name: str, found: Distribution) -> str:
    return f"pkg:pypi/{name}@{found.version}"


def _jar(path: Path) -> Component:
    with zipfile.ZipFile(path) as jar:
        poms = [
            jar.read(name).decode() for name in jar.namelist() if re.match(r"META-INF/maven/.+/pom.properties", name)
        ]
    stated = dict(re.findall(r"^(\w+)=(\S+)", poms[0], re.MULTILINE)) if len(poms) == 1 else {}
    named = re.fullmatch(r"(.+?)(?:-(\d.*?))?(?:-shaded)?\.jar", path.name)
    name = stated.get("artifactId") or (named[1] if named else path.stem)
    version = stated.get("version") or (named[2] if named and named[2] else distribution("arcadedb-embedded").version)
    purl = f"pkg:maven/{stated['groupId']}/{name}@{version}" if stated else f"pkg:generic/{name}@{version}"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return _component("library", name, version, purl) | {"hashes": [{"alg": "SHA-256", "content": digest}]}


def _component(kind: str, name: str, version: str, purl: str) -> Component:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    print(json.dumps(bill(), indent=2))
