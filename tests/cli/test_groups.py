"""hot --group and stats --by have one list of groups, which is that of analytics."""

from __future__ import annotations

from tpugraph_db.analytics.groups import GROUPS
from tpugraph_db.cli.hot import hot_command
from tpugraph_db.cli.stats import stats_command


def choices(command, name):
    (option,) = [one for one in command.params if one.name == name]
    return tuple(option.type.choices)


def test_one_list_of_groups():
    assert choices(hot_command, "group") == choices(stats_command, "by") == GROUPS
