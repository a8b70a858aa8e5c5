"""Lists, maps, null, CASE, text, numbers."""

from tests.stores.cases.case import DIAMOND, Case

LISTS = [
    Case(
        "range",
        "RETURN range(1, 5), range(0, 10, 5), range(3, 1, -1), range(2, 1)",
        "range(1, 5)|range(0, 10, 5)|range(3, 1, -1)|range(2, 1)",
        [([1, 2, 3, 4, 5], [0, 5, 10], [3, 2, 1], [])],
    ),
    Case(
        "slices",
        "WITH [1, 2, 3, 4] AS l RETURN l[0], l[-1], l[9], l[1..3], l[..-1], l[2..]",
        "l[0]|l[-1]|l[9]|l[1..3]|l[..-1]|l[2..]",
        [(1, 4, None, [2, 3], [1, 2, 3], [3, 4])],
    ),
    Case(
        "comprehensions",
        "RETURN [x IN range(1, 6) WHERE x % 2 = 0 | x * x] AS squares, [x IN [1, 2] | null] AS nulls",
        "squares|nulls",
        [([4, 16, 36], [None, None])],
    ),
    Case("reduce", "RETURN reduce(total = 0, x IN [1, 2, 3] | total + x) AS total", "total", [(6,)]),
    Case(
        "head, last, tail, reverse, size",
        "WITH [1, 2, 3] AS l RETURN head(l), last(l), tail(l), reverse(l), size(l)",
        "head(l)|last(l)|tail(l)|reverse(l)|size(l)",
        [(1, 3, [2, 3], [3, 2, 1], 3)],
    ),
    Case("together", "RETURN [1] + [2, 3] + 4 AS l, [[1], [2]] + [[3]] AS m", "l|m", [([1, 2, 3, 4], [[1], [2], [3]])]),
    Case(
        "all, any, none, single",
        "WITH [1, 2, 3] AS l RETURN all(x IN l WHERE x > 0) AS a, any(x IN l WHERE x > 2) AS b, "
        "none(x IN l WHERE x > 3) AS c, single(x IN l WHERE x > 1) AS d",
        "a|b|c|d",
        [(True, True, True, False)],
    ),
    Case(
        "membership",
        "RETURN 2 IN [1, 2], 5 IN [1, 2], 5 IN [1, null], null IN [], [1] IN [[1]]",
        "2 IN [1, 2]|5 IN [1, 2]|5 IN [1, null]|null IN []|[1] IN [[1]]",
        [(True, False, None, False, True)],
    ),
    Case("UNWIND in UNWIND", "UNWIND [[1, 2], [], [3]] AS l UNWIND l AS x RETURN x", "x", [(1,), (2,), (3,)]),
    Case("UNWIND of null is no row", "UNWIND null AS x RETURN x", "x", []),
    Case(
        "a list property",
        "MATCH (p:Person) WHERE 'fr' IN p.langs RETURN p.name, p.langs[0], size(p.langs)",
        "p.name|p.langs[0]|size(p.langs)",
        [("Ada", "en", 2)],
    ),
    Case("an empty list property", "MATCH (p:Boss) RETURN p.langs, size(p.langs)", "p.langs|size(p.langs)", [([], 0)]),
    Case(
        "choices of a configuration",
        "MATCH (c:Config {graph: $g, index: 1}) MATCH (o:Op {graph: $g}) WHERE o.is_configurable "
        "RETURN o.slot, o.choices[c.codes[o.slot]] AS choice ORDER BY o.slot",
        "o.slot|choice",
        [(0, "{0,1} - -"), (1, "- {0,1} -")],
        {"g": DIAMOND},
        ordered=True,
    ),
]

MAPS = [
    Case("a literal", "RETURN {a: 1, b: {c: [null]}} AS m", "m", [({"a": 1, "b": {"c": [None]}},)]),
    Case(
        "access",
        "WITH {a: 1, `b c`: 2} AS m RETURN m.a, m['b c'], m.nothing, size(keys(m))",
        "m.a|m['b c']|m.nothing|size(keys(m))",
        [(1, 2, None, 2)],
    ),
    Case(
        "a projection",
        "MATCH (c:City {name: 'Rome'}) RETURN c {.name, big: c.people > 1000000} AS city",
        "city",
        [({"name": "Rome", "big": True},)],
    ),
    Case("a projection without a name", "MATCH (c:City {name: 'Rome'}) RETURN c {.name}", "c", [({"name": "Rome"},)]),
    Case(
        "a projection of all",
        "MATCH (d:Person {name: 'Dee'}) RETURN d {.*, x: 1} AS m",
        "m",
        [({"name": "Dee", "x": 1},)],
    ),
    Case(
        "properties of a node",
        "MATCH (c:City {name: 'Oslo'}) RETURN properties(c) AS m",
        "m",
        [({"name": "Oslo", "people": 700000},)],
    ),
    Case(
        "a list of maps",
        "UNWIND [{k: 'a', v: 1}, {k: 'b', v: 2}] AS x RETURN x.k, x.v",
        "x.k|x.v",
        [("a", 1), ("b", 2)],
    ),
    Case(
        "collected maps",
        "MATCH (c:City) WITH c ORDER BY c.name RETURN collect({city: c.name}) AS m",
        "m",
        [([{"city": "Oslo"}, {"city": "Rome"}],)],
    ),
]

NULLS = [
    Case(
        "comparison with null",
        "RETURN null = null, null <> 1, null IS NULL, 1 IS NOT NULL",
        "null = null|null <> 1|null IS NULL|1 IS NOT NULL",
        [(None, None, True, True)],
    ),
    Case(
        "three-valued logic",
        "RETURN true AND null AS a, false AND null AS b, true OR null AS c, NOT null AS d, null XOR true AS e",
        "a|b|c|d|e",
        [(None, False, True, None, None)],
    ),
    Case(
        "arithmetic with null",
        "RETURN 1 + null AS a, null + 'x' AS b, [1] + null AS c, size(null) AS d",
        "a|b|c|d",
        [(None, None, None, None)],
    ),
    Case("WHERE takes only true", "UNWIND [true, false, null] AS x WITH x WHERE x RETURN count(*)", "count(*)", [(1,)]),
    Case(
        "an absent property is null",
        "MATCH (d:Person {name: 'Dee'}) RETURN d.born, d.born > 1, coalesce(d.born, 0)",
        "d.born|d.born > 1|coalesce(d.born, 0)",
        [(None, None, 0)],
    ),
    Case(
        "an absent property is not unequal",
        "MATCH (p:Person) WHERE p.born <> 1815 RETURN p.name",
        "p.name",
        [("Bob",), ("Cy",)],
    ),
    Case("where there is none", "MATCH (p:Person) WHERE p.height IS NULL RETURN p.name", "p.name", [("Cy",), ("Dee",)]),
    Case("null sorts last", "UNWIND [2, null, 1] AS x RETURN x ORDER BY x", "x", [(1,), (2,), (None,)], ordered=True),
    Case(
        "and first downwards",
        "UNWIND [2, null, 1] AS x RETURN x ORDER BY x DESC",
        "x",
        [(None,), (2,), (1,)],
        ordered=True,
    ),
    Case(
        "null as a parameter",
        "RETURN $x IS NULL AS nothing, coalesce($x, 'else') AS y",
        "nothing|y",
        [(True, "else")],
        {"x": None},
    ),
    Case(
        "a map with null",
        "MATCH (g:Graph {name: 'chain'}) RETURN g.best_ns, g.configs",
        "g.best_ns|g.configs",
        [(None, 0)],
    ),
]

VALUES = [
    Case(
        "CASE of conditions",
        "UNWIND [1, 5, null] AS x RETURN CASE WHEN x > 3 THEN 'many' WHEN x > 0 THEN 'few' ELSE 'none' END AS n",
        "n",
        [("few",), ("many",), ("none",)],
        ordered=True,
    ),
    Case(
        "CASE of values",
        "UNWIND ['a', 'z'] AS x RETURN CASE x WHEN 'a' THEN 1 ELSE 0 END AS n, CASE x WHEN 'q' THEN 1 END AS m",
        "n|m",
        [(1, None), (0, None)],
        ordered=True,
    ),
    Case(
        "text in parts",
        "RETURN split('a,b,,c', ',') AS a, substring('hello', 1, 3) AS b, left('hello', 2) AS c, "
        "right('hello', 2) AS d",
        "a|b|c|d",
        [(["a", "b", "", "c"], "ell", "he", "lo")],
    ),
    Case(
        "text anew",
        "RETURN toUpper('aé') AS a, toLower('ÀB') AS b, trim('  x ') AS c, replace('aXbX', 'X', '-') "
        "AS d, reverse('abc') AS e",
        "a|b|c|d|e",
        [("AÉ", "àb", "x", "a-b-", "cba")],
    ),
    Case(
        "text compared",
        "RETURN 'fusion.1' STARTS WITH 'fus' AS a, 'abc' ENDS WITH 'bc' AS b, 'abc' CONTAINS 'B' AS "
        "c, 'abc' =~ 'a.*' AS d, "
        "'abc' =~ 'b' AS e",
        "a|b|c|d|e",
        [(True, True, False, True, False)],
    ),
    Case(
        "text and numbers",
        "RETURN toString(1) + 'x' AS a, toInteger('42') AS b, toFloat('1.5') AS c, toInteger('x') AS "
        "d, toInteger(2.9) AS e",
        "a|b|c|d|e",
        [("1x", 42, 1.5, None, 2)],
    ),
    Case("size of text is in characters", "RETURN size('日本語') AS n, '日本' + '語' AS s", "n|s", [(3, "日本語")]),
    Case(
        "escapes",
        r"RETURN 'it\'s' AS a, " + '"say \\"x\\""' + r" AS b, 'tab\tline\n' AS c, 'back\\slash' AS d, '\u00e9' AS e",
        "a|b|c|d|e",
        [("it's", 'say "x"', "tab\tline\n", "back\\slash", "é")],
    ),
    Case(
        "arithmetic",
        "RETURN 7 / 2 AS a, 7.0 / 2 AS b, -7 / 2 AS c, 7 % 3 AS d, -7 % 3 AS e, 2 ^ 3 AS f",
        "a|b|c|d|e|f",
        [(3, 3.5, -3, 1, -1, 8.0)],
    ),
    Case(
        "functions of numbers",
        "RETURN abs(-2) AS a, round(2.5) AS b, floor(-1.5) AS c, ceil(1.2) AS d, sign(-3) AS e, sqrt(16) AS f",
        "a|b|c|d|e|f",
        [(2, 3.0, -2.0, 2.0, -1, 4.0)],
    ),
    Case(
        "integers of 64 bits",
        "RETURN 9007199254740993 + 0 AS a, 9223372036854775807 AS b, -9223372036854775808 AS c",
        "a|b|c",
        [(9007199254740993, 9223372036854775807, -9223372036854775808)],
    ),
    Case(
        "comparison across kinds",
        "RETURN 1 = 1.0 AS a, 1 < 1.5 AS b, 'a' < 'b' AS c, [1, 2] = [1, 2] AS d, {a: 1} = {a: 1} AS e, 1 = 'x' AS f",
        "a|b|c|d|e|f",
        [(True, True, True, True, True, False)],
    ),
    Case(
        "parameters",
        "RETURN $n + 1 AS a, $s + '!' AS b, $l[1] AS c, $m.k AS d, $f AS e, $t AS f",
        "a|b|c|d|e|f",
        [(2**53 + 2, "q'\"`!", "y", [True], 0.1, False)],
        {"n": 2**53 + 1, "s": "q'\"`", "l": ["x", "y"], "m": {"k": [True]}, "f": 0.1, "t": False},
    ),
    Case(
        "a parameter as a list of keys",
        "MATCH (o:Op {graph: $g}) WHERE o.index IN $at RETURN o.opcode",
        "o.opcode",
        [("dot",), ("add",)],
        {"g": DIAMOND, "at": [2, 3]},
    ),
    Case(
        "labels and types",
        "MATCH (p:Boss)-[r]->(c:City) RETURN size(labels(p)) AS n, labels(c) AS l, type(r) AS t",
        "n|l|t",
        [(2, ["City"], "LIVES_IN")],
    ),
    Case(
        "dates",
        "WITH date('2024-02-28') AS d RETURN toString(d + duration('P2D')) AS a, d.year AS y, "
        "duration.between(d, date('2024-03-01')).days AS n",
        "a|y|n",
        [("2024-03-01", 2024, 2)],
    ),
]
