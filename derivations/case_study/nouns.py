"""The texts of the study and what is known of each: noun lemmas and the glosses of noun concepts.

A lemma is one row, whatever its number of senses: the encoder sees its text alone. Depth and group are those
of its most frequent sense (WordNet's first); frequency is how often any of its noun senses was tagged in the semantic
concordances; polysemy is the number of its noun senses. A gloss is one row: the definition without examples, since these may
say the word itself. Its frequency sums over the words of the concept, its polysemy is their mean number of senses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.hypernyms import depths
from derivations.case_study.wordnet import Synset, WordNet, sense_keys

Column = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True)
class Texts:
    """What is embedded, one row each, with the columns of its covariates."""

    name: str
    texts: tuple[str, ...]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Study:
    """Both sets of texts, and for the lemmas (by row) the rows of the glosses of their senses and the numbers of these, from 1
    for the most frequent. Glosses of one text ("a genus of protoctist") are all right where one of them is."""

    lemmas: Texts
    glosses: Texts
    relevant: tuple[tuple[tuple[int, int], ...], ...]


def study(wordnet: WordNet, *, limit: int | None = None, seed: int = 0) -> Study:
    """All nouns, or ``limit`` lemmas drawn without replacement and at most ``limit`` of the concepts that these name (so that most are
    answered; concepts with many words are drawn more often), in WordNet's order."""
    rng = np.random.Generator(np.random.Philox(seed))
    names = _drawn(rng, list(wordnet.lemmas), limit)
    named = {offset for name in names for offset in wordnet.lemmas[name]} if limit is not None else wordnet.synsets.keys()
    offsets = _drawn(rng, [offset for offset in wordnet.synsets if offset in named], limit)
    deep = depths(wordnet.synsets)
    rows: dict[str, list[int]] = {}
    for i, offset in enumerate(offsets):
        rows.setdefault(wordnet.synsets[offset].definition, []).append(i)
    relevant = tuple(_answers([wordnet.synsets[o].definition for o in wordnet.lemmas[name]], rows) for name in names)
    return Study(_lemmas(wordnet, names, deep), _glosses(wordnet, offsets, deep), relevant)


def _answers(definitions: Sequence[str], rows: Mapping[str, Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Rows with one of these definitions, each once, and the number of the sense, from 1."""
    found: dict[int, int] = {}
    for number, text in enumerate(definitions, 1):
        for row in rows.get(text, ()):
            found.setdefault(row, number)
    return tuple(found.items())


def _drawn(rng: np.random.Generator, items: list[Any], limit: int | None) -> list[Any]:
    if limit is None or limit >= len(items):
        return items
    return [items[i] for i in np.sort(rng.choice(len(items), limit, replace=False))]


def _lemmas(wordnet: WordNet, names: Sequence[str], deep: Mapping[int, int]) -> Texts:
    first = [wordnet.synsets[wordnet.lemmas[name][0]] for name in names]
    frequency = [
        sum(wordnet.tagged.get(key, 0) for offset in wordnet.lemmas[name] for key in sense_keys(wordnet.synsets[offset], name))
        for name in names
    ]
    polysemy = [float(len(wordnet.lemmas[name])) for name in names]
    texts = [_spelled(synset, name).replace("_", " ") for synset, name in zip(first, names, strict=True)]
    return _texts("lemmas", texts, first, deep, frequency, polysemy)


def _glosses(wordnet: WordNet, offsets: Sequence[int], deep: Mapping[int, int]) -> Texts:
    synsets = [wordnet.synsets[offset] for offset in offsets]
    frequency = [sum(wordnet.tagged.get(key, 0) for key in set(synset.senses)) for synset in synsets]
    polysemy = [float(np.mean([len(wordnet.lemmas.get(word.lower(), (0,))) for word in synset.words])) for synset in synsets]
    return _texts("glosses", [s.definition for s in synsets], synsets, deep, frequency, polysemy)


def _texts(
    name: str, texts: Sequence[str], synsets: Sequence[Synset], deep: Mapping[int, int], frequency: Sequence[int],
    polysemy: Sequence[float],
) -> Texts:  # fmt: skip
    # every column of numbers is a covariate of the audit: one for each thing that is asked, under a name that says its role
    columns: dict[str, Column] = {
        "synset": [f"{synset.offset:08d}n" for synset in synsets],  # not a number: nothing is measured against it
        "group": [synset.group for synset in synsets],
        "instance": [int(synset.instance) for synset in synsets],
        "depth": [deep[synset.offset] for synset in synsets],
        "frequency": frequency,
        "polysemy": polysemy,
        "characters": [len(text) for text in texts],
        "words": [len(text.split()) for text in texts],
    }
    return Texts(name, tuple(texts), columns)


def _spelled(synset: Synset, lemma: str) -> str:
    """A lemma as the authors spell it in this concept: with its capitals."""
    return next((word for word in synset.words if word.lower() == lemma), lemma)
