// How fast the configurations are that give an op each of its layouts, among the configurations that are nodes: where
// to look, no proof, since the choices of one op go along with those of others.
//
// parameter graph: string    the graph's id
// parameter op: int = null   index of a configurable op; null: every one
//
// column op                  index
// column opcode              HLO opcode
// column choice              output, input, kernel layout
// column configs [configs]   how many have it
// column best                smallest slowdown among them; 1 = the fastest of the graph
// column median              lower median of their slowdowns
// column worst               largest
MATCH (g:Graph {id: $graph})
MATCH (c:Config {graph: g.id}) WHERE c.slowdown IS NOT NULL
// codes are long lists: read once a configuration, not once an op too
WITH g, collect({codes: c.codes, slowdown: c.slowdown}) AS configs
MATCH (o:Op {graph: g.id}) WHERE o.slot IS NOT NULL AND ($op IS NULL OR o.index = $op)
WITH configs, o.index AS op, o.opcode AS opcode, o.slot AS slot, o.choices AS choices
UNWIND configs AS c
WITH op, opcode, choices[c.codes[slot]] AS choice, c.slowdown AS slowdown
WITH op, opcode, choice, count(*) AS configs, min(slowdown) AS best, percentileDisc(slowdown, 0.5) AS median,
     max(slowdown) AS worst
RETURN op, opcode, choice, configs, best, median, worst
ORDER BY op, median, choice
