"""How specific a concept is: its depth below the top of the hypernym graph."""

from __future__ import annotations

from collections.abc import Mapping

from derivations.case_study.wordnet import Synset
from numerics.validation import InvalidInput


def depths(synsets: Mapping[int, Synset]) -> dict[int, int]:
    """The shortest way up from every concept to one without hypernym, in edges; several hypernyms, instances included, are several
    ways up. Raises ``InvalidInput`` on a cycle."""
    found = dict[int, int]()
    for offset in _top_down(synsets):
        found[offset] = min((found[i] + 1 for i in synsets[offset].hypernyms), default=0)
    return found


def _top_down(synsets: Mapping[int, Synset]) -> list[int]:
    """All concepts, each after all of its hypernyms."""
    waiting = {offset: len(set(synset.hypernyms)) for offset, synset in synsets.items()}
    under: dict[int, list[int]] = {offset: [] for offset in synsets}
    for offset, synset in synsets.items():
        for above in set(synset.hypernyms):
            under[above].append(offset)
    order = [offset for offset, left in waiting.items() if not left]
    for offset in order:  # grows while it is read
        for child in under[offset]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    if len(order) < len(synsets):
        stuck = min(offset for offset, left in waiting.items() if left)
        raise InvalidInput(f"data.noun: synset {stuck:08d} is above itself, or below one that is; hypernyms must have no cycle")
    return order
