#!/usr/bin/env bash
# The main job, command by command: files into a graph database, questions in Cypher, ranks written back.
# "demo.sh" uses the embedded store, "demo.sh neo4j" a real Neo4j that it starts and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
room=$(mktemp -d)
trap 'finish' EXIT

finish() {
    [ "${server:-}" ] && python -m tests.neo4j_server stop --folder "$room/neo4j" >&2
    rm -rf "$room"
}

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

run() {
    printf '\n$'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_./:=-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$@"
}

data=${TPUDB_TEST_DATA:-../shared/data}/npz
if [ -d "$data" ]; then
    say "Data: real TpuGraphs files in $data"
    graph=unet3d
else
    python -m benchmarks.synthetic "$room"
    data=$room/npz
    say "Data: made-up graphs in TpuGraphs form (seed 0); the real files are not here"
    graph=made_up_0
fi

if [ "${1:-embedded}" = neo4j ]; then
    say "Store: a real Neo4j, started for this"
    server=yes
    python -m tests.neo4j_server start --folder "$room/neo4j" >"$room/environment"
    # shellcheck disable=SC1091
    . "$room/environment"
    export TPUDB_DB=$NEO4J_URI TPUDB_PAYLOAD=$room/payload
else
    say "Store: embedded, in a folder of its own"
    export TPUDB_DB=$room/store
fi

say "1. Load: files into the graph database"
run tpudb load "$data"

say "2. Ask: opcode patterns in Cypher"
run tpudb query 'MATCH (c:Op {opcode: "convolution"})-[:FEEDS]->(o:Op)
  RETURN o.opcode AS fed_by_convolution, count(*) AS times ORDER BY times DESC, fed_by_convolution' --limit 5
run tpudb query -n opcode_histogram -p graph="$graph" --limit 5
run tpudb query 'MATCH (g:Graph) WHERE g.measured > 0
  RETURN g.name AS graph, g.ops AS ops, g.best_ns AS best_ns, round(1.0 * g.worst_ns / g.best_ns, 2) AS worst_over_best
  ORDER BY graph'
run tpudb query -n configurable_ops -p graph="$graph" --limit 5

say "3. Predict: a cost and a rank for every op, written back as node properties"
run tpudb predict --all --write --top 1

say "4. Read the ranks by Cypher"
run tpudb query 'MATCH (o:Op) WHERE o.graph ENDS WITH $graph
  RETURN o.index AS op, o.opcode AS opcode, o.shape AS shape, o.cost_rank AS rank, o.cost_share AS share
  ORDER BY o.cost DESC, op LIMIT 5' -p graph="$graph"
run tpudb query 'MATCH (o:Op) RETURN count(*) AS ops, count(o.cost_rank) AS ranked'
