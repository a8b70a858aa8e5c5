"""Doorway to the command line from a checkout: ``python cli.py`` is ``tpudb``."""

from tpugraph_db.cli import main

main()
