"""A small invented WordNet in the format of the real one, and an encoder that is a function of the text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

LICENCE = "  1 An invented WordNet, for tests  \n"
# name: (group, words with lex_ids, pointers as (symbol, name), gloss). A mermaid has two ways up, Oslo is an instance.
CONCEPTS = {
    "entity": (3, [("entity", 0)], [], "whatever is"),
    "thing": (17, [("thing", 0)], [("@", "entity")], 'a solid thing; "hold that thing"'),
    "animal": (5, [("animal", 0), ("Beast", 0)], [("@", "thing")], "what moves by itself; and eats"),
    "fish": (5, [("fish", 0)], [("@", "animal"), ("~", "mermaid")], "an animal with fins"),
    "woman": (18, [("woman", 0)], [("@", "entity")], "a grown person"),
    "mermaid": (18, [("mermaid", 0), ("sea_maid", 1)], [("@", "fish"), ("@", "woman")], 'half fish; "the mermaid sang"; "she swam"'),
    "town": (15, [("town", 0)], [("@", "thing")], "many houses"),
    "Oslo": (15, [("Oslo", 0)], [("@i", "town")], "a town in the north"),
    "dish": (13, [("fish", 10)], [("@", "thing")], "fish on a plate"),
}
LEMMAS = {
    "animal": ["animal"], "beast": ["animal"], "entity": ["entity"], "fish": ["fish", "dish"], "mermaid": ["mermaid"],
    "oslo": ["Oslo"], "sea_maid": ["mermaid"], "thing": ["thing"], "town": ["town"], "woman": ["woman"],
}  # fmt: skip
TAGGED = {
    "fish%1:05:00::": (1, 7), "fish%1:13:10::": (2, 3), "beast%1:05:00::": (1, 2), "animal%1:05:00::": (1, 9),
    "run%2:38:00::": (1, 99),
}  # fmt: skip


def _line(name: str, place: Mapping[str, int]) -> str:
    group, words, pointers, gloss = CONCEPTS[name]
    spelled = " ".join(f"{word} {number:x}" for word, number in words)
    to = "".join(f"{symbol} {place[target]:08d} n 0000 " for symbol, target in pointers)
    return f"{place[name]:08d} {group:02d} n {len(words):02x} {spelled} {len(pointers):03d} {to}| {gloss}  \n"


def offsets() -> dict[str, int]:
    """Where each concept's line begins."""
    at, place = len(LICENCE), dict.fromkeys(CONCEPTS, 0)
    for name in CONCEPTS:
        length = len(_line(name, place))  # offsets have a fixed number of digits
        place[name], at = at, at + length
    return place


def write(folder: Path) -> Path:
    """The three files."""
    place = offsets()
    data = LICENCE + "".join(_line(name, place) for name in CONCEPTS)
    index = LICENCE
    for lemma, names in LEMMAS.items():
        index += f"{lemma} n {len(names)} 1 @ {len(names)} 0 {' '.join(f'{place[name]:08d}' for name in names)}  \n"
    counts = "".join(f"{key} {number} {count}\n" for key, (number, count) in TAGGED.items())
    for name, text in (("data.noun", data), ("index.noun", index), ("cntlist.rev", counts)):
        (folder / name).write_bytes(text.encode())
    return folder


class Hashing:
    """Random directions by a hash of the text and the weights, whose length falls with the number of words; counts its calls."""

    name, dimension = "hashing", 8

    def __init__(self) -> None:
        self.variant, self.calls = "", 0

    def tokens(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([len(text.split()) for text in texts], dtype=np.int64)

    def fingerprint(self, variant: str, seed: int) -> str:
        return f"hashing/{variant}/{seed}"

    def use(self, variant: str, seed: int) -> None:
        self.variant = self.fingerprint(variant, seed)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.calls += 1
        return np.array([self._row(text) for text in texts], dtype=np.float32)

    def _row(self, text: str) -> np.ndarray:
        digest = hashlib.sha256(f"{self.variant}/{text}".encode()).digest()
        row = np.random.Generator(np.random.Philox(int.from_bytes(digest[:8], "big"))).standard_normal(self.dimension)
        return row / len(text.split())
