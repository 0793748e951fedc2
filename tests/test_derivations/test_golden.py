"""Every formula of every claim is printed as it was when somebody last looked at it."""

from __future__ import annotations

import pytest

from tests.test_derivations.golden import FOLDER, written
from theory.catalogue import catalogue

AGAIN = "look at the difference; if it reads better: python -m tests.test_derivations.golden --update"


@pytest.mark.parametrize("chapter", catalogue().chapters())
def test_formulas_are_printed_as_they_were(chapter: str) -> None:
    golden = (FOLDER / f"{chapter}.txt").read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(golden, written(chapter).splitlines(), strict=False) if old != new]
    assert changed == [], AGAIN
    assert golden == written(chapter).splitlines(), AGAIN


def test_there_is_a_golden_file_for_every_chapter_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(catalogue().chapters())
