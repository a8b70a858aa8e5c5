"""The command line ``tpudb``: a thin layer over the library. Data goes to stdout, everything else to stderr.

Nothing heavy is imported here or at the top of a command's file, so that ``tpudb --help`` is instant.
"""

from __future__ import annotations

import sys

import click

from tpugraph_db import __version__
from tpugraph_db.cli.collect import collect_command
from tpugraph_db.cli.configs import configs_command, sensitivity_command, why_command
from tpugraph_db.cli.diff import diff_command
from tpugraph_db.cli.doctor import doctor_command
from tpugraph_db.cli.draw import draw_command
from tpugraph_db.cli.evaluate import eval_command
from tpugraph_db.cli.explore import explore_command
from tpugraph_db.cli.export import export_command
from tpugraph_db.cli.graphs import info_command, ls_command, rm_command, schema_command
from tpugraph_db.cli.hot import blocks_command, hot_command
from tpugraph_db.cli.load import load_command
from tpugraph_db.cli.machine import machine_group
from tpugraph_db.cli.match import match_command
from tpugraph_db.cli.nx import nx_command
from tpugraph_db.cli.path import near_command, path_command
from tpugraph_db.cli.predict import predict_command
from tpugraph_db.cli.query import queries_command, query_command
from tpugraph_db.cli.roofline import roofline_command
from tpugraph_db.cli.run import run
from tpugraph_db.cli.scores import scores_command
from tpugraph_db.cli.serve import serve_command
from tpugraph_db.cli.shell import shell_command
from tpugraph_db.cli.signals import listen
from tpugraph_db.cli.stats import stats_command
from tpugraph_db.cli.submit import submit_command
from tpugraph_db.cli.train import train_command

__all__ = ["main", "tpudb"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="tpudb")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def tpudb(debug: bool) -> None:
    """Ask questions of XLA computational graphs.

    Load TpuGraphs files and HLO into a graph database, query them in Cypher, train models, write their ranks back.

    \b
      tpudb load npz/ model.hlo       files and folders into the store
      tpudb query 'MATCH ...'         Cypher; or a named query: tpudb query -n hubs
      tpudb shell                     the same at a prompt that completes; and patterns
      tpudb hot model.hlo             where the cost sits; so path, blocks, roofline, near
      tpudb explore model.hlo         the same on the whole screen, with arrow keys
      tpudb match 'dot -> add'        a pattern of ops; or one with a name: tpudb match softmax
      tpudb why GRAPH --config default --vs best
                                      which layouts make one configuration slower than another
      tpudb train -o gcn/             a network learns to order configurations
      tpudb eval --model gcn/         how well, beside what it must beat
      tpudb predict --all --write     ranks, on the nodes

    The store is --db, else TPUDB_DB, else NEO4J_URI, else an embedded one in your data folder.

    Exit codes: 0 ok, 1 query or data, 2 usage, 3 store unreachable, 4 a gate failed, 130 interrupted, 143 terminated.
    """


for command in (
    load_command,
    ls_command,
    info_command,
    rm_command,
    export_command,
    schema_command,
    query_command,
    queries_command,
    shell_command,
    match_command,
    explore_command,
    hot_command,
    path_command,
    near_command,
    blocks_command,
    stats_command,
    nx_command,
    draw_command,
    diff_command,
    roofline_command,
    configs_command,
    sensitivity_command,
    why_command,
    machine_group,
    train_command,
    eval_command,
    predict_command,
    scores_command,
    submit_command,
    collect_command,
    serve_command,
    doctor_command,
):
    tpudb.add_command(command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    listen()
    sys.exit(run(tpudb, sys.argv[1:]))
