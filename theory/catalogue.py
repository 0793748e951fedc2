"""Every law of the project: the modules under ``theory.laws``, each of which defines one ``CLAIM``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from theory import laws
from theory.claims import Catalogue, Claim


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
    return Catalogue(tuple(sorted(claims, key=lambda c: (_CHAPTERS.get(c.chapter, 9), c.label))))


_CHAPTERS = {"geometry": 0, "dynamics": 1, "imprint": 2, "calibration": 3}
