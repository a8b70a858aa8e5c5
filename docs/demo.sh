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

data=examples/data/npz
graph=layout:cpu:random/test/decoder_gpt

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

say "1. Load: programs and their measured layouts, from files into the graph database"
run tpudb load "$data"

say "2. Ask in Cypher: where did layouts matter most?"
run tpudb query 'MATCH (g:Graph)
  RETURN g.id AS graph, g.ops AS ops, g.measured AS measured, round(g.best_ns / 1e6, 2) AS best_ms,
         round(1.0 * g.worst_ns / g.best_ns, 2) AS worst_over_best, round(g.repeat_tau, 2) AS repeat_tau
  ORDER BY worst_over_best DESC LIMIT 5'

say "What reads a dot, in all programs?"
run tpudb query 'MATCH (d:Op {opcode: "dot"})-[:FEEDS]->(o:Op)
  RETURN o.opcode AS fed_by_dot, count(*) AS times, count(DISTINCT o.graph) AS graphs
  ORDER BY times DESC, fed_by_dot LIMIT 5'

say "Which lines of one program became the most bytes?"
run tpudb query -n source_lines -p graph="$graph" -p top=5

say "Which layouts of its ops went with fast configurations?"
run tpudb query -n choice_slowdowns -p graph="$graph" --limit 8

say "3. Predict: a cost and a rank for every op, written back as node properties"
run tpudb predict --all --write --top 0
run tpudb query 'MATCH (o:Op {graph: $graph})
  RETURN o.index AS op, o.opcode AS opcode, o.op_name AS op_name, o.source_line AS line,
         o.cost_rank AS rank, round(o.cost_share, 3) AS share
  ORDER BY rank DESC LIMIT 5' -p graph="$graph"

say "4. Learn: a graph convolution network orders the configurations of the training programs"
run tpudb train --model gcn --epochs 8 -o "$room/gcn"

say "5. Predict with it: the configurations of programs that it has not seen, best first, written back"
run tpudb predict --where 'g.split = "test"' --model "$room/gcn" --write --top 0

say "6. Read its ranks by Cypher, beside what was measured"
run tpudb query 'MATCH (c:Config)-[:OF]->(:Graph {id: $graph})
  RETURN c.index AS config, c.gcn_rank AS predicted_rank, c.rank AS measured_rank, round(c.slowdown, 3) AS slowdown
  ORDER BY predicted_rank, config LIMIT 5' -p graph="$graph"
run tpudb query 'MATCH (o:Op) RETURN count(*) AS ops, count(o.cost_rank) AS ranked, count(o.gcn_rank) AS by_gcn'
