"""The noun files of WordNet (wndb(5WN), cntlist(5WN), senseidx(5WN)), read with every field checked.

Source: Fellbaum (ed.), WordNet: An Electronic Lexical Database, 1998; Princeton University, WordNet 3.0, 2006.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from numerics.validation import InvalidInput

# Lexicographer files 03 to 28, from lexnames(5WN): the coarse groups ("supersenses") of nouns.
_FIRST_GROUP = 3
_GROUPS = (
    "Tops", "act", "animal", "artifact", "attribute", "body", "cognition", "communication", "event", "feeling", "food", "group",
    "location", "motive", "object", "person", "phenomenon", "plant", "possession", "process", "quantity", "relation", "shape",
    "state", "substance", "time",
)  # fmt: skip
GROUPS = dict(enumerate(_GROUPS, start=_FIRST_GROUP))
HYPERNYM, INSTANCE = "@", "@i"
_COUNTS = ("cntlist.rev", "cntlist", "index.sense")  # any of them has the tag counts; the first that is there is read
_LICENCE = b"  "  # begins the lines of the licence at the top


@dataclass(frozen=True)
class Synset:
    """One noun concept. ``words`` as its authors spell them, ``senses`` their sense keys; ``definition`` without examples."""

    offset: int
    group: str
    words: tuple[str, ...]
    senses: tuple[str, ...]
    hypernyms: tuple[int, ...]
    instance: bool
    definition: str


@dataclass(frozen=True)
class WordNet:
    """All nouns: concepts by offset; the concepts of each lemma, most frequent first; how often each sense was tagged."""

    synsets: Mapping[int, Synset]
    lemmas: Mapping[str, tuple[int, ...]]
    tagged: Mapping[str, int]


def read_wordnet(folder: Path) -> WordNet:
    """The nouns of a folder with ``data.noun``, ``index.noun`` and the tag counts (``cntlist.rev``, ``cntlist`` or
    ``index.sense``). Raises ``InvalidInput`` with file, line and field where one is missing or not what its manual page says."""
    counts = next((folder / name for name in _COUNTS if (folder / name).is_file()), folder / _COUNTS[0])
    for path in (folder / "data.noun", folder / "index.noun", counts):
        if not path.is_file():
            raise InvalidInput(f"--wordnet = {str(folder)!r} has no file {path.name}; Debian's package wordnet-base has WordNet 3.0 in "
                               "/usr/share/wordnet")  # fmt: skip
    synsets = _synsets(folder / "data.noun")
    lemmas = _index(folder / "index.noun", synsets)
    return WordNet(synsets, lemmas, _tag_counts(counts))


def sense_keys(synset: Synset, lemma: str) -> Iterator[str]:
    """The sense keys under which this lemma names this concept: two where it is spelled in two ways."""
    return (key for key in synset.senses if key.partition("%")[0] == lemma)


class _Line:
    """The fields of one line, taken from the left; whatever is wrong is said with file and line."""

    def __init__(self, path: Path, number: int, text: str) -> None:
        self.fields, self.place, self.at = text.split(), f"{path.name} line {number}", 0

    def take(self, name: str) -> str:
        if self.at >= len(self.fields):
            raise InvalidInput(f"{self.place}: {name} is missing")
        self.at += 1
        return self.fields[self.at - 1]

    def number(self, name: str, base: int = 10, digits: int | None = None) -> int:
        text = self.take(name)
        if not (text.isascii() and text.isalnum()) or len(text) != (digits or len(text)):
            raise InvalidInput(f"{self.place}: {name} = {text[:40]!r} must be a number" + (f" of {digits} digits" if digits else ""))
        try:
            return int(text, base)
        except ValueError:
            raise InvalidInput(f"{self.place}: {name} = {text[:40]!r} must be a number in base {base}") from None

    def end(self) -> None:
        if self.at != len(self.fields):
            raise InvalidInput(f"{self.place}: {len(self.fields) - self.at} more fields than the counts in it say")


def _lines(path: Path) -> Iterator[tuple[int, int, str]]:
    """Number, byte offset and text of every line below the licence."""
    at, number = 0, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            start, at = at, at + len(line)
            if not line.endswith(b"\n"):
                raise InvalidInput(f"{path.name} line {number}: the file ends within a line; it was cut off")
            if line.startswith(_LICENCE):
                continue
            try:
                yield number, start, line.decode("utf-8")
            except UnicodeDecodeError:
                raise InvalidInput(f"{path.name} line {number}: must be UTF-8 text") from None
    if number == 0:
        raise InvalidInput(f"{path.name} is empty")


def _synsets(path: Path) -> dict[int, Synset]:
    found = {}
    for number, start, text in _lines(path):
        left, bar, gloss = text.partition("|")
        line = _Line(path, number, left)
        synset = _synset(line, gloss if bar else "")
        if synset.offset != start:  # as after a change of line ends, or a cut
            raise InvalidInput(f"{line.place}: synset_offset = {synset.offset:08d} must be the place of the line, byte {start}")
        found[synset.offset] = synset
    for synset in found.values():
        for above in synset.hypernyms:
            if above not in found:
                raise InvalidInput(f"{path.name}: hypernym {above:08d} of synset {synset.offset:08d} is not there")
    return found


def _synset(line: _Line, gloss: str) -> Synset:
    offset = line.number("synset_offset", digits=8)
    group = line.number("lex_filenum", digits=2)
    if group not in GROUPS:
        raise InvalidInput(f"{line.place}: lex_filenum = {group} must be between {min(GROUPS)} and {max(GROUPS)}, a file of nouns")
    if (kind := line.take("ss_type")) != "n":
        raise InvalidInput(f"{line.place}: ss_type = {kind[:40]!r} must be 'n', a noun")
    words, senses = [], []
    for _ in range(line.number("w_cnt", 16, 2)):
        words.append(line.take("word"))
        senses.append(f"{words[-1].lower()}%1:{group:02d}:{line.number('lex_id', 16):02d}::")
    above, instance = [], False
    for _ in range(line.number("p_cnt", digits=3)):
        symbol, target = line.take("pointer_symbol"), line.number("synset_offset of a pointer", digits=8)
        line.take("pos of a pointer"), line.number("source/target", 16, 4)
        if symbol in (HYPERNYM, INSTANCE):
            above.append(target)
            instance |= symbol == INSTANCE
    line.end()
    if not words or not gloss.strip():
        raise InvalidInput(f"{line.place}: a synset needs a word and a gloss")
    return Synset(offset, GROUPS[group], tuple(words), tuple(senses), tuple(above), instance, definition(gloss))


def definition(gloss: str) -> str:
    """A gloss without its examples, which begin with a quotation mark after a semicolon, and may say the word itself."""
    return gloss.split('; "')[0].strip().rstrip(";")


def _index(path: Path, synsets: Mapping[int, Synset]) -> dict[str, tuple[int, ...]]:
    lemmas = {}
    for number, _, text in _lines(path):
        line = _Line(path, number, text)
        lemma, kind = line.take("lemma"), line.take("pos")
        if kind != "n":
            raise InvalidInput(f"{line.place}: pos = {kind[:40]!r} must be 'n', a noun")
        senses = line.number("synset_cnt")
        for _ in range(line.number("p_cnt")):
            line.take("ptr_symbol")
        if (again := line.number("sense_cnt")) != senses or not senses:
            raise InvalidInput(f"{line.place}: sense_cnt = {again} must be synset_cnt = {senses}, and above 0")
        line.number("tagsense_cnt")
        offsets = tuple(line.number("synset_offset", digits=8) for _ in range(senses))
        line.end()
        for offset in offsets:
            if offset not in synsets or not any(sense_keys(synsets[offset], lemma)):
                raise InvalidInput(f"{line.place}: {lemma[:40]!r} has the synset {offset:08d}, which data.noun has not for it")
        lemmas[lemma] = offsets
    return lemmas


def _tag_counts(path: Path) -> dict[str, int]:
    """Counts by sense key, of nouns only: sense key, number and count; in ``cntlist`` the count comes first; in ``index.sense``
    an offset stands between."""
    tagged = {}
    for number, _, text in _lines(path):
        line = _Line(path, number, text)
        first = line.number("tag_cnt") if path.name == "cntlist" else 0
        key = line.take("sense_key")
        if "%" not in key:
            raise InvalidInput(f"{line.place}: sense_key = {key[:40]!r} must have a '%'")
        if path.name == "index.sense":
            line.number("synset_offset", digits=8)
        line.number("sense_number")
        count = first if path.name == "cntlist" else line.number("tag_cnt")
        line.end()
        if key.partition("%")[2].startswith("1:"):
            tagged[key] = count
    return tagged
