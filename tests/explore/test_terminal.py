"""The command in a real pseudo-terminal."""

import signal

import pytest

from tests.explore.cast import CAST, STEPS, record
from tests.explore.driving import SAMPLE
from tests.explore.terminal import explore


def test_from_a_hot_spot_to_its_cause_in_under_ten_keys():
    """As docs/explore-cast.txt has it; ``python -m tests.explore.cast`` writes it anew."""
    assert len(STEPS) < 10
    assert record() == CAST.read_text(encoding="utf-8")


def test_small_without_colour_and_back_and_out():
    with explore(SAMPLE, NO_COLOR="1", TERM="xterm") as terminal:
        terminal.until(lambda text: "copies" in text)
        terminal.resize(20, 5)
        terminal.until(lambda text: "1 Graphs  2 Hot" in text and "dot" in text)
        terminal.resize(80, 24)
        terminal.until(lambda text: "copies" in text and "Quit" in text)
        terminal.send("down")
        terminal.until(lambda text: "▸ 47" in terminal.marked)
        terminal.send("y")
        terminal.until(lambda text: "copied" in text)
        terminal.send("q")
        terminal.child.expect_exact("\x1b[?1049l")
        terminal.child.wait()
        assert terminal.child.exitstatus == 0
    assert "\x1b]52;c;" in terminal.raw


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_the_terminal_as_it_was(number, code):
    with explore(SAMPLE) as terminal:
        terminal.until(lambda text: "opcode" in text)
        assert not terminal.child.getecho()
        terminal.child.kill(number)
        terminal.child.expect_exact("\x1b[?1049l")
        terminal.child.expect_exact("\x1b[?25h")
        terminal.child.wait()
        assert terminal.child.exitstatus == code
