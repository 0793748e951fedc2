"""How specific a concept is: its depth below the top of the hypernym graph, and how many concepts lie below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derivations.case_study.wordnet import Synset
from numerics.validation import InvalidInput


@dataclass(frozen=True)
class Place:
    """``shortest`` and ``longest`` way up to a concept without hypernym, in edges; ``below``: distinct concepts under it."""

    shortest: int
    longest: int
    below: int


def places(synsets: Mapping[int, Synset]) -> dict[int, Place]:
    """The place of every concept; several hypernyms, instances included, are several ways up. Raises ``InvalidInput`` on a cycle."""
    shortest, longest = dict[int, int](), dict[int, int]()
    above = dict[int, frozenset[int]]()
    for offset in _top_down(synsets):
        up = synsets[offset].hypernyms
        shortest[offset] = min((shortest[i] + 1 for i in up), default=0)
        longest[offset] = max((longest[i] + 1 for i in up), default=0)
        above[offset] = frozenset(up).union(*(above[i] for i in up))
    below = dict.fromkeys(synsets, 0)
    for ancestors in above.values():
        for ancestor in ancestors:
            below[ancestor] += 1
    return {offset: Place(shortest[offset], longest[offset], below[offset]) for offset in synsets}


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
