"""configs, sensitivity, why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, output_options
from tpugraph_db.cli.subject import subject, write_top
from tpugraph_db.cli.terminal import say

if TYPE_CHECKING:
    from tpugraph_db.analytics.sensitivity import Sensitivity
    from tpugraph_db.analytics.why import Why
    from tpugraph_db.record import GraphRecord


@click.command("configs")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("--top", "count", type=click.IntRange(0), default=10, show_default=True, help="Rows to list.")
@click.option("--op", metavar="OP", help="The layouts that this op (index or name) was given, instead.")
@db_option
@output_options
def configs_command(
    graph: str, count: int, op: str | None, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """The fastest measured configurations of a graph, and the ops that each sets otherwise than the compiler does.

    Where the source does not say which configuration is the compiler's own, they are compared with the best.
    """
    with subject(graph, uri) as (record, _):
        from tpugraph_db.analytics.configs import configs, op_choices

        result = configs(record, count) if op is None else op_choices(record, op, count)
        note = _compared(record, op)
    out.write_rows(result, format_, output)
    if result.truncated:
        say(f"{result.truncated}; --top lists more")
    say(note)


@click.command("sensitivity")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Ops to list.")
@click.option(
    "--permutations",
    type=click.IntRange(99),
    default=9_999,
    show_default=True,
    help="Of the test: the least p is 1/that.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of what is drawn at random.")
@db_option
@output_options
def sensitivity_command(
    graph: str,
    count: int,
    permutations: int,
    seed: int,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> None:
    """Which configurable op matters: how much measured runtime moves with its layout.

    Share is of the variance of log runtime what is the op's own, low to high its 95 % interval; p (Holm) and q
    (Benjamini-Hochberg) are of a permutation test. Alone and eta2 do not take the other ops into account. Ops whose
    layouts were chosen together are a group, and have its figures. Best is the layout that is most surely fast.
    """
    with subject(graph, uri) as (record, _):
        from tpugraph_db.analytics.sensitivity import sensitivity

        found = sensitivity(record, permutations=permutations, seed=seed)
        result = found.top(count)
    write_top(result, format_, output)
    for line in _sensitivity_notes(found):
        say(line)


@click.command("why")
@click.argument("graph", metavar="GRAPH|FILE")
@click.option("--config", "config", required=True, metavar="I", help="A number, best, worst, median or default.")
@click.option("--vs", "vs", required=True, metavar="J", help="What it is compared with, likewise.")
@click.option("-n", "count", type=click.IntRange(0), default=20, show_default=True, help="Ops to list.")
@db_option
@output_options
def why_command(
    graph: str, config: str, vs: str, count: int, uri: str | None, format_: str | None, output: Path | None
) -> None:
    """Why configuration I is slower or faster than J: the ops whose layout differs, by what each adds.

    A model of the other measured configurations says what each adds; log_ratio sums up to explained, and with
    unexplained to measured. Low to high are 95 % intervals.
    """
    with subject(graph, uri) as (record, _):
        from tpugraph_db.analytics.why import why

        found = why(record, config, vs)
        result = found.top(count)
    out.write_rows(result, format_, output)
    for line in _why_notes(found):
        say(line)


def _compared(record: GraphRecord, op: str | None) -> str:
    from tpugraph_db.analytics.configs import base_of
    from tpugraph_db.configurations import LayoutConfigurations

    base, what = base_of(record)
    if op is not None:
        return f"measured: effect in percent, against {'the default' if what == 'the default' else 'the mean'}"
    if not isinstance(record.configurations, LayoutConfigurations):
        return "measured"
    return f"measured; differs from configuration {base}, {what}"


def _sensitivity_notes(found: Sensitivity) -> list[str]:
    """Of how much the figures are, what they are against, and how much of it all ops together say."""
    base = "the mean" if found.observed.default is None else "the default"
    groups = sum(len(factor.slots) > 1 for factor in found.factors)
    lines = [f"measured: {len(found.observed):,} distinct configurations; best_effect in percent, against {base}"]
    if found.constant:
        lines.append(f"configurable ops with one layout throughout, left out: {found.constant:,}")
    if groups:
        lines.append(
            f"groups of ops whose layouts were chosen together, so that what is whose cannot be told: {groups:,}"
        )
    predicted = max(found.model.explained, 0)
    lines.append(f"all ops together predict {100 * predicted:.0f} % of the variance of configurations left out")
    return lines


def _why_notes(found: Why) -> list[str]:
    import math

    ratio = math.exp(found.measured)
    side = "slower" if ratio >= 1 else "faster"
    lines = [f"configuration {found.config} is {100 * abs(ratio - 1):.3g} % {side} than {found.vs}"]
    unknown = sum(math.isnan(of) for of in found.log_ratios)
    if unknown:
        lines.append(
            f"choices that stand in no other configuration, unexplained: {unknown:,} of {len(found.factors):,}"
        )
    predicted = max(found.model.explained, 0)
    learned = f"learned of {found.fitted:,} other configurations"
    lines.append(f"{learned}: predicts {100 * predicted:.0f} % of the variance of those left out")
    return lines
