"""The training in PyTorch, as a person would write it, with the two lines that record it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from derivations.log_demo.cases import BETA, EPSILON, SQUARE, TEMPERATURE, Case
from derivations.log_demo.pairs import Pairs
from numerics.training_log import NormRecorder


class Model(torch.nn.Module):
    """Two tables, InfoNCE among the contexts of a batch."""

    def __init__(self, words: int, dimension: int, similarity: str) -> None:
        super().__init__()
        self.words, self.contexts = torch.nn.Embedding(words, dimension), torch.nn.Embedding(words, dimension)
        self.similarity = similarity
        for table in (self.words, self.contexts):
            torch.nn.init.normal_(table.weight, std=dimension**-0.5)

    def loss(self, word: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        """Mean over the batch; each word's own context against all of them."""
        u, v = self.words(word), self.contexts(context)
        if self.similarity == "cosine":
            u, v = torch.nn.functional.normalize(u), torch.nn.functional.normalize(v)
        return torch.nn.functional.cross_entropy(u @ v.T / TEMPERATURE, torch.arange(len(u)))


def optimizer_of(case: Case, parameters: Any) -> torch.optim.Optimizer:
    """PyTorch's own."""
    if case.optimizer == "adam":
        return torch.optim.AdamW(parameters, case.learning_rate, betas=(BETA, SQUARE), eps=EPSILON, weight_decay=case.decay)
    beta = BETA if case.optimizer == "heavy_ball" else 0.0
    return torch.optim.SGD(parameters, case.learning_rate, momentum=beta, weight_decay=case.decay)


def train(case: Case, pairs: Pairs, log: Path, *, dimension: int, batch: int, steps: int, seed: int) -> None:
    """Train and record both tables, every step; on one thread, since more would wait for each other in so small a model."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        _train(case, pairs, log, dimension, batch, steps, seed)
    finally:
        torch.set_num_threads(threads)


def _train(case: Case, pairs: Pairs, log: Path, dimension: int, batch: int, steps: int, seed: int) -> None:
    torch.manual_seed(seed)
    model = Model(pairs.words, dimension, case.similarity).to(getattr(torch, case.precision))
    optimizer = optimizer_of(case, model.parameters())
    watched = {"words": model.words.weight, "contexts": model.contexts.weight}
    told = {"slope_bound": 2 / TEMPERATURE, "terms": batch, **case.label}
    with NormRecorder.for_torch(log, optimizer, watched, every=1, seed=seed, **told):
        for step in range(steps):
            word, context = (torch.from_numpy(ids) for ids in pairs.batch(batch, seed, step))
            optimizer.zero_grad()
            model.loss(word, context).backward()
            optimizer.step()
