"""One line of what the doctor says. See :mod:`tpugraph_db.doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]

_SHOWN = 5


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    check: str
    status: Status
    """``warn``: it works, and could be better; ``fail``: commands will not work."""
    found: str
    cure: str = ""


def listed(check: str, bad: Status, what: str, names: list[str], cure: str, *, well: str) -> Check:
    """A check that all is well, or that names some of the things for which it is not."""
    if not names:
        return Check(check, "ok", well)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return Check(check, bad, f"{len(names)} {what}: {', '.join(names[:_SHOWN])}{more}", cure)


def size(count: float) -> str:
    """Bytes as people read them: ``1.5 MB``."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.1f} {unit}" if unit != "bytes" else f"{count:.0f} bytes"
        count /= 1000
    return f"{count:.1f} TB"
