// What the store holds, by collection and split.
//
// column collection                   collection
// column split                        split
// column graphs [graphs]              how many
// column ops [ops]                    of all of them together
// column largest [ops]                of the largest
// column edges [edges]                FEEDS and CALLED_BY together
// column configurable_ops [ops]       ops that a configuration sets
// column configs [configs]            configurations in the files
// column distinct_configs [configs]   those unlike every earlier one of their graph
// column measured [configs]           those with a measured runtime
MATCH (g:Graph)
WITH g.collection AS collection, g.split AS split, count(*) AS graphs,
     sum(g.ops) AS ops, max(g.ops) AS largest, sum(g.edges) AS edges, sum(g.configurable_ops) AS configurable_ops,
     sum(g.configs) AS configs, sum(g.distinct_configs) AS distinct_configs, sum(g.measured) AS measured
RETURN collection, split, graphs, ops, largest, edges, configurable_ops, configs, distinct_configs, measured
ORDER BY collection, split
