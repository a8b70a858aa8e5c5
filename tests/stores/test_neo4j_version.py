import pytest

from tpugraph_db.errors import StoreError
from tpugraph_db.stores.neo4j_version import check_agent


@pytest.mark.parametrize("version", ["5.23.0", "5.26.30", "5.27-aura", "5.100.1", "2025.01.0", "2026.09.0", "6.0.0"])
def test_new_enough(version):
    check_agent(f"Neo4j/{version}", "bolt://host")


@pytest.mark.parametrize("version", ["3.5.35", "4.4.38", "5.0.0", "5.3.9", "5.22.0"])
def test_too_old(version):
    with pytest.raises(StoreError) as caught:
        check_agent(f"Neo4j/{version}", "bolt://host")
    expected = f"bolt://host: server: expected Neo4j 5.23 or newer, found Neo4j/{version}; upgrade it"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        ("Neo4j/v5.11.0 compatible graph database server - Memgraph", "Neo4j/v5.11.0 compatible graph"),
        ("Memgraph/2.18", "Memgraph/2.18"),
        ("Neo4j/", "Neo4j/"),
        ("neo4j 5.26", "neo4j 5.26"),
        ("", "none that says its name"),
    ],
)
def test_another_product(agent, found):
    with pytest.raises(StoreError) as caught:
        check_agent(agent, "bolt://host")
    assert f"expected Neo4j 5.23 or newer, found {found}" in str(caught.value)
    assert str(caught.value).endswith("; choose another server, or an embedded store")
