"""Every law of the project: the modules under ``theory.laws``, each of which defines one ``CLAIM``.

A `Catalogue` refuses a claim with parts missing, and knows what follows from what.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from theory import laws
from theory.claims import Claim
from theory.kernel import Domain


class CatalogueError(ValueError):
    """A claim that the catalogue refuses, and why."""


class Catalogue:
    """All claims, in an order in which every claim follows the ones it is derived from."""

    def __init__(self, claims: tuple[Claim, ...] = ()) -> None:
        self._claims: dict[str, Claim] = {}
        for claim in claims:
            self._admit(claim)
        self._order = self._sorted()

    def _admit(self, claim: Claim) -> None:
        if claim.id in self._claims:
            raise CatalogueError(f"duplicate claim id {claim.id!r}")
        if not claim.hypotheses:
            raise CatalogueError(f"claim {claim.id!r} has no hypotheses: nothing holds without any")
        if len({h.id for h in claim.hypotheses}) < len(claim.hypotheses):
            raise CatalogueError(f"claim {claim.id!r} has two hypotheses of one id")
        for hypothesis in claim.hypotheses:
            if hypothesis.content == Domain() and hypothesis.witness is None:
                raise CatalogueError(
                    f"hypothesis {hypothesis.id!r} of claim {claim.id!r} has neither formal content nor a witness: nothing depends on it"
                )
        ranges = [(atom, box) for h in claim.hypotheses for atom, box in h.content.ranges.items()]
        if any(atom == other and box != its for atom, box in ranges for other, its in ranges):
            raise CatalogueError(f"claim {claim.id!r} has hypotheses that give one variable two ranges")
        if not claim.evidence.strip():
            raise CatalogueError(f"claim {claim.id!r} names no evidence")
        self._claims[claim.id] = claim

    def _sorted(self) -> tuple[str, ...]:
        order: list[str] = []
        path: list[str] = []

        def visit(name: str, wanted_by: str) -> None:
            if name not in self._claims:
                raise CatalogueError(f"claim {wanted_by!r} is derived from unknown claim {name!r}")
            if name in path:
                raise CatalogueError(f"circular derivation: {' -> '.join([*path[path.index(name) :], name])}")
            if name in order:
                return
            path.append(name)
            for lemma in self._claims[name].derived_from:
                visit(lemma, name)
            path.pop()
            order.append(name)

        for name in self._claims:
            visit(name, name)
        return tuple(order)

    def __iter__(self) -> Iterator[Claim]:
        return (self._claims[name] for name in self._order)

    def __len__(self) -> int:
        return len(self._claims)

    def __contains__(self, name: object) -> bool:
        return name in self._claims

    def __getitem__(self, name: str) -> Claim:
        """The claim with this id (or THEORY label, such as ``B2``); raises `KeyError` with near misses."""
        for claim in self._claims.values():
            if name in (claim.id, claim.label):
                return claim
        near = get_close_matches(name, [*self._claims, *(claim.label for claim in self._claims.values())])
        raise KeyError(f"{name}; perhaps {', '.join(near)}" if near else name)

    def chapters(self) -> tuple[str, ...]:
        """Chapters in order of first appearance."""
        return tuple(dict.fromkeys(claim.chapter for claim in self))

    def graph(self) -> str:
        """The dependency graph, one claim a line, each after what it is derived from."""
        return "\n".join(
            f"{c.id}" + (f"  <-  {', '.join(c.derived_from)}" if c.derived_from else "") for c in self
        )

    def dot(self) -> str:
        """The dependency graph in Graphviz' language."""
        edges = [f'  "{lemma}" -> "{c.id}";' for c in self for lemma in c.derived_from]
        nodes = [f'  "{c.id}" [label="{c.label}\\n{c.id}"];' for c in self]
        return "\n".join(["digraph claims {", "  rankdir=LR;", *nodes, *edges, "}"])


def law_modules() -> tuple[str, ...]:
    """Names of the law modules, in the order of their chapters and files."""
    found = []
    for chapter in pkgutil.iter_modules(laws.__path__):
        package = importlib.import_module(f"theory.laws.{chapter.name}")
        found += [f"{package.__name__}.{law.name}" for law in pkgutil.iter_modules(package.__path__)]
    return tuple(found)


@cache
def catalogue() -> Catalogue:
    """All claims; raises `theory.claims.CatalogueError` if they do not fit together."""
    claims: list[Claim] = [importlib.import_module(name).CLAIM for name in law_modules()]
    return Catalogue(tuple(sorted(claims, key=lambda c: (_CHAPTERS.get(c.chapter, 9), _natural(c.label)))))


def _natural(label: str) -> tuple[tuple[str, int], ...]:
    """B2 before B10, B8 before B8a."""
    return tuple((letters, int(digits or 0)) for letters, digits in re.findall(r"(\D*)(\d*)", label))


_CHAPTERS = {"geometry": 0, "dynamics": 1, "imprint": 2, "calibration": 3}
