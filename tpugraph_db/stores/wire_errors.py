"""Errors on their way from a store's server: at the client's they are of the same class, and say the same."""

from __future__ import annotations

from typing import Any

from tpugraph_db import errors
from tpugraph_db.errors import StoreError, TpuGraphError


def to_message(error: TpuGraphError) -> dict[str, Any]:
    """Class, text and whatever else it knows (a position, a process)."""
    return {"kind": type(error).__name__, "text": str(error), "more": vars(error)}


def to_error(message: dict[str, Any]) -> TpuGraphError:
    """The error of a message."""
    kind = getattr(errors, message["kind"], StoreError)
    error: TpuGraphError = kind.__new__(kind, message["text"])
    error.args = (message["text"],)
    error.__dict__.update(message["more"])
    return error


def gone(location: str, process: int) -> StoreError:
    """Of a server that does not answer any more."""
    return StoreError(
        f"{location}: process {process}, which serves it, has ended or does not answer; say the same again: a change "
        "that was under way is there whole or not at all"
    )
