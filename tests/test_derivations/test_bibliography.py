"""The entries of the companion's bibliography: enough to find every source, and of the works that the records name."""

from __future__ import annotations

import re

import pytest

from derivations.latex.companion.bibliography import known, source
from theory.catalogue import catalogue

CITED = sorted({reference.key for claim in catalogue() for reference in claim.references})


@pytest.mark.parametrize("key", CITED)
def test_every_source_can_be_found_by_its_entry(key: str) -> None:
    fields = dict(re.findall(r"(?m)^  (\w+) = \{(.*)\},$", known()[key]))
    assert {"author", "title", "year"} <= fields.keys()
    assert {"doi", "eprint", "journal", "booktitle", "publisher"} & fields.keys()
    assert all(value.strip("{} ") for value in fields.values())
    year = re.search(r"\d{4}", key)
    assert year is None or fields["year"] == year[0]
    assert "eprint" not in fields or re.fullmatch(r"\d{4}\.\d{4,5}", fields["eprint"])
    assert known()[key].count("{") == known()[key].count("}")


def test_an_entry_is_of_the_work_that_the_record_names() -> None:
    records = {r.key: source(r) for claim in catalogue() for r in claim.references}
    assert set(known()) == set(CITED)
    for key, record in records.items():
        for name in record.authors:
            assert name == "others" or name in known()[key], key


@pytest.mark.parametrize("key", CITED)
def test_no_entry_gives_its_doi_twice(key: str) -> None:
    assert "doi.org" not in known()[key]
