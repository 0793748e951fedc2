"""Tables: the pairs and negatives that others are given are ours, and who trains otherwise is caught."""

from __future__ import annotations

import sys
from dataclasses import fields

import numpy as np
import pytest

from benchmarks.contest import Missing
from benchmarks.tables import gensim_skipgram, ours, torch_sparse
from benchmarks.tables.bounds import bound, difference
from benchmarks.tables.setting import NORM, TEMPERATURE, Result, Setting, Tokens, built_in_text, pairs_of, zipf_text
from numerics.lookup.embeddings import LookupSettings, train_lookup

pytestmark = pytest.mark.skipif(
    "batch" not in {f.name for f in fields(LookupSettings)}, reason="lookup tables of this version train pair by pair only"
)
TEXT = Tokens("few words", np.array([0, 1, 2, 0, 3, 1, 0, 2, 4, 0, 1, 0], np.int32), np.array([5, 3, 2, 1, 1]))


def settings() -> list[Setting]:
    first = Setting(TEXT, 4, batch=16, precision="float64", step_size=0.02)
    adam = first.under(rule="adam", step_size=2.0)
    return [first, first.under(loss="siglip"), adam, first.under(precision="float32"), first.under(batch=1000)]


def result(setting: Setting) -> Result:
    return ours.contender(setting).prepare().run()


def in_plain_numpy(setting: Setting) -> Result:
    """InfoNCE under SGD from its definition."""
    u, v = (table.astype(np.float64) for table in setting.start)
    for begin in range(0, setting.pairs, setting.batch):
        words, chosen = (part[begin : begin + setting.batch] for part in setting.stream)
        lengths = [np.linalg.norm(table, axis=1, keepdims=True) for table in (u, v)]
        x, y = u / lengths[0], v / lengths[1]
        p = np.exp(np.einsum("pd,pnd->pn", x[words], y[chosen]) / TEMPERATURE)
        p /= p.sum(axis=1, keepdims=True)
        p[:, 0] -= 1
        p /= TEMPERATURE
        gradients = np.zeros_like(u), np.zeros_like(v)
        np.add.at(gradients[0], words, np.einsum("pn,pnd->pd", p, y[chosen]))
        np.add.at(gradients[1], chosen, p[:, :, None] * x[words][:, None])
        moved = []
        for table, unit, length, g in zip((u, v), (x, y), lengths, gradients, strict=True):
            along = np.sum(g * unit, axis=1, keepdims=True)
            moved.append(table - setting.step_size * (g - along * unit) / length)
        u, v = moved
    return Result(u, v)


def test_pairs_are_counted_exactly():
    for tokens in range(1, 12):
        for window in range(1, 6):
            plain = sum(1 for a in range(tokens) for b in range(tokens) if a != b and abs(a - b) <= window)
            assert pairs_of(tokens, window) == plain


def test_pairs_and_negatives_are_those_that_we_train_on():
    setting = settings()[0]
    run = train_lookup([TEXT.ids], TEXT.counts, setting.settings())
    words, candidates = setting.stream
    assert len(words) == setting.pairs == run.steps * 16 - (-setting.pairs) % 16
    for table, rows in ((run.word, words), (run.context, candidates)):
        visits = np.zeros(len(TEXT.counts), np.int64)
        for begin in range(0, len(words), 16):
            visits[np.unique(rows[begin : begin + 16])] += 1
        assert np.array_equal(table.visits[0], visits)
    assert np.allclose(np.linalg.norm(setting.start.word, axis=1), NORM)


@pytest.mark.parametrize("setting", [s for s in settings() if s.loss == "infonce" and s.rule == "sgd"], ids=lambda s: s.name)
def test_the_definition_in_numpy_gives_the_same_tables(setting):
    found = difference(setting, result(setting), in_plain_numpy(setting))
    assert not found.wrong, found


@pytest.mark.parametrize("setting", settings(), ids=lambda s: s.name)
def test_pytorch_gives_the_same_tables(setting):
    pytest.importorskip("torch")
    found = difference(setting, result(setting), torch_sparse.contender(setting, "PyTorch").prepare().run())
    assert not found.wrong, found


@pytest.mark.parametrize("setting", settings(), ids=lambda s: s.name)
def test_the_bound_is_small_beside_what_happens(setting):
    found = result(setting)
    moved = max(np.abs(a - b).max() for a, b in zip(found, setting.start, strict=True))
    # a quarter is what `difference` asks for
    assert bound(setting, found) < (1 / 4 if setting.precision == "float32" else 1e-6) * moved


def test_another_training_is_caught():
    setting = settings()[0]
    right = result(setting)
    swapped = Result(right.context, right.word)
    others = {
        "another seed": result(setting.under(seed=2)),
        "another loss": result(setting.under(loss="siglip")),
        "another batch": result(setting.under(batch=15)),
        "the wrong table": swapped,
        "not a number": Result(right.word * np.nan, right.context),
    }
    for words, other in others.items():
        assert difference(setting, right, other).wrong, words
    assert difference(setting, setting.start, setting.start).wrong  # who does nothing, as we did


def test_gensim_has_to_see_the_same_words():
    pytest.importorskip("gensim")
    setting = Setting(built_in_text(500), 8, batch=64)
    gensim_skipgram.contender(setting, "gensim").prepare().run()
    other = setting.under(text=Tokens("other", setting.text.ids[:-1], setting.text.counts))
    model = gensim_skipgram._check_trained
    with pytest.raises(gensim_skipgram.OtherPairs):
        model(other, len(setting.text.ids))


@pytest.mark.parametrize(("module", "library"), [(gensim_skipgram, "gensim"), (torch_sparse, "torch")])
def test_a_peer_that_is_not_installed_gives_a_reason(monkeypatch, module, library):
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setitem(sys.modules, f"{library}.models", None)
    with pytest.raises(Missing, match=f"{library} is not installed: pip install"):
        module.contender(settings()[0], library).prepare()


def test_a_text_of_many_rows_has_a_count_for_each():
    text = zipf_text(1000, 50)
    assert len(text.ids) == 50
    assert len(text.counts) == 1000
    assert text.counts.min() == 1


def test_pytorch_from_the_text_trains_on_the_same_observed_pairs():
    torch = pytest.importorskip("torch")
    setting = Setting(zipf_text(50, 20_000), 4, batch=100)
    ids, counts = torch.from_numpy(setting.text.ids.astype(np.int64)), torch.from_numpy(setting.text.counts.astype(float))
    parts = list(torch_sparse.drawn(torch, setting, ids, counts))
    words, candidates = (torch.cat(part).numpy() for part in zip(*parts, strict=True))
    assert len(parts) > 1
    assert all(len(part[0]) % setting.batch == 0 for part in parts[:-1])
    assert np.array_equal(words, setting.stream.words)
    assert np.array_equal(candidates[:, 0], setting.stream.candidates[:, 0])
    assert candidates.shape == setting.stream.candidates.shape
    share = setting.text.counts**0.75 / np.sum(setting.text.counts**0.75)
    drawn = np.bincount(candidates[:, 1:].ravel(), minlength=50)
    expected = share * drawn.sum()
    assert np.sum((drawn - expected) ** 2 / expected) < 85.4  # chi-square, 49 degrees: 0.1 %


def test_pytorch_from_the_text_trains():
    pytest.importorskip("torch")
    setting = settings()[0]
    found = torch_sparse.drawing(setting, "drawing").prepare().run()
    assert found.word.shape == setting.start.word.shape
    assert np.abs(np.linalg.norm(found.word, axis=1) / NORM - 1).max() > 1e-9
