"""Names and order of a statement's columns, which ArcadeDB's rows do not keep: read off the parsed statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tpugraph_db.stores.jvm import java

Column = tuple[str, str]
"""The name in a row, and the name people see."""


def columns(statement: Any) -> list[Column]:
    """Columns in order, as Neo4j has them; none for a statement that returns nothing."""
    if hasattr(statement, "getQueries"):  # a UNION: the names of its first part
        statement = statement.getQueries().get(0)
    returned = statement.getReturnClause()
    if returned is None:
        return [(name, name) for name in _standalone_call(statement)]
    found: list[Column] = []
    for item in returned.getReturnItems():
        found += [(name, name) for name in sorted(_scope(statement))] if item.isStar() else [_column(item)]
    return found


def _column(item: Any) -> Column:
    name = str(item.getOutputName())
    projection = java("com.arcadedb.query.opencypher.ast.MapProjectionExpression")
    if item.getAlias() is None and isinstance(item.getExpression(), projection):
        return name, str(item.getExpression().getVariableName())  # n {.a} is called n
    return name, name


def _scope(statement: Any) -> set[str]:
    """Variables that a RETURN * at the end returns."""
    names: set[str] = set()
    for entry in statement.getClausesInOrder():
        kind, clause = str(entry.getType()), entry.getClause()
        if kind == "WITH":
            kept = names if clause.isLetBinding() or any(item.isStar() for item in clause.getItems()) else set()
            names = kept | {str(item.getOutputName()) for item in clause.getItems() if not item.isStar()}
        else:
            names |= _declared(kind, clause)
    return names


def _declared(kind: str, clause: Any) -> set[str]:
    match kind:
        case "MATCH" | "CREATE":
            return {name for pattern in clause.getPathPatterns() for name in _pattern(pattern)}
        case "MERGE":
            return _pattern(clause.getPathPattern())
        case "UNWIND" | "LOAD_CSV":
            return {str(clause.getVariable())}
        case "CALL":
            return set(_yielded(clause))
        case "SUBQUERY":
            return {shown for _, shown in columns(clause.getInnerStatement())}
    return set()


def _pattern(pattern: Any) -> set[str]:
    internal = java("com.arcadedb.query.opencypher.InternalVariables").isInternal
    elements = [*pattern.getNodes(), *pattern.getRelationships()]
    names = [pattern.getPathVariable(), *(element.getVariable() for element in elements)]
    return {str(name) for name in names if name is not None and not internal(name)}


def _standalone_call(statement: Any) -> Iterable[str]:
    """``CALL db.labels()`` alone returns what the procedure yields."""
    clauses = list(statement.getClausesInOrder() or ())
    return _yielded(clauses[0].getClause()) if len(clauses) == 1 and str(clauses[0].getType()) == "CALL" else ()


def _yielded(call: Any) -> list[str]:
    if call.hasYield() and not call.isYieldAll():
        return [str(item.getOutputName()) for item in call.getYieldItems()]
    registry = java("com.arcadedb.query.opencypher.procedures.CypherProcedureRegistry")
    procedure = registry.get(call.getProcedureName())
    return [str(name) for name in procedure.getYieldFields()] if procedure else []
