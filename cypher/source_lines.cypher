// What each source line became: ops, bytes of their outputs, and profiled time where there is any.
//
// parameter graph: string        the graph's id
// parameter top: int 0.. = 20    how many rows, the most bytes first
//
// column source_file             where the ops come from
// column source_line             line there
// column ops [ops]               how many
// column opcodes                 their HLO opcodes, sorted
// column bytes [bytes]           of their outputs together
// column measured_ns [ns]        profiled durations together; null where none was measured
MATCH (g:Graph {id: $graph})
MATCH (o:Op {graph: g.id}) WHERE o.source_file IS NOT NULL
WITH o ORDER BY o.opcode
WITH o.source_file AS source_file, o.source_line AS source_line, count(*) AS ops, collect(DISTINCT o.opcode) AS opcodes,
     sum(o.bytes) AS bytes, count(o.measured_ns) AS measured, sum(o.measured_ns) AS total
RETURN source_file, source_line, ops, opcodes, bytes, CASE WHEN measured > 0 THEN total END AS measured_ns
ORDER BY bytes DESC, source_file, source_line LIMIT $top
