// The ops to which two layout configurations give different layouts, among the configurations that are nodes.
//
// parameter graph: string        the graph's id
// parameter first: int = null    number of a configuration; null: the fastest
// parameter second: int = null   number of another; null: the slowest
//
// column op                      index
// column opcode                  HLO opcode
// column shape                   output as HLO prints it
// column first_choice            output, input, kernel layout
// column second_choice           the same of the second
// column first                   number of the first configuration
// column second                  number of the second
// column first_ns [ns]           its measured runtime
// column second_ns [ns]          the same of the second
MATCH (g:Graph {id: $graph})
MATCH (c:Config {graph: g.id})
WITH g, c ORDER BY c.rank, c.index
WITH g, collect(CASE WHEN c.rank IS NOT NULL THEN c END) AS ranked, collect(c) AS configs
WITH g, CASE WHEN $first IS NULL THEN ranked[0] ELSE [c IN configs WHERE c.index = $first][0] END AS a,
     CASE WHEN $second IS NULL THEN ranked[-1] ELSE [c IN configs WHERE c.index = $second][0] END AS b
// codes are long lists: read once, not once an op
WITH g, a {.index, .codes, .runtime_ns} AS a, b {.index, .codes, .runtime_ns} AS b
MATCH (o:Op {graph: g.id}) WHERE o.slot IS NOT NULL AND a.codes[o.slot] <> b.codes[o.slot]
RETURN o.index AS op, o.opcode AS opcode, o.shape AS shape, o.choices[a.codes[o.slot]] AS first_choice,
       o.choices[b.codes[o.slot]] AS second_choice, a.index AS first, b.index AS second, a.runtime_ns AS first_ns,
       b.runtime_ns AS second_ns
ORDER BY op
