"""gensim's skip-gram with negative sampling, on all cores: the speed that a user of word vectors is used to.

Its loss is another one, so there is no result to compare. What can be compared is: that its vocabulary is ours, with the
same counts, and that it trained on every token; its pairs are ours but for those that reach over the ends of its
sentences, of 1000 words. It is given the same tokens, already filtered, in lists: of a file its threads
read some lines twice and others not at all (70 000 tokens of 64 035 were trained on).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contest import Contender, Missing, Prepared, Run
from benchmarks.tables.setting import Setting, pairs_of
from numerics.compilation.processors import processors

_SENTENCE = 1000  # words


class OtherPairs(Exception):
    """It did not see the same words or pairs."""


def contender(setting: Setting, name: str) -> Contender:
    """``name`` in the table."""
    return Contender(name, lambda: _prepare(setting))


def _prepare(setting: Setting) -> Prepared:
    try:
        from gensim.models import Word2Vec
    except ImportError as error:
        raise Missing(f"gensim is not installed: pip install '.[bench]' ({error})") from error
    words = [str(i) for i in setting.text.ids]
    sentences = [words[i : i + _SENTENCE] for i in range(0, len(words), _SENTENCE)]
    run = _from_lists(Word2Vec, setting, sentences)
    return Prepared(run, f"{sum(pairs_of(len(s), setting.window) for s in sentences)} pairs")


def _model(kind: Any, setting: Setting, sentences: list[list[str]]) -> Any:
    model = kind(
        vector_size=setting.dimension, window=setting.window, negative=setting.negatives, sg=1, hs=0, sample=0, min_count=1,
        shrink_windows=False, workers=processors(), seed=1, epochs=1,
    )  # fmt: skip
    model.build_vocab(sentences)
    met = np.bincount(setting.text.ids)
    known = {int(word): model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key}
    if known != {i: int(count) for i, count in enumerate(met) if count}:
        raise OtherPairs("gensim's vocabulary is not that of the text")
    return model


def _check_trained(setting: Setting, trained: int) -> None:
    if trained != len(setting.text.ids):
        raise OtherPairs(f"gensim trained on {trained} tokens of {len(setting.text.ids)}")


def _from_lists(kind: Any, setting: Setting, sentences: list[list[str]]) -> Run:
    model = _model(kind, setting, sentences)

    def run() -> None:
        trained, _ = model.train(sentences, total_examples=len(sentences), total_words=len(setting.text.ids), epochs=1)
        _check_trained(setting, trained)

    return run
