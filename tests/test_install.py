"""The four ways of running: a wheel in a clean environment, an editable install, ``python cli.py``, ``pytest``."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "constraints.txt"


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own."""

    folder: Path

    def run(self, *words: object, cwd: Path, program: str = "python") -> str:
        """Run a program of it; its stdout."""
        command = [str(self.folder / "bin" / program), *map(str, words)]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, *words: object) -> None:
        """Run this interpreter's pip, which is the pinned one, for it."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.folder), "install", "--quiet", "-c", str(CONSTRAINTS)]
        done = subprocess.run([*pip, *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--build-constraint", str(CONSTRAINTS)]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """The wheel and what it needs, as ``pip install`` brings them."""
    environment = _environment(tmp_path_factory.mktemp("installed"))
    environment.install(wheel)
    return environment


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, installed: Environment) -> Callable[[str], Environment]:
    """Make an environment that has the same dependencies, but not the package."""

    def make(name: str) -> Environment:
        environment = _environment(tmp_path_factory.mktemp(name))
        dependencies = tmp_path_factory.mktemp("dependencies")
        for entry in installed.packages.iterdir():
            if not entry.name.startswith("tpugraph_db"):
                (dependencies / entry.name).symlink_to(entry)
        (environment.packages / "dependencies.pth").write_text(f"{dependencies}\n")
        return environment

    return make


def _environment(folder: Path) -> Environment:
    venv.create(folder, with_pip=False)
    return Environment(folder)


def test_wheel_holds_every_module_and_query(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {"tpugraph_db": "", "analytics": "analytics/", "models": "models/", "cypher": "cypher/"}
    for source, package in folders.items():
        wanted = [p for kind in ("*.py", "*.cypher", "*.toml", "py.typed") for p in (ROOT / source).rglob(kind)]
        assert wanted
        assert {f"tpugraph_db/{package}{path.relative_to(ROOT / source)}" for path in wanted} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tpugraph_db"}


def test_wheel_in_a_clean_environment(installed, literal_files, tmp_path):
    _use(installed, literal_files, tmp_path)
    where = installed.run("-c", "import tpugraph_db.models; print(tpugraph_db.models.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.packages)


def test_editable_install(beside, literal_files, tmp_path):
    environment = beside("editable")
    environment.install("--no-deps", "--build-constraint", CONSTRAINTS, "-e", ROOT)
    _use(environment, literal_files, tmp_path)
    where = environment.run("-c", "import tpugraph_db.models; print(tpugraph_db.models.__file__)", cwd=tmp_path)
    assert Path(where.strip()) == ROOT / "models" / "__init__.py"


@pytest.mark.parametrize("package", ["installed", "not installed"])
def test_doorway_in_the_checkout(beside, installed, literal_files, tmp_path, package):
    environment = installed if package == "installed" else beside("bare")
    store = tmp_path / "store"
    environment.run("cli.py", "load", literal_files, "--db", store, cwd=ROOT)
    rows = environment.run("cli.py", "query", "-n", "opcode_histogram", "--db", store, cwd=ROOT)
    assert "convolution" in rows


def test_pytest_in_the_checkout():
    program = Path(sys.executable).with_name("pytest")
    done = subprocess.run([program, "tests/test_layers.py"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def _use(environment: Environment, files: Path, folder: Path) -> None:
    """Load, query by name, and predict, from a folder that is not the checkout."""
    store = folder / "store"
    environment.run("load", files, "--db", store, cwd=folder, program="tpudb")
    rows = environment.run("query", "-n", "opcode_histogram", "--db", store, cwd=folder, program="tpudb")
    assert "convolution" in rows
    environment.run("predict", "--all", "--write", "--db", store, cwd=folder, program="tpudb")
