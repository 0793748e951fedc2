"""Whether a figure of the story shows what holds: points within what the laws allow, and laws that are proved."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from derivations.figures.names import FIGURES, LAWS
from derivations.ledger.inputs import digest, lemmas, reached, sources
from theory.catalogue import catalogue
from theory.claims import is_proved


def module(name: str) -> str:
    """Where the figure is made."""
    return f"derivations.figures.story.{name.replace('-', '_')}"


@cache
def fallen(name: str) -> tuple[str, ...]:
    """Labels of the laws that a figure draws, and of those that they rest on, which the kernel does not prove."""
    claims = catalogue()
    needed = set[str]().union(*(lemmas(claims, label) for label in LAWS[name]))
    return tuple(claim.label for claim in claims if claim.id in needed and not is_proved(claim))


def outside(found: Any) -> tuple[int, int]:
    """How many points of a figure's data are beyond what the laws allow, and how many there are."""
    inside = [bool(x) for curve in found.compared for x in curve.inside]
    return len(inside) - sum(inside), len(inside)


def complaint(found: Any, without: tuple[str, ...] = ()) -> str:
    """What is wrong with a figure, in words: points beyond their bounds, laws ``without`` a proof; empty if nothing is."""
    beyond, points = outside(found)
    said = [f"{beyond} of {points} points are beyond what is allowed"] if beyond else []
    said += [f"{', '.join(without)} {'is' if len(without) == 1 else 'are'} not proved"] if without else []
    return "; ".join(said)


@cache
def made_of(name: str) -> str:
    """SHA-256 of the sources that a figure is made by, in hexadecimal."""
    files = {found: digest(found) for found in sorted(reached((module(name), "derivations.figures.render")))}
    drawn = [sources(catalogue()[label].id, catalogue()) for label in LAWS[name]]
    return hashlib.sha256(json.dumps([FIGURES[name], files, drawn]).encode()).hexdigest()
