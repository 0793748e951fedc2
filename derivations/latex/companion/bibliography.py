r"""``normlaw.bib``: every reference of the claims as a BibTeX entry, from ``sources.bib`` beside this file.

A record names a work by its key. Of a work that is not in the file its record is the entry, which names authors (surnames), title
and, in its key, the year: venue and pages are not recorded, so none is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from derivations.latex.words import plain_latex
from theory.claims import Claim, Reference

_SURNAME = re.compile(r"(?:(?:van|von|den|der|de|la) )*[A-Z][\w'-]*")
_OTHERS = " et al."
_ENTRY = re.compile(r"^@\w+\{(\S+),\n(?:  .*\n)*\}\n", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A reference taken apart: ``authors`` are surnames, the last may be "others"; ``year`` may be empty."""

    key: str
    authors: tuple[str, ...]
    title: str
    year: str


def source(reference: Reference) -> Source:
    """Authors are the words before the first part that is no surname; the year stands in the key."""
    parts = reference.words.rstrip(".").split(", ")
    authors = list[str]()
    while len(parts) > 1 and _SURNAME.fullmatch(parts[0].removesuffix(_OTHERS)):
        name = parts.pop(0)
        authors += [name.removesuffix(_OTHERS), "others"] if name.endswith(_OTHERS) else [name]
    year = re.search(r"\d{4}", reference.key)
    return Source(reference.key, tuple(authors), ", ".join(parts), year[0] if year else "")


def bibtex(claims: Iterable[Claim]) -> str:
    """Every reference once, by key; titles in braces, so that no style changes their letters."""
    return "\n".join(known().get(of.key) or entry(of) for of in sources(claims))


@cache
def known() -> dict[str, str]:
    """The entries of ``sources.bib`` by key."""
    text = files("derivations.latex.companion").joinpath("sources.bib").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in _ENTRY.finditer(text)}


def sources(claims: Iterable[Claim]) -> list[Source]:
    """Every reference once, by key."""
    found = {reference.key: source(reference) for claim in claims for reference in claim.references}
    return [found[key] for key in sorted(found)]


def entry(of: Source) -> str:
    """One entry."""
    names = " and ".join(name if name == "others" else f"{{{plain_latex(name)}}}" for name in of.authors)
    fields = {"author": names, "key": of.key, "title": f"{{{plain_latex(of.title)}}}", "year": of.year}
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{of.key},\n{rows}}}\n"
