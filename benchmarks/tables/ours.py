"""This project: `numerics.lookup.embeddings.train_lookup`, on all cores where a batch is more than a pair."""

from __future__ import annotations

from benchmarks.contest import Contender, Prepared
from benchmarks.tables.setting import Result, Setting
from numerics.lookup.embeddings import train_lookup

NAME = "normlaw"


def contender(setting: Setting, threads: int | None = None) -> Contender:
    """``threads``: None for one a core."""
    return Contender(NAME, lambda: _prepare(setting, threads))


def _prepare(setting: Setting, threads: int | None) -> Prepared:
    text, settings = setting.text, setting.settings()

    def run() -> Result:
        found = train_lookup([text.ids], text.counts, settings, threads=threads)
        return Result(found.word.rows[0], found.context.rows[0])

    return Prepared(run)
