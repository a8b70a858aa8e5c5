import json

import numpy as np
import pytest

from examples import readme

FACTS = {
    "date": "2026-11-25",
    "settings": {"configs": 200, "runs": 2, "rounds": 100},
    "machine": {
        "backend": "cpu",
        "processor": "P",
        "machine": "x86_64",
        "cores": 2,
        "affinity": 1,
        "system": "Linux",
        "jax": "1",
        "jaxlib": "2",
    },
    "executables": 3,
    "repeat_tau": 0.9,
    "best": {"ratio": 0.95, "low": 0.94, "high": 0.96, "configuration": 1},
}


@pytest.fixture
def put(tmp_path):
    def write(split, name, runtimes=(2_000_000, 1_000_000, 4_000_000, 4_000_000), **facts):
        (tmp_path / split).mkdir(exist_ok=True)
        text = json.dumps(FACTS | facts)
        np.savez(
            tmp_path / split / f"{name}.npz",
            node_opcode=np.zeros(7, np.uint8),
            node_config_ids=np.arange(2),
            config_runtime=np.array(runtimes),
            collected=np.frombuffer(text.encode(), np.uint8),
        )

    return write


def test_a_line_a_program(put, tmp_path):
    put("valid", "b")
    put("train", "a", best=None)
    readme.write_readme(tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("# Layouts measured on a CPU\n\n2 JAX programs")
    assert "Measured 2026-11-25 on cpu: P (x86_64, 2 cores, 1 used), Linux, jax 1, jaxlib 2." in text
    assert "Each of 2 runs is a process on one core: 100 rounds" in text
    lines = [line for line in text.splitlines() if line.startswith(("| a ", "| b "))]
    assert lines == [
        "| a | train | 7 | 2 | 4 | 3 | 1.000 | 2.000 | 4.000 | - | 0.900 | 0.575 |",
        "| b | valid | 7 | 2 | 4 | 3 | 1.000 | 2.000 | 4.000 | 0.950 (0.940-0.960) | 0.900 | 0.575 |",
    ]
    assert text.endswith("since repeat_tau is under 0.8 or spread under 0.03: none.\n")


def test_who_is_no_judge_is_listed(put, tmp_path):
    put("train", "noisy", repeat_tau=0.79)
    put("train", "alike", runtimes=(100, 101, 102))
    put("train", "unordered", repeat_tau=None)
    put("train", "good")
    readme.write_readme(tmp_path)
    assert (tmp_path / "README.md").read_text().endswith(": alike, noisy, unordered.\n")


def test_nothing_measured_is_no_page(tmp_path):
    readme.write_readme(tmp_path)
    assert list(tmp_path.iterdir()) == []
