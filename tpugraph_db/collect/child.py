"""A process that compiles or measures a program on one core: ``python -m tpugraph_db.collect.child CORE SETTINGS``.

It reads requests and writes replies, a line of JSON each. What the program prints goes to stderr, which the parent
keeps in a file. When its stdin ends, so does the process: whoever asked is gone.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading

from tpugraph_db.collect.machine import pin
from tpugraph_db.errors import DataError


def main() -> None:
    """Serve until stdin ends."""
    pin(json.loads(sys.argv[1]))  # before jax is imported, which counts the cores then
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    requests = _requests()
    try:
        from tpugraph_db.collect.serve import Server

        server = Server(**json.loads(sys.argv[2]))
        while True:
            for reply in server.answer(json.loads(requests.get())):
                replies.write(json.dumps(reply) + "\n")
    except DataError as error:
        said = {key: getattr(error, key) for key in ("where", "key", "expected", "found", "cure")}
        replies.write(json.dumps({"error": said}) + "\n")


def _requests() -> queue.SimpleQueue[str]:
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True, name="requests").start()
    return lines


if __name__ == "__main__":
    main()
