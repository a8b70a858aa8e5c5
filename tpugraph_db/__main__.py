"""``python -m tpugraph_db`` is ``tpudb``."""

from tpugraph_db.cli import main

if __name__ == "__main__":
    main()
