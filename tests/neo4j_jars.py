"""The jars of a Neo4j server, from Maven's central repository through `jgo`: no Maven, no Java needed.

Neo4j is GPLv3: its jars go into the user's cache and are never bundled with this project.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import requests
from jgo.maven import Artifact, MavenContext, PythonResolver

VERSION = "5.26.30"  # long-term support
NEWEST = "2026.09.0"
CACHE = Path(platformdirs.user_cache_dir("tpugraph-db")) / "neo4j"


class _Resolver(PythonResolver):
    """jgo's resolver, but a file in its folder is always whole, a hiccup is tried again, and connections are
    kept: jgo opens two per file, which makes a fetch five times as long."""

    def __init__(self) -> None:
        super().__init__()
        self.session = requests.Session()

    def download(self, artifact: Artifact) -> Path:
        for pause in (1, 2, 4, 8):
            try:
                return self._download(artifact)
            except (requests.RequestException, ValueError):
                time.sleep(pause)
        return self._download(artifact)

    def _download(self, artifact: Artifact) -> Path:
        (repository,) = artifact.context.remote_repos.values()
        url = f"{repository}/{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
        content = self._get(url)
        if hashlib.sha1(content).hexdigest() not in self._get(f"{url}.sha1").decode():
            raise ValueError(f"{artifact.filename} did not arrive as it was sent")
        path = artifact.context.repo_cache / artifact.component.path_prefix / artifact.cached_filename
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def _get(self, url: str) -> bytes:
        response = self.session.get(url, timeout=30)
        if response.status_code == 404:
            raise LookupError(f"no such file: {url}")
        response.raise_for_status()
        return response.content


def jars(version: str = VERSION) -> list[Path]:
    """The jars of a server, from the cache; the first call for a version fetches them."""
    home = CACHE / version
    if not _cached(home):
        CACHE.mkdir(parents=True, exist_ok=True)
        with open(CACHE / f".{version}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _cached(home):  # else another process fetched them while this one waited
                _fetch(version, home)
    return _cached(home)


def _cached(home: Path) -> list[Path]:
    stamp = home / "jars.txt"
    paths = [home / line for line in stamp.read_text().splitlines()] if stamp.exists() else []
    return paths if all(path.exists() for path in paths) else []


def _fetch(version: str, home: Path) -> None:
    print(f"Fetching Neo4j {version} (about 150 MB, once) into {home} ...", file=sys.stderr, flush=True)
    part = home.with_name(f".{version}.part")
    for leftover in (home, part):
        shutil.rmtree(leftover, ignore_errors=True)
    context = MavenContext(resolver=_Resolver(), repo_cache=part)
    inputs, others = context.resolver.resolve([context.create_dependency(f"org.neo4j:neo4j:{version}")])
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda dependency: dependency.artifact.resolve(), inputs + others))
    (part / "jars.txt").write_text("".join(f"{path.relative_to(part)}\n" for path in paths))
    part.rename(home)
