"""Recording a PyTorch loop: the optimiser calls before and after each step, products are made where the table is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from numerics.training_log.columns import VECTORS
from numerics.training_log.plan import USUAL_EVERY, sampled_rows
from numerics.training_log.recorder import CHUNK, SECONDS, NormRecorder, Taken
from numerics.training_log.setting import IN_PAIRS, Setting
from numerics.training_log.torch_rules import changes, constants, group_of, setting_of
from numerics.training_log.versions import versions
from numerics.validation import InvalidInput

USUAL_ROWS = 256
Encode = Callable[[], torch.Tensor]


def for_torch(path: str | Path, optimizer: torch.optim.Optimizer, watched: Mapping[str, torch.Tensor | Encode], /, *,
              rows: Any = USUAL_ROWS, every: int = USUAL_EVERY, seed: int = 0, chunk: int = CHUNK, seconds: float = SECONDS,
              **setting: Any) -> NormRecorder:  # fmt: skip
    """A recorder hooked to ``optimizer``: nothing else in the loop changes but that it is closed in the end.

    ``watched``: by name, either tables among the optimiser's parameters, (rows, d), such as ``{"words": model.words.weight}``; or,
    for networks, functions without arguments that return the embeddings (n, d) of a fixed probe set, such as
    ``{"probes": lambda: model(texts)}``: they are called, without gradients, before and after each step that is recorded.
    ``rows``: how many rows of each to draw, row numbers, or a mapping from name to either; rows that are 0 now (padding) are left
    out. ``every``: steps a record (1: all of them, which the laws of whole runs need). ``setting``: fields of `Setting` that an optimiser
    does not know - ``slope_bound``, ``terms``, ``arithmetic``, ``norm_epsilon``, ``epsilon_form`` - or that are to be
    corrected. Learning rate and decay are read from the optimiser at every step that is recorded.

    Gradients are those that the optimiser sees: clipped, unscaled, averaged; of ``optimizer.step(closure)`` those of the closure's first
    call. Where a constant of the rule changes (OneCycleLR cycles momentum), the log names the change, and no rule from then on.
    Raises `InvalidInput`.
    """
    tables = {name: w for name, w in watched.items() if isinstance(w, torch.Tensor)}
    if not watched or (tables and len(tables) < len(watched)):
        raise InvalidInput(f"watched = {list(watched)} must name at least one table, or else probe sets only: the laws differ")
    groups = {name: group_of(optimizer, name, table) for name, table in tables.items()}
    shown = tables or {name: _called(name, w) for name, w in watched.items() if not isinstance(w, torch.Tensor)}
    read = setting_of(optimizer, groups or dict.fromkeys(shown, optimizer.param_groups[0]), shown)
    burst = 2 if read["optimizer"] in IN_PAIRS and every > 1 else 1
    exact = all(t.device.type in ("cpu", "cuda") for t in shown.values())  # others have no float64
    read |= {"encoder": "lookup" if tables else "shared", "measured_in": "float64" if exact else "float32",
             "fresh": not any(optimizer.state.get(t) for t in tables.values())}  # fmt: skip
    found = Setting(**{**read, "every": every, "burst": burst, "seed": seed, "versions": versions("torch"), **setting})
    picked = {name: _picked(name, t, rows[name] if isinstance(rows, Mapping) else rows, seed) for name, t in shown.items()}
    recorder = NormRecorder(path, found, chunk=chunk, seconds=seconds, fetch=_fetch)
    wide = getattr(torch, found.measured_in)
    usual = optimizer.param_groups[0]
    hooks = Hooks(recorder, [Watched(name, watched[name], groups.get(name, usual), *picked[name], shown[name].shape[1], wide)
                             for name in shown])  # fmt: skip
    recorder.on_close = [h.remove for h in (optimizer.register_step_pre_hook(hooks.before), optimizer.register_step_post_hook(hooks.after))]
    return recorder


def _fetch(grams: list[Any]) -> list[Any]:
    """One transfer for all of them."""
    return list(torch.stack(grams).cpu().numpy())


@dataclass
class Watched:
    """A table or a probe set, its rows, and where its learning rate is."""

    name: str
    source: torch.Tensor | Encode
    group: dict[str, Any]
    ids: Any  # as numbers
    index: torch.Tensor  # the same on the table's device
    dimension: int
    wide: torch.dtype
    stack: torch.Tensor | None = None  # u, g, u', s and e_i of every row, kept: new memory at each record would cost most of its time

    def before(self) -> None:
        """Embeddings and gradients as they are now, in a copy."""
        rows = self._rows()
        if self.stack is None:
            self.stack = torch.zeros((len(rows), VECTORS + 1, rows.shape[1]), dtype=self.wide, device=rows.device)
            self.stack[:, VECTORS].scatter_(1, (self.index % rows.shape[1])[:, None], 1.0)
        self.stack[:, 0] = rows
        self.stack[:, 1] = self._slopes()

    def after(self) -> torch.Tensor:
        """The products of `columns.products`, with the embeddings as they are now."""
        assert self.stack is not None
        s = self.stack
        s[:, 2] = self._rows()
        torch.sub(s[:, 2], s[:, 0], out=s[:, 3])
        return s[:, :VECTORS] @ s.mT

    def _rows(self) -> torch.Tensor:
        table = self.source if isinstance(self.source, torch.Tensor) else self.source()
        return table.index_select(0, self.index)

    def _slopes(self) -> torch.Tensor | float:
        """The watched rows of the gradient, dense or sparse; zeros where there is none."""
        gradient = self.source.grad if isinstance(self.source, torch.Tensor) else None
        if gradient is None:
            return 0.0
        found = gradient.index_select(0, self.index)
        return found.to_dense() if found.is_sparse else found


class Hooks:
    """Called by the optimiser around each step. Steps that are not recorded cost two calls and a comparison."""

    def __init__(self, recorder: NormRecorder, watched: list[Watched]) -> None:
        self.recorder, self.watched, self.step, self.due = recorder, watched, 0, False
        self.rules = [constants(w.group) for w in watched]

    def before(self, _: Any, args: Any, kwargs: Any) -> Any:
        """Rows and gradients as the optimiser is about to see them: now, and again once a closure has made them, if it is ever called."""
        self.due = self.recorder.due(self.step)
        if not self.due:
            return None
        self._take()
        if (closure := kwargs.get("closure") or next((x for x in args[1:] if callable(x)), None)) is None:
            return None
        told = self._telling(closure)
        return tuple(told if x is closure else x for x in args), {key: told if x is closure else x for key, x in kwargs.items()}

    def _telling(self, closure: Callable[[], Any]) -> Callable[[], Any]:
        """The closure, which records what it made when it is first called; later calls may be at other embeddings."""
        left = [self._take]

        def told() -> Any:
            loss = closure()
            if left:
                left.pop()()
            return loss

        return told

    def _take(self) -> None:
        with torch.no_grad():
            for w in self.watched:
                w.before()

    def after(self, *_: Any) -> None:
        """Products of rows, gradients and moves; they stay on the device until a part is written."""
        if self.due:
            self._same_rules()
            with torch.no_grad():
                for w in self.watched:
                    gram = w.after()
                    rate, decay = (_number(w.group.get(key, 0.0)) for key in ("lr", "weight_decay"))
                    table = isinstance(w.source, torch.Tensor)
                    self.recorder.take(Taken(self.step, w.name, w.ids, w.dimension, gram, rate, decay, table, True))
        self.step += 1

    def _same_rules(self) -> None:
        """The log's setting no longer names a rule once a constant of it has changed."""
        tables = [(w, old) for w, old in zip(self.watched, self.rules, strict=True) if isinstance(w.source, torch.Tensor)]
        found = [text for w, old in tables if (text := changes(w.name, old, w.group, self.step))]
        if found and not self.recorder.setting.changed:
            self.recorder.setting = self.recorder.setting.without_rule(found[0])


def _number(value: Any) -> Any:
    """A number now; a tensor, which the next step may overwrite, as a copy that is read later."""
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def _called(name: str, encode: Encode) -> torch.Tensor:
    with torch.no_grad():
        found = encode()
    if not isinstance(found, torch.Tensor) or found.ndim != 2:
        raise InvalidInput(f"watched[{name!r}] must return embeddings (n, d), a tensor with two dimensions")
    return found


def _picked(name: str, table: torch.Tensor, rows: Any, seed: int) -> tuple[Any, torch.Tensor]:
    """Row numbers, here and on the device, without rows that are 0."""
    ids = sampled_rows(rows, table.shape[0], seed)
    index = torch.as_tensor(ids, device=table.device)
    with torch.no_grad():
        there = torch.any(table.index_select(0, index) != 0, dim=1).cpu().numpy()
    if not there.any():
        raise InvalidInput(f"watched[{name!r}]: every row to be watched is 0, must have a direction")
    return ids[there], index[torch.as_tensor(there, device=table.device)]
