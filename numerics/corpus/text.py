"""Text as a stream of words: read in pieces, tokenised, counted, encoded, in memory that does not grow."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numerics.validation import InvalidInput, integer

# A run of letters of any script, with inner apostrophes: don't, l'été. Digits and underscores separate.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST_WORD = 65_536
_MOST_DISTINCT = 1_000_000
_PIECE_BYTES = 1 << 18


@dataclass(frozen=True)
class Text:
    """A text that can be read again: a UTF-8 file, or the language reference that comes with Python.

    ``path`` None is the default: the topics of the Python language reference that the standard library
    carries for ``help()`` (``pydoc_data.topics``; about 64 000 words of English, other in each release).
    """

    path: Path | None = None

    @property
    def name(self) -> str:
        """What to call the text in a report."""
        return "the Python language reference (pydoc_data.topics)" if self.path is None else self.path.name

    def pieces(self, piece_bytes: int = _PIECE_BYTES) -> Iterator[str]:
        """The characters in order, in pieces of about ``piece_bytes`` bytes; no character is split.

        Raises ``InvalidInput`` for a path that is no readable regular file, or for bytes that are not UTF-8.
        """
        if self.path is None:
            text = _language_reference()
            return (text[i : i + piece_bytes] for i in range(0, len(text), piece_bytes))
        return _decoded(self.path, piece_bytes)


@dataclass(frozen=True)
class Vocabulary:
    """The kept words, most frequent first (ties in code-point order), and how often each occurs."""

    words: tuple[str, ...]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True)
class EncodedText:
    """The words of ``text`` as row numbers of ``vocabulary``, int32, in chunks; iterating reads it anew.

    Words outside the vocabulary are left out; ``limit``, where given, is the number of words to stop at.
    """

    text: Text
    vocabulary: Vocabulary
    chunk_size: int = 16_384
    limit: int | None = None

    def __iter__(self) -> Iterator[NDArray[np.int32]]:
        room = math.inf if self.limit is None else self.limit
        for chunk in encode(tokenise(self.text.pieces()), self.vocabulary, self.chunk_size):
            yield chunk if len(chunk) <= room else chunk[: int(room)]
            room -= len(chunk)
            if room <= 0:
                return


def tokenise(pieces: Iterable[str]) -> Iterator[list[str]]:
    """The lower-cased words of a text given in pieces, as lists; where the pieces end does not matter.

    A word is a run of letters (any script) with apostrophes inside; accents are expected composed (NFC).
    Raises ``InvalidInput`` for a word longer than 65 536 letters, which no text has.
    """
    carry = ""
    for piece in pieces:
        buffer = carry + piece
        found = [match.span() for match in _WORD.finditer(buffer)]
        carry = ""
        # The last word may go on in the next piece, also across an apostrophe: it waits.
        if found and buffer[found[-1][1] :] in ("", "'", "’"):
            carry = buffer[found.pop()[0] :]
        if len(carry) > _LONGEST_WORD or any(end - start > _LONGEST_WORD for start, end in found):
            raise InvalidInput(f"corpus holds a word of more than {_LONGEST_WORD} letters: this is no text")
        yield [_canonical(buffer[start:end]) for start, end in found]
    yield [_canonical(match.group()) for match in _WORD.finditer(carry)]


def count_words(
    text: Text,
    *,
    min_count: int = 5,
    max_size: int = 20_000,
    needed: int = 2,
    piece_bytes: int = _PIECE_BYTES,
    progress: Callable[[int], None] | None = None,
) -> Vocabulary:
    """The words that occur at least ``min_count`` times, the ``max_size`` most frequent of them.

    With more than a million distinct words in sight the rarest are dropped on the way (as word2vec does), so
    memory stays bounded; counts of words near the threshold may then be low. ``progress`` hears the number of
    words read so far. Raises ``InvalidInput`` when fewer than ``needed`` words are left, besides what
    ``Text.pieces`` and ``tokenise`` raise.
    """
    for name, value in (("min_count", min_count), ("max_size", max_size), ("piece_bytes", piece_bytes)):
        integer(name, value, 1)
    tally: Counter[str] = Counter()
    floor, read = 1, 0
    for words in tokenise(text.pieces(piece_bytes)):
        tally.update(words)
        read += len(words)
        while len(tally) > _MOST_DISTINCT:
            tally = Counter({word: n for word, n in tally.items() if n > floor})
            floor += 1
        if progress is not None:
            progress(read)
    kept = sorted((w for w, n in tally.items() if n >= min_count), key=lambda w: (-tally[w], w))[:max_size]
    if len(kept) < needed:
        raise InvalidInput(
            f"corpus {text.name} has {len(kept)} distinct words that occur at least {min_count} times"
            f" ({read} words in all); at least {needed} are needed"
        )
    counts = np.array([tally[word] for word in kept], dtype=np.int64)
    counts.setflags(write=False)
    return Vocabulary(tuple(kept), counts)


def encode(
    words: Iterable[list[str]], vocabulary: Vocabulary, chunk_size: int = 16_384
) -> Iterator[NDArray[np.int32]]:
    """Words as row numbers, in arrays of ``chunk_size`` (the last is shorter); other words are left out."""
    row = {word: i for i, word in enumerate(vocabulary.words)}
    waiting: list[int] = []
    for group in words:
        waiting.extend(row[word] for word in group if word in row)
        full = len(waiting) - len(waiting) % chunk_size
        for start in range(0, full, chunk_size):
            yield np.array(waiting[start : start + chunk_size], dtype=np.int32)
        del waiting[:full]
    if waiting:
        yield np.array(waiting, dtype=np.int32)


def _canonical(word: str) -> str:
    return word.lower().replace("’", "'")


def _language_reference() -> str:
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise InvalidInput(f"corpus: this Python has no pydoc_data.topics ({error}); name a file") from error
    return "\n\n".join(topics[name] for name in sorted(topics))


def _decoded(path: Path, piece_bytes: int) -> Iterator[str]:
    if path.is_dir():
        raise InvalidInput(f"corpus {path} is a directory; a UTF-8 text file is needed")
    if path.exists() and not path.is_file():
        raise InvalidInput(f"corpus {path} is not a regular file; it is read more than once")
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    try:
        with path.open("rb") as file:
            while True:
                block = file.read(piece_bytes)
                start = read - len(decoder.getstate()[0])  # bytes of an unfinished character come first
                yield decoder.decode(block, final=not block)
                read += len(block)
                if not block:
                    return
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"corpus {path} is not UTF-8: {error.reason} at byte {start + error.start}"
        ) from error
    except OSError as error:
        raise InvalidInput(f"corpus {path} cannot be read: {error.strerror or error}") from error
