"""The axes of a design: what a value may be, what it is where the design does not say, and what it means."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import Any

from numerics.validation import InvalidInput

Value = str | int | float | bool
PRECISIONS = ("float64", "float32", "bfloat16", "float16", "float32-stochastic", "bfloat16-stochastic", "float16-stochastic")


@dataclass(frozen=True)
class Axis:
    """One axis. ``kind`` is ``choice``, ``integer``, ``number`` or ``flag``; bounds are included but for ``above``."""

    name: str
    kind: str
    default: Value
    words: str
    choices: tuple[str, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf

    @property
    def ranged(self) -> bool:
        """Whether it may be given as a range."""
        return self.kind in ("integer", "number")

    def checked(self, value: object, where: str) -> Value:
        """The value, as this axis has it; raises `InvalidInput` with name, value and bound."""
        if self.kind == "choice":
            return self._choice(value, where)
        if self.kind == "flag":
            if not isinstance(value, bool):
                raise InvalidInput(f"{where} = {value!r} must be true or false")
            return value
        return self._number(value, where)

    def _choice(self, value: object, where: str) -> str:
        if isinstance(value, str) and value in self.choices:
            return value
        near = difflib.get_close_matches(str(value), self.choices, n=3, cutoff=0.5)
        known = ", ".join(near or self.choices[:24])
        raise InvalidInput(f"{where} = {value!r} must be {'one of' if not near else 'a known name; close to it:'} {known}")

    def _number(self, value: object, where: str) -> int | float:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole and (self.kind == "integer" or not isinstance(value, float)):
            raise InvalidInput(f"{where} = {value!r} must be {'an integer' if self.kind == 'integer' else 'a number'}")
        assert isinstance(value, int | float)
        if not (math.isfinite(value) and value > self.above and self.least <= value <= self.most):
            raise InvalidInput(f"{where} = {value!r} must be {self.bounds()}")
        return value if self.kind == "integer" else float(value)

    def bounds(self) -> str:
        """In words."""
        low = f"above {self.above:g}" if self.above > -math.inf else f"at least {self.least:g}"
        return f"{low}, at most {self.most:g}" if self.most < math.inf else low


def _losses() -> tuple[str, ...]:
    from numerics.losses import LOSSES
    from theory.losses.in_use import IN_USE

    return tuple(dict.fromkeys(("prescribed", *(loss.name for loss in LOSSES), *(loss.name for loss in IN_USE))))


def _rules() -> tuple[str, ...]:
    from numerics.updates import RULES

    return tuple(rule.name for rule in RULES)


def axes() -> dict[str, Axis]:
    """By name."""
    from derivations.sweep.laws import names

    below_one = math.nextafter(1.0, 0.0)
    found = (
        Axis("law", "choice", "balance", "what a cell compares; see below", choices=names()),
        Axis("loss", "choice", "infonce", "prescribed: random directions of one energy; else a loss", choices=_losses()),
        Axis("optimizer", "choice", "sgd", "the update rule", choices=_rules()),
        Axis("decay", "choice", "none", "none, decoupled, or coupled (L2: part of the gradient)", choices=("none", "decoupled", "coupled")),
        Axis("lazy", "flag", False, "a step that does not visit the row leaves all of it alone (only where visits < 1)"),
        Axis("precision", "choice", "float64", "how the embedding is kept, to nearest or stochastically rounded", choices=PRECISIONS),
        Axis("arithmetic", "choice", "float64", "of the simulator", choices=("float64", "float32")),
        Axis("dimension", "integer", 16, "d", least=2, most=4096),
        Axis("candidates", "integer", 8, "of a loss; half of them are drawn at every step", least=1, most=4096),
        Axis("temperature", "number", 0.5, "tau of a loss", least=1e-3, most=1e3),
        Axis("norm", "number", 1.0, "at the start", least=1e-6, most=1e6),
        Axis("energy", "number", 1.0, "G of prescribed gradients", least=1e-12, most=1e12),
        Axis("persistence", "number", 0.0, "correlation of successive prescribed gradients", least=0.0, most=1.0),
        Axis("step_size", "number", 0.1, "eta", above=0.0, most=1e6),
        Axis("eta_lambda", "number", 0.05, "step size times weight decay, where there is decay", above=0.0, most=below_one),
        Axis("visits", "number", 1.0, "probability that a step visits the row", above=0.0, most=1.0),
        Axis("momentum", "number", 0.9, "beta, beta_1", least=0.0, most=0.999),
        Axis("second_momentum", "number", 0.98, "beta_2", least=0.0, most=0.999999),
        Axis("epsilon", "number", 0.0, "of Adam and RMSProp", least=0.0, most=1e6),
        Axis("threshold", "number", 1.0, "length for clipping; delta of AdamP and SGDP", above=0.0, most=1e12),
        Axis("accumulator", "number", 1.0, "b_0 of AdaGrad-norm and WNGrad", above=0.0, most=1e12),
        Axis("steps", "integer", 16, "of a run", least=1, most=1_000_000),
        Axis("relaxations", "number", 10.0, "times 1/(eta lambda) that a mean at equilibrium is taken over", least=1.0, most=1e4),
        Axis("replicates", "integer", 4, "independent runs of a cell", least=1, most=65536),
        Axis("effort", "choice", "quick", "of a claim's own evidence", choices=("quick", "full")),
        Axis("repeat", "integer", 0, "the same setting with other draws", least=0, most=2**31),
    )
    return {axis.name: axis for axis in found}


def named(table: dict[str, Axis], name: str, where: str) -> Axis:
    """The axis of this name; raises `InvalidInput` with those that are like it."""
    if name in table:
        return table[name]
    near = difflib.get_close_matches(name, table, n=3, cutoff=0.5)
    raise InvalidInput(f"{where}{name} is no axis; {'close to it' if near else 'there are'}: {', '.join(near or table)}")


def filled(setting: dict[str, Any], table: dict[str, Axis]) -> dict[str, Any]:
    """Every axis, with its default where the setting has none."""
    return {name: setting.get(name, axis.default) for name, axis in table.items()}
