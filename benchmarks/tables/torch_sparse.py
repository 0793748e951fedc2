"""PyTorch: the same training as a user writes it, with sparse embeddings: on the same pairs and negatives, or on its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from benchmarks.contest import Contender, Missing, Prepared
from benchmarks.tables.setting import EPSILON, NORM, TEMPERATURE, Result, Setting
from numerics.compilation.processors import processors
from numerics.lookup.embeddings import NOISE_POWER

_FIRST, _SECOND = 0.9, 0.999
_TOKENS = 16_384  # whose pairs are formed at once


def contender(setting: Setting, name: str) -> Contender:
    """Given pairs, negatives and first tables; ``name`` in the table."""
    return Contender(name, lambda: _prepare(setting))


def drawing(setting: Setting, name: str) -> Contender:
    """The same training from the text on, as ours: it forms the pairs, and draws the negatives and the first tables."""
    return Contender(name, lambda: _prepare_drawing(setting))


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise Missing(f"torch is not installed: pip install '.[bench]' ({error})") from error
    torch.set_num_threads(processors())
    return torch


def _prepare(setting: Setting) -> Prepared:
    torch = _torch()
    words, candidates = (torch.from_numpy(np.ascontiguousarray(part)) for part in setting.stream)

    def run() -> Result:
        tables = [_embedding(torch, torch.from_numpy(table.copy())) for table in setting.start]
        return _train(torch, setting, tables, [(words, candidates)])

    return Prepared(run)


def _prepare_drawing(setting: Setting) -> Prepared:
    torch = _torch()
    ids, counts = torch.from_numpy(setting.text.ids.astype(np.int64)), torch.from_numpy(setting.text.counts.astype(np.float64))
    shape, kind = (len(counts), setting.dimension), getattr(torch, setting.precision)

    def run() -> Result:
        torch.manual_seed(setting.seed)
        starts = (torch.nn.functional.normalize(torch.randn(shape, dtype=kind), dim=-1) * NORM for _ in range(2))
        return _train(torch, setting, [_embedding(torch, start) for start in starts], drawn(torch, setting, ids, counts))

    return Prepared(run)


def drawn(torch: Any, setting: Setting, ids: Any, counts: Any) -> Iterator[tuple[Any, Any]]:
    """Words (P,) and candidates (P, 1 + negatives) of whole batches, those of the end apart; negatives are drawn for many at once."""
    noise, width = counts**NOISE_POWER, setting.window
    offsets = torch.cat((torch.arange(-width, 0), torch.arange(1, width + 1)))
    left = [torch.empty(0, dtype=torch.long)] * 2
    for first in range(0, len(ids), _TOKENS):
        centres = torch.arange(first, min(first + _TOKENS, len(ids)))
        places = centres[:, None] + offsets
        inside = (places >= 0) & (places < len(ids))
        found = (ids[centres].repeat_interleave(inside.sum(dim=1)), ids[places[inside]])
        words, contexts = (torch.cat(parts) for parts in zip(left, found, strict=True))
        whole = len(words) if first + _TOKENS >= len(ids) else len(words) // setting.batch * setting.batch
        left = [words[whole:], contexts[whole:]]
        if whole > 0:
            negatives = torch.multinomial(noise, whole * setting.negatives, replacement=True).view(whole, -1)
            yield words[:whole], torch.cat((contexts[:whole, None], negatives), dim=1)


def _train(torch: Any, setting: Setting, tables: list[Any], stream: Iterable[tuple[Any, Any]]) -> Result:
    optimizer = _optimizer(torch, setting, [table.weight for table in tables])
    loss, steps = _LOSSES[setting.loss], 0
    for words, candidates in stream:
        for begin in range(0, len(words), setting.batch):
            chosen = slice(begin, begin + setting.batch)
            u, v = tables[0](words[chosen]), tables[1](candidates[chosen])
            unit_u, unit_v = torch.nn.functional.normalize(u, dim=-1), torch.nn.functional.normalize(v, dim=-1)
            logits = torch.einsum("bd,bnd->bn", unit_u, unit_v) / TEMPERATURE
            optimizer.zero_grad()
            loss(torch, logits).backward()
            steps += 1
            if setting.rule == "adam":  # torch adds epsilon to a root that is not corrected for the beginning yet
                optimizer.param_groups[0]["eps"] = EPSILON * math.sqrt(1 - _SECOND**steps)
            optimizer.step()
    return Result(*(table.weight.detach().numpy() for table in tables))


def _embedding(torch: Any, rows: Any) -> Any:
    return torch.nn.Embedding.from_pretrained(rows, freeze=False, sparse=True)


def _optimizer(torch: Any, setting: Setting, weights: list[Any]) -> Any:
    if setting.rule == "adam":
        return torch.optim.SparseAdam(weights, lr=setting.step_size, betas=(_FIRST, _SECOND), eps=EPSILON)
    return torch.optim.SGD(weights, lr=setting.step_size)


def _infonce(torch: Any, logits: Any) -> Any:
    right = torch.zeros(len(logits), dtype=torch.long)
    return torch.nn.functional.cross_entropy(logits, right, reduction="sum")


def _siglip(torch: Any, logits: Any) -> Any:
    signs = torch.full_like(logits, -1.0)
    signs[:, 0] = 1.0
    return -torch.nn.functional.logsigmoid(signs * logits).sum()


_LOSSES: dict[str, Callable[[Any, Any], Any]] = {"infonce": _infonce, "siglip": _siglip}
