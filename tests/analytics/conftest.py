"""Fixtures of analytics."""

from __future__ import annotations

import pytest

from tpugraph_db.formats import read


@pytest.fixture
def hlo(tmp_path):
    """A program of one computation from its lines."""

    def read_lines(*lines):
        path = tmp_path / "m.hlo"
        path.write_text("HloModule m\n\nENTRY main {\n" + "\n".join(f"  {line}" for line in lines) + "\n}\n")
        return read(path)

    return read_lines
