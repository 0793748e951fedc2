"""The chapters as lecture notes: every law once, after what it is derived from, and prose that can be set."""

from __future__ import annotations

import importlib
import re

import pytest

from derivations.lecture import recorded
from derivations.terminal.plain_math import plain_prose
from theory.catalogue import catalogue

CHAPTERS = ("geometry", "dynamics", "imprint", "calibration")


def test_every_chapter_has_its_notes() -> None:
    assert catalogue().chapters() == CHAPTERS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_notes_have_every_law_of_the_chapter_once_and_after_its_lemmas(chapter: str) -> None:
    sections = recorded(importlib.import_module(f"derivations.{chapter}").SECTIONS)
    told = [catalogue()[label].id for section in sections for label in section.laws]
    assert sorted(told) == sorted(claim.id for claim in catalogue() if claim.chapter == chapter)
    for place, name in enumerate(told):
        own = [lemma for lemma in catalogue()[name].derived_from if catalogue()[lemma].chapter == chapter]
        assert [lemma for lemma in own if lemma not in told[:place]] == [], name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_law_is_told_of_before_it_is_put(chapter: str) -> None:
    for section in recorded(importlib.import_module(f"derivations.{chapter}").SECTIONS):
        kinds = [kind for kind, _ in section.entries]
        assert all(before == "say" for before, kind in zip([None, *kinds], kinds, strict=False) if kind == "law"), section.title
        for words in (what for kind, what in section.entries if kind == "say"):
            assert words.count("$") % 2 == 0
            assert "\\" not in plain_prose(words), words
            assert not re.search(r"\b(proved|verified|refuted)\b", words), "verdicts are computed"
