"""Reading, tokenising, counting and encoding a text."""

from __future__ import annotations

import os
import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numerics.corpus import text as text_module
from numerics.corpus.text import EncodedText, Text, count_words, encode, tokenise
from numerics.validation import InvalidInput

ANY_TEXT = st.text(alphabet="aBzéßΣİñ中'’ -_7\n.", max_size=60) | st.text(max_size=40)


def words_of(*pieces: str) -> list[str]:
    return [word for group in tokenise(pieces) for word in group]


def write(folder: Path, content: str | bytes) -> Text:
    path = folder / "corpus.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Text(path)


def test_words_are_lower_cased_runs_of_letters_with_inner_apostrophes() -> None:
    assert words_of("Don't 'quote' l’Été snake_case x2y 中文 --") == [
        *("don't", "quote", "l'été", "snake", "case", "x", "y", "中文")
    ]


@settings(deadline=None)
@given(ANY_TEXT, st.lists(st.integers(0, 60), max_size=6))
@example("don't", [3, 4])
@example("ΣΑΣ", [1, 2])
def test_words_do_not_depend_on_where_the_pieces_end(content: str, cuts: list[int]) -> None:
    borders = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    assert words_of(*(content[a:b] for a, b in pairwise(borders))) == words_of(content)


@settings(deadline=None, max_examples=50)
@given(ANY_TEXT.filter(lambda t: max(t, default="") < "\ud800" or t.isprintable()), st.integers(1, 9))
@example("naïve 中文 words", 1)
def test_characters_are_not_split_where_a_block_of_bytes_ends(
    tmp_path_factory: pytest.TempPathFactory, content: str, block: int
) -> None:
    corpus = write(tmp_path_factory.mktemp("utf8"), content)
    assert "".join(corpus.pieces(block)) == content


def test_vocabulary_is_sorted_by_count_then_word_and_cut_at_its_size(tmp_path: Path) -> None:
    corpus = write(tmp_path, "b a c b a d e d d d")
    found = count_words(corpus, min_count=2, max_size=2)
    assert (found.words, found.counts.tolist()) == (("d", "a"), [4, 2])
    assert count_words(corpus, min_count=2).words == ("d", "a", "b")
    with pytest.raises(ValueError, match="read-only"):
        found.counts[0] = 1


def test_rare_words_are_dropped_when_too_many_are_in_sight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "_MOST_DISTINCT", 20)
    rare = [chr(97 + i // 26) + chr(97 + i % 26) for i in range(600)]
    corpus = write(tmp_path, " ".join(f"often {word}" for word in rare))
    assert count_words(corpus, min_count=5, needed=1, piece_bytes=30).words == ("often",)


def test_chunks_joined_are_the_known_words_whatever_the_chunk_size(tmp_path: Path) -> None:
    corpus = write(tmp_path, "a b a rare b a b a")
    known = count_words(corpus, min_count=2)
    whole = [0, 1, 0, 1, 0, 1, 0]
    for size in (1, 2, 3, 100):
        chunks = list(encode(tokenise(corpus.pieces()), known, size))
        assert np.concatenate(chunks).tolist() == whole
        assert all(chunk.dtype == np.int32 and len(chunk) <= size for chunk in chunks)
    limited = EncodedText(corpus, known, 3, limit=5)
    for _ in range(2):  # it can be read again
        assert np.concatenate(list(limited)).tolist() == whole[:5]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    corpus = write(tmp_path, "some words that come again and again\n" * 60_000)
    known = count_words(corpus)
    tracemalloc.start()
    total = sum(len(chunk) for chunk in encode(tokenise(corpus.pieces(1 << 14)), known, 1024))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 420_000
    assert peak < 1_500_000 < (tmp_path / "corpus.txt").stat().st_size


def test_default_corpus_is_there_and_large_enough() -> None:
    found = count_words(Text(), needed=50)
    assert len(found) > 1000
    assert "the" in found.words[:5]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"plain \xff bytes", "is not UTF-8: invalid start byte at byte 6"),
        (b"x" * 70 + b" caf\xc3", "is not UTF-8: unexpected end of data at byte 74"),
        (b"", r"has 0 distinct words .*\(0 words in all\); at least 2 are needed"),
        (b"one two three one", r"has 0 distinct words that occur at least 5 times \(4 words in all\)"),
        (b"z" * 70_000, "a word of more than 65536 letters"),
    ],
)
@pytest.mark.parametrize("block", [1 << 16, 7])
def test_useless_content_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, complaint: str, block: int
) -> None:
    if len(content) > 1000:
        block = 1 << 14
    with pytest.raises(InvalidInput, match=complaint):
        count_words(write(tmp_path, content), piece_bytes=block)


def test_paths_that_cannot_be_read_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        count_words(Text(tmp_path / "nowhere.txt"))
    with pytest.raises(InvalidInput, match="is a directory"):
        count_words(Text(tmp_path))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InvalidInput, match="not a regular file"):
            count_words(Text(tmp_path / "pipe"))
    with pytest.raises(InvalidInput, match="min_count = 0 must be"):
        count_words(Text(), min_count=0)
