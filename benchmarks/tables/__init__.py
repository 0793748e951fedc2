"""Lookup tables: rows of words and contexts trained on the pairs of a text."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contest import Case
from benchmarks.tables import gensim_skipgram, ours, torch_sparse
from benchmarks.tables.bounds import difference
from benchmarks.tables.setting import Setting, built_in_text, zipf_text

GENSIM, TORCH, DRAWING = "gensim", "PyTorch", "PyTorch, drawing"
_GENSIM_NOTE = "gensim: word2vec's own loss; same tokens, vocabulary and pairs, no result to compare"
_DRAWING_NOTE = "PyTorch, drawing: it forms pairs and draws negatives and first tables, as ours does; other draws, no result to compare"


def cases(*, quick: bool = False) -> Iterator[Case]:
    """Against skip-gram on the built-in text and on a larger table; against PyTorch on the same pairs and negatives."""
    for dimension in (16,) if quick else (32, 128, 512):
        text = built_in_text(2000 if quick else None)
        yield _beside_gensim(Setting(text, dimension, batch=4096))
    if not quick:
        yield _beside_gensim(Setting(zipf_text(100_000, 400_000), 128, batch=4096))
        yield _beside_gensim(Setting(built_in_text(None), 128, batch=1))
    few = built_in_text(300 if quick else 12_000)
    for loss, rule, step_size in (("infonce", "sgd", 1e-3), ("siglip", "sgd", 1e-3), ("infonce", "adam", 0.1)):
        size, batch = (16, 256) if quick else (128, 1024)
        # in float64: gradients that PyTorch adds to a row one by one round by as much as it moves in float32
        setting = Setting(few, size, batch, loss, rule, step_size, precision="float64")
        yield _beside_torch(setting)
    yield _beside_drawing_torch(Setting(few, 16 if quick else 128, 256 if quick else 1024, precision="float64"))
    yield _beside_torch(Setting(built_in_text(30 if quick else 300), 16 if quick else 128, batch=1, precision="float64"))
    if not quick:
        large = Setting(zipf_text(100_000, 40_000), 32, batch=1024, precision="float64")
        yield _beside_torch(large)
        yield _beside_drawing_torch(large)


def _beside_gensim(setting: Setting) -> Case:
    return Case(
        "tables", setting.name, ours.contender(setting), (gensim_skipgram.contender(setting, GENSIM),), float(setting.pairs), "pairs",
        None, _GENSIM_NOTE, {GENSIM: 1.0},
    )  # fmt: skip


def _beside_torch(setting: Setting) -> Case:
    return Case(
        "tables", setting.name, ours.contender(setting), (torch_sparse.contender(setting, TORCH),), float(setting.pairs), "pairs",
        lambda a, b: difference(setting, a, b), targets={TORCH: 20.0},
    )  # fmt: skip


def _beside_drawing_torch(setting: Setting) -> Case:
    """What is timed is the same on both sides; as the draws are not, there is no result to compare."""
    return Case(
        "tables", f"{setting.name}, from the text", ours.contender(setting), (torch_sparse.drawing(setting, DRAWING),),
        float(setting.pairs), "pairs", None, _DRAWING_NOTE,
    )  # fmt: skip


__all__ = ["Setting", "cases"]
