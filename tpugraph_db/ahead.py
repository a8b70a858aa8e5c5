"""Work done in threads beside its caller: Java, the network and zlib leave Python free meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice, repeat
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(work: Callable[[T], R], items: Iterable[T], jobs: int = 1) -> Iterator[R]:
    """``work`` of each item, in order; up to ``jobs`` are under way while the caller is busy with the one before.

    >>> list(ahead(len, ["a", "bc", ""]))
    [1, 2, 0]
    """
    with ThreadPoolExecutor(jobs) as makers:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(makers.submit(work, item))
            if len(waiting) > jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def fetched(items: Iterator[T]) -> Iterator[T]:
    """The same items, the next one fetched while the caller is busy.

    >>> list(fetched(iter("abc")))
    ['a', 'b', 'c']
    """
    for item in ahead(lambda _: [*islice(items, 1)], repeat(None)):
        if not item:
            return
        yield item[0]
