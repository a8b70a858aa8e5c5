// The ops that come from a source file, a line of it, or a layer of the model; only graphs read from HLO say it.
//
// parameter source_file: string = null    the end of the file's path; null: every one
// parameter source_line: int 1.. = null   line there; null: every one
// parameter op_name: string = null        a part of the framework's name: attention; null: every one
// parameter graph: string = null          only this graph; null: all
// parameter top: int 0.. = 100            how many rows
//
// column graph                            the graph's id
// column op                               index
// column name                             HLO name
// column opcode                           HLO opcode
// column shape                            output as HLO prints it
// column op_name                          the framework's name of it
// column source_file                      where it comes from
// column source_line                      line there
MATCH (g:Graph) WHERE ($graph IS NULL OR g.id = $graph) AND g.module IS NOT NULL // HLO, which alone says it
CALL (g) {
  MATCH (o:Op {graph: g.id})
  WHERE ($source_file IS NULL OR o.source_file ENDS WITH $source_file)
    AND ($source_line IS NULL OR o.source_line = $source_line)
    AND ($op_name IS NULL OR o.op_name CONTAINS $op_name)
    AND (o.op_name IS NOT NULL OR o.source_file IS NOT NULL)
  RETURN o ORDER BY o.index LIMIT $top
}
RETURN g.id AS graph, o.index AS op, o.name AS name, o.opcode AS opcode, o.shape AS shape, o.op_name AS op_name,
       o.source_file AS source_file, o.source_line AS source_line
ORDER BY graph, op LIMIT $top
