"""PyTorch: the same training as a user writes it, with sparse embeddings, on the same pairs and negatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.contest import Contender, Missing, Prepared
from benchmarks.tables.setting import EPSILON, TEMPERATURE, Result, Setting
from numerics.processors import processors

_FIRST, _SECOND = 0.9, 0.999


def contender(setting: Setting, name: str) -> Contender:
    """``name`` in the table."""
    return Contender(name, lambda: _prepare(setting))


def _prepare(setting: Setting) -> Prepared:
    try:
        import torch
    except ImportError as error:
        raise Missing(f"torch is not installed: pip install '.[bench]' ({error})") from error
    torch.set_num_threads(processors())
    words, candidates = (torch.from_numpy(np.ascontiguousarray(part)) for part in setting.stream)
    loss = _LOSSES[setting.loss]
    batches = range(0, setting.pairs, setting.batch)

    def run() -> Result:
        tables = [_embedding(torch, table) for table in setting.start]
        optimizer = _optimizer(torch, setting, [table.weight for table in tables])
        for begin in batches:
            chosen = slice(begin, begin + setting.batch)
            u, v = tables[0](words[chosen]), tables[1](candidates[chosen])
            unit_u, unit_v = torch.nn.functional.normalize(u, dim=-1), torch.nn.functional.normalize(v, dim=-1)
            logits = torch.einsum("bd,bnd->bn", unit_u, unit_v) / TEMPERATURE
            optimizer.zero_grad()
            loss(torch, logits).backward()
            if setting.rule == "adam":  # torch adds epsilon to a root that is not corrected for the beginning yet
                optimizer.param_groups[0]["eps"] = EPSILON * math.sqrt(1 - _SECOND ** (begin // setting.batch + 1))
            optimizer.step()
        return Result(*(table.weight.detach().numpy() for table in tables))

    return Prepared(run)


def _embedding(torch: Any, rows: Any) -> Any:
    return torch.nn.Embedding.from_pretrained(torch.from_numpy(rows.copy()), freeze=False, sparse=True)


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
