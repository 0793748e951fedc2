"""What a log says of the training as a whole: its optimiser, its precision, and how steps were chosen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from numerics.simulation.optimizers import FORMATS
from numerics.validation import InvalidInput

VERSION = 1
OPTIMIZERS = ("sgd", "heavy_ball", "nesterov", "adam", "rmsprop", "lion", "other")
MOMENTUM = ("heavy_ball", "nesterov")
IN_PAIRS = (*MOMENTUM, "rmsprop")  # two steps in a row tell their rule, one does not; more do not tell Adam's or Lion's
ALIASES = {"adamw": "adam", "momentum": "heavy_ball"}  # what people call them; adamw's decay is decoupled
DECAYS = ("none", "coupled", "decoupled")
ENCODERS = ("lookup", "shared")
EPSILON_FORMS = ("added", "max")
LATER = {"fresh", "rate_format", "changed"}  # fields that logs of before they were there lack


@dataclass(frozen=True)
class Setting:
    """The training that is logged. Every field is checked; an error is `InvalidInput` with name, value and bound.

    ``optimizer``: sgd (no momentum), heavy_ball (``m = momentum m + g``, no dampening), nesterov, adam (adamw is taken for adam with
    decoupled decay, momentum for heavy_ball), rmsprop (epsilon added to the root; nothing is centred), lion (momentum is what signs are
    taken with, second_momentum what its mean is kept with), or other. ``decay``: none, coupled (added to the gradient) or decoupled.
    ``momentum``, ``second_momentum``,
    ``epsilon``: as in the optimiser, beta_1, beta_2 and the number added to the root. ``precision``: how embeddings are kept, a name
    of `numerics.simulation.optimizers.FORMATS`; ``arithmetic``: what gradients are computed in, if that is another one (autocast);
    ``measured_in``: what the inner products of the log were summed in. ``encoder``: lookup (free rows, such as a table's) or shared
    (outputs of a network). ``slope_bound``: the largest ``sum_j |dL/dc_j|`` of a row, c_j its cosines, 2/temperature for
    InfoNCE that is averaged over the batch; what rounding may leave of a radial gradient is in proportion to it. ``terms``: how many
    gradients are added up in one row in a step, at most (the batch). ``norm_epsilon`` and ``epsilon_form``: what the loss adds to
    norms (u/(|u| + e)) or keeps them above (u/max(|u|, e)). ``every``, ``burst``, ``seed``: of each ``every`` steps ``burst`` in a row
    were recorded, at a place drawn anew each time. ``fresh``: whether step 0 of the log is the optimiser's first, so that its means
    began there; None where that is not known. ``rate_format``: what learning rates are kept in, if in a coarser format than the table
    (a tensor of another type), since steps are rounded to it. ``changed``: which of the optimiser's constants changed while it was
    logged; the rule is ``other`` from then on. ``hyper_parameters``, ``versions``: for people; nothing is computed from them.
    """

    optimizer: str = "sgd"
    decay: str = "none"
    momentum: float = 0.0
    second_momentum: float = 0.0
    epsilon: float = 0.0
    precision: str = "float64"
    arithmetic: str = ""
    measured_in: str = "float64"
    encoder: str = "lookup"
    slope_bound: float | None = None
    terms: int = 1
    norm_epsilon: float = 0.0
    epsilon_form: str = "max"
    every: int = 1
    burst: int = 1
    seed: int = 0
    fresh: bool | None = None
    rate_format: str = ""
    changed: str = ""
    hyper_parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._named()
        _one_of("decay", self.decay, DECAYS)
        _one_of("precision", self.precision, tuple(FORMATS))
        object.__setattr__(self, "arithmetic", self.arithmetic or self.precision)
        _one_of("arithmetic", self.arithmetic, tuple(FORMATS))
        object.__setattr__(self, "rate_format", self.rate_format or self.precision)
        _one_of("rate_format", self.rate_format, tuple(FORMATS))
        _one_of("measured_in", self.measured_in, ("float64", "float32"))
        _one_of("encoder", self.encoder, ENCODERS)
        _one_of("epsilon_form", self.epsilon_form, EPSILON_FORMS)
        for name in ("momentum", "second_momentum"):
            _number(name, getattr(self, name), 0.0, below=1.0)
        for name in ("epsilon", "norm_epsilon"):
            _number(name, getattr(self, name), 0.0)
        if self.slope_bound is not None and _number("slope_bound", self.slope_bound, 0.0) == 0:
            raise InvalidInput("slope_bound = 0 must be above 0, or None where it is not known")
        for name, least in (("terms", 1), ("every", 1), ("burst", 1), ("seed", 0)):
            _whole(name, getattr(self, name), least)
        if self.fresh is not None and not isinstance(self.fresh, bool):
            raise InvalidInput(f"fresh = {self.fresh!r} must be true, false, or null where it is not known")
        if not isinstance(self.changed, str) or (self.changed and self.optimizer != "other"):
            raise InvalidInput(f"changed = {self.changed!r} must be text, and empty unless optimizer = 'other'")
        self._fits()

    def _named(self) -> None:
        """Aliases are taken for what they name."""
        _one_of("optimizer", self.optimizer, (*OPTIMIZERS, *ALIASES))
        if self.optimizer == "adamw":
            if self.decay == "coupled":
                raise InvalidInput("decay = 'coupled' must be 'decoupled' for optimizer = 'adamw'; with decay in the gradient it is 'adam'")
            object.__setattr__(self, "decay", "decoupled")
        object.__setattr__(self, "optimizer", ALIASES.get(self.optimizer, self.optimizer))

    def _fits(self) -> None:
        if self.burst > self.every:
            raise InvalidInput(f"burst = {self.burst} must be at most every = {self.every}")
        if self.optimizer == "sgd" and self.momentum:
            raise InvalidInput(f"momentum = {self.momentum:g} must be 0 for optimizer = 'sgd'; with it, it is 'heavy_ball' or 'nesterov'")
        if self.optimizer in MOMENTUM and not self.momentum:
            raise InvalidInput(f"momentum = 0 must be above 0 for optimizer = {self.optimizer!r}; without momentum it is 'sgd'")
        if self.optimizer in ("adam", "rmsprop", "lion") and not self.second_momentum:
            raise InvalidInput(f"second_momentum = 0 must be above 0 for optimizer = {self.optimizer!r}")

    def without_rule(self, changed: str) -> Setting:
        """From a step on at which constants changed: no rule of constant ones is that of the whole log."""
        return replace(self, optimizer="other", changed=changed)

    def continues(self, before: Setting) -> bool:
        """Whether a part with this setting may follow one with that: it is the same, or the first after a change."""
        ends = bool(self.changed) and not before.changed
        return self == (before.without_rule(self.changed) if ends else before)

    def to_json(self) -> str:
        """One line; `from_json` gives the same setting."""
        return json.dumps({"version": VERSION, **asdict(self)}, sort_keys=True, allow_nan=False, default=str)

    @classmethod
    def from_json(cls, text: str | bytes) -> Setting:
        """A setting; `InvalidInput` says what is wrong with it."""
        try:
            found = json.loads(text)
        except ValueError as error:
            raise InvalidInput(f"the log's setting is no JSON ({error})") from error
        if not isinstance(found, dict) or found.pop("version", None) != VERSION:
            raise InvalidInput(f"the log's setting must be an object with version = {VERSION}")
        known = {f.name for f in fields(cls)}
        if strange := sorted(set(found) ^ known - (LATER - set(found))):
            word = "lacks" if strange[0] in known else "has an unknown"
            raise InvalidInput(f"the log's setting {word} entry {strange[0]!r}")
        return cls(**found)


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidInput(f"{name} = {value!r} must be one of {', '.join(known)}")


def _number(name: str, value: object, least: float, below: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"{name} = {value!r} must be a number")
    if not least <= value < below:  # a NaN is not
        most = f"below {below:g}" if below < math.inf else "finite"
        raise InvalidInput(f"{name} = {value} must be at least {least:g} and {most}")
    return float(value)


def _whole(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidInput(f"{name} = {value!r} must be an integer of at least {least}")
