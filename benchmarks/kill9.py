"""kill -9 at random instants of load, load --replace, predict --write and rm; then everything is looked over.

``python -m benchmarks.kill9 [--times 50] [--seed 0] [--db URI]``. After each kill every graph that was acknowledged,
and was not being replaced or removed, must be whole and equal to its file; no half graph may be seen; payload and
database must agree; and the next load must finish what was begun. Exit 4 where one does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import neo4j
import numpy as np

import tpugraph_db
from benchmarks.synthetic import make
from tpugraph_db.database import Database
from tpugraph_db.formats import npz
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.record import GraphRecord

ACTIONS = ("load", "replace", "predict", "rm")
SIZES = (300, 2_000, 300, 45_000, 300, 2_000)
"""Ops of each graph; the largest takes several transactions on Neo4j."""
SMALL = (300, 3_000, 300)

COUNTS = """
MATCH (g:Graph)
OPTIONAL MATCH (o:Op {graph: g.id})
WITH g, count(o) AS ops, count(o.cost) AS costs, sum(o.index) AS sum
OPTIONAL MATCH (:Op {graph: g.id})-[e:FEEDS|CALLED_BY]->(:Op)
WITH g, ops, costs, sum, count(e) AS edges
OPTIONAL MATCH (c:Config)-[:OF]->(g)
WITH g, ops, costs, sum, edges, count(c) AS configs
OPTIONAL MATCH (p:Prediction {model: "cost"})-[:FOR]->(g)
RETURN g.id AS id, g.ops AS said_ops, ops, g.edges AS said_edges, edges, configs, sum, costs, count(p) AS predictions,
       max(p.nodes) AS nodes, g.payload AS payload
"""
SCORES = "MATCH (p:Prediction) WHERE p.scores IS NOT NULL RETURN p.graph, p.model, p.scores"
ORPHANS = "MATCH (n) WHERE n:Op OR n:Config OR n:Prediction RETURN DISTINCT n.graph AS graph"


class Numbered:
    """Scores configurations in the order of their numbers, each time otherwise, so that each writes another file."""

    name, version, shown = "numbered", "1", ()

    def predict(self, record: GraphRecord) -> Prediction:
        """Score and rank of every configuration."""
        ranks = np.arange(len(record.configurations))
        return Prediction(self.name, "1", configs={"numbered_score": ranks + time.time(), "numbered_rank": ranks})


def write_files(folder: Path, sizes: Sequence[int]) -> None:
    """The graphs of a campaign, twice: ``a``, and ``b`` with other configurations under the same names."""
    for version in "ab":
        for number, ops in enumerate(sizes):
            record = make(f"g{number}", ops, 20, seed=number + 100 * (version == "b"))
            (folder / version).mkdir(parents=True, exist_ok=True)
            npz.write(record, folder / version / f"g{number}.npz")


def work(db: Database, action: str, folder: Path) -> None:
    """What is killed: says each graph as soon as it is acknowledged."""
    if action in ("load", "replace"):
        db.load([folder], replace=action == "replace", on_outcome=lambda outcome: print(outcome.graph, flush=True))
    elif action == "predict":
        db.predict(write=True)
        db.predict(write=True, model=Numbered())
    else:
        for graph, *_ in db.graphs():
            db.remove([graph])


def look(db: Database, files: dict[str, list[Path]]) -> dict[str, list[str]]:
    """The graphs that are there, and what is wrong."""
    faults: list[str] = []
    rows = db.query(COUNTS).to_dicts()
    for row in rows:
        faults += [f"{row['id']}: {fault}" for fault in _faults(db, row, files)]
    seen = {row["id"] for row in rows}
    kept = db.query(SCORES).rows
    for graph, model, _ in kept:
        ranks = db.scores(graph, model)["numbered_rank"].tolist()
        faults += [f"{graph}: scores are not right: {ranks}"] * (ranks != list(range(20)))
    half = {row[0] for row in db.query(ORPHANS)} - seen
    marked = {row[0] for row in db.query("MATCH (l:Load) RETURN l.id")}
    faults += [f"{graph}: nodes without a Graph" for graph in half - marked]
    if db.store.engine == "arcadedb":
        faults += [f"{graph}: half a graph after opening" for graph in half | marked]
        stored = {path.name for path in db.store.payload_folder.glob("*")}
        faults += [
            f"payload {name} belongs to none"
            for name in stored - {row["payload"] for row in rows} - {row[2] for row in kept}
        ]
    return {"graphs": sorted(seen), "faults": faults}


def _faults(db: Database, row: dict[str, object], files: dict[str, list[Path]]) -> list[str]:
    record = db.record(str(row["id"]), verify=True)
    is_of_a_file = any(record == tpugraph_db.read(path) for path in files[record.name])
    checks = {
        "ops": row["ops"] == row["said_ops"] == len(record),
        "edges": row["edges"] == row["said_edges"],
        "configurations": row["configs"] == 20,
        "indexes": row["sum"] == len(record) * (len(record) - 1) // 2,
        "file": is_of_a_file,
        "prediction": row["predictions"] == 0 or row["nodes"] is None or row["costs"] == row["nodes"] == len(record),
    }
    return [f"{name} are not right: {row}" for name, holds in checks.items() if not holds]


class Campaign:
    """One store, killed again and again."""

    def __init__(self, uri: str, folder: Path, seed: int, sizes: Sequence[int] = SIZES) -> None:
        self._uri, self._folder, self._random = uri, folder, random.Random(seed)
        self._sure: set[str] = set()
        self._longest: dict[str, float] = {}
        """Seconds that an action takes, at most."""
        self.faults: list[str] = []
        self.seen: Counter[str] = Counter()
        self._sizes = sizes
        write_files(folder, sizes)

    def run(self, times: int) -> None:
        """Kill so many times; a whole load after each."""
        started = time.monotonic()
        self._wait(self._child("load", "a"))
        self._longest = dict.fromkeys(ACTIONS, 1.2 * (time.monotonic() - started))
        for number in range(times):
            self._kill_once(number)

    def _kill_once(self, number: int) -> None:
        action = ACTIONS[number % len(ACTIONS)]
        version = self._random.choice("ab") if action == "replace" else "a"
        if action == "load":
            self._wait(self._child("rm", "a"))
            self._sure = set()
        child = self._child(action, version)
        ended = self._ends_within(child, action, self._random.uniform(0.5, self._longest[action]))
        child.kill()
        said = child.communicate()[0].split()
        _settle(self._uri)
        self.seen[f"{action}, {'ended before' if ended else 'killed'}"] += 1
        self._check(f"{number} {action}", "look", set(said) if action == "load" else set(), action)
        found = self._check(f"{number} next load", "finish", set(), "load")
        missing = {f"layout:local/none/g{n}" for n in range(len(self._sizes))} - found
        self.faults += [f"{number}: {graph} is not there after the next load" for graph in missing]
        self._sure = found

    def _ends_within(self, child: subprocess.Popen[str], action: str, seconds: float) -> bool:
        started = time.monotonic()
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self._longest[action] = time.monotonic() - started
        return True

    def _check(self, when: str, how: str, acknowledged: set[str], action: str) -> set[str]:
        found = json.loads(self._wait(self._child(how, "a")))
        lost = (acknowledged | (self._sure if action in ("load", "predict") else set())) - set(found["graphs"])
        self.faults += [f"{when}: {fault}" for fault in found["faults"]]
        self.faults += [f"{when}: {graph} was acknowledged and is gone" for graph in lost]
        return set(found["graphs"])

    def _child(self, action: str, version: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "benchmarks.kill9", "--child", action, "--db", self._uri]
        return subprocess.Popen([*command, "--files", str(self._folder / version)], stdout=subprocess.PIPE, text=True)

    def _wait(self, child: subprocess.Popen[str]) -> str:
        said = child.communicate()[0]
        if child.returncode:
            self.faults.append(f"{child.args}: exit {child.returncode}")
        return said


def _settle(uri: str) -> None:
    """Wait until a server has ended what the killed one asked for: a commit may be under way."""
    if "://" not in uri:
        return
    auth = (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(uri, auth=auth) as driver:
        while len(driver.execute_query("SHOW TRANSACTIONS YIELD transactionId").records) > 1:
            time.sleep(0.1)


def main() -> int:
    """Run a campaign, or be its child."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill9", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--db", default="")
    parser.add_argument("--child", choices=[*ACTIONS, "look", "finish"], help=argparse.SUPPRESS)
    parser.add_argument("--files", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        return _be_child(asked.child, asked.db, asked.files)
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(asked.db or f"{folder}/store", Path(folder) / "files", asked.seed)
        campaign.run(asked.times)
    print(json.dumps({"killed": dict(campaign.seen), "faults": campaign.faults}, indent=2))
    return 4 if campaign.faults else 0


def _be_child(action: str, uri: str, folder: Path) -> int:
    with tpugraph_db.open(uri) as db:
        if action == "finish":
            db.load([folder])
        if action in ("look", "finish"):
            names = {path.stem for path in folder.glob("*.npz")}
            files = {name: [folder.parent / version / f"{name}.npz" for version in "ab"] for name in names}
            print(json.dumps(look(db, files)))
        else:
            work(db, action, folder)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TPUDB_HEAP", "1g")
    sys.exit(main())
