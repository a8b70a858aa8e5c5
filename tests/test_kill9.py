"""The short form of the campaign in benchmarks/kill9.py: a kill of each kind on each engine."""

import pytest

from benchmarks.kill9 import ACTIONS, SMALL, Campaign
from tests.conftest import ENGINES, SERVERS, open_empty


@pytest.mark.parametrize("engine", ENGINES)
def test_kill_9(request, tmp_path, monkeypatch, engine):
    monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
    monkeypatch.setenv("TPUDB_HEAP", "1g")
    uri = str(tmp_path / "store")
    if engine in SERVERS:
        open_empty(engine, request, tmp_path).close()
        uri = request.getfixturevalue(SERVERS[engine]).uri
    campaign = Campaign(uri, tmp_path / "files", seed=7, sizes=SMALL)
    campaign.run(len(ACTIONS))
    assert campaign.faults == []
    assert sum(campaign.seen.values()) == len(ACTIONS)
