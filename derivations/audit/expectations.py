"""What the ledger predicts of the norms under what is known of the training: a sign for each role, an exponent for frequency.

What is not said of the training is left open: a sign is predicted only if every training that agrees with what was said has the
same one, and exponents between the least and the greatest of theirs; that the loss sees directions only is then a condition. Nothing
is claimed here: signs and exponents are those of `theory.imprint_map` and `theory.imprint_signs`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from theory.imprint_elsewhere import INVARIANT_ONLY, SHARED, see
from theory.imprint_map import DECAYS, Regime, regimes
from theory.imprint_signs import NOTHING, conditions, losses, signs

LOOKUP, SHARED_ENCODER = "lookup", "shared"
MEAN_POOLING = "C9"
IN_SHARED = "in a shared encoder norms move at first order in the learning rate, with a sign that depends on how items share weights"


@dataclass(frozen=True)
class Training:
    """What the user says; None: not said. ``encoder``: lookup or shared; ``pooling``: mean, or None."""

    encoder: str | None = None
    optimizer: str | None = None
    decay: str | None = None
    loss: str | None = None
    pooling: str | None = None

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Flags that would say more."""
        said = (("--encoder", self.encoder), ("--optimizer", self.optimizer), ("--decay", self.decay), ("--loss", self.loss))
        return tuple(flag for flag, value in said if value is None)


@dataclass(frozen=True)
class Expectation:
    """``sign`` of the rank correlation of the norm with a role, at equal values of the others: -1, 0, 1, or None, and ``why`` not.

    ``exponents``: least and greatest ``d ln norm / d ln frequency`` that the formulas allow; None where they say nothing.
    """

    role: str
    sign: int | None
    exponents: tuple[float, float] | None = None
    why: str = ""
    conditions: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    rivals: tuple[float, ...] = ()  # exponents of other regimes, where ``exponents`` is a single one
    architecture: bool = False  # of the network as it is, trained or not: a control that shares it takes nothing away


def expectations(training: Training) -> tuple[Expectation, ...]:
    """One for each role, in the order frequency, specificity, ambiguity, length."""
    entries, why, see_also = _entries(training)
    if not entries:
        silent = [Expectation(role, None, why=why, claims=see_also) for role in ("frequency", "specificity", "ambiguity")]
        return (*silent, _length(training))
    return (_frequency(entries, training), _meaning("specificity", entries, training), _meaning("ambiguity", entries, training),
            _length(training))  # fmt: skip


def outside(training: Training) -> str:
    """Why no law of lookup rows applies, in a sentence; empty if some may, and if the encoder is not known."""
    entries, why, _ = _entries(training)
    return "" if entries or training.encoder is None else why


def _entries(training: Training) -> tuple[tuple[Regime, ...], str, tuple[str, ...]]:
    """Regimes that agree with what was said; else why there are none, and which claims speak of it."""
    if training.encoder == SHARED_ENCODER:
        return (), IN_SHARED, SHARED
    if training.encoder is None:
        return (), "say --encoder lookup if these are rows of a table, --encoder shared if they are outputs f(x; W)", ()
    if training.loss is not None and losses()[training.loss] == NOTHING:
        return (), f"{training.loss} sees lengths: its gradient has a radial part, and none of these laws applies", INVARIANT_ONLY
    found = tuple(r for r in regimes() if training.optimizer in (None, r.optimizer) and training.decay in (None, r.decay))
    if not found:
        decay = training.decay or "of any kind"
        why = f"no claim says how the norm depends on frequency under {training.optimizer} with decay {decay}"
        return (), why, see(training.optimizer, training.decay)
    return found, "", ()


def _frequency(entries: tuple[Regime, ...], training: Training) -> Expectation:
    """At equal meaning; the exponent between that of rare rows and of frequent ones."""
    ends = [e for r in entries for e in ends_of(r)]
    least, greatest = min(ends), max(ends)
    claims, supposed = _of(entries, training)
    others = {e for r in regimes() for e in ends_of(r)} - {least}
    rivals = tuple(sorted(others)) if least == greatest else ()
    if least < 0 < greatest or (least == 0 < greatest and not _rises(entries)):
        return Expectation("frequency", None, (least, greatest), _open(training, "the exponent lies between"
                           f" {least:g} and {greatest:g}"), supposed, claims)  # fmt: skip
    return Expectation("frequency", (greatest > 0) - (least < 0), (least, greatest), "", supposed, claims, rivals)


def _rises(entries: Iterable[Regime]) -> bool:
    """In every regime some rows are longer for being visited more, and none shorter."""
    return all(max(ends_of(r)) > 0 for r in entries)


@cache
def ends_of(regime: Regime) -> tuple[float, float]:
    """The exponents of rare and of frequent rows, which are limits and take a while."""
    rare, frequent = regime.frequency
    return float(rare), float(frequent)


def _meaning(role: str, entries: tuple[Regime, ...], training: Training) -> Expectation:
    asked = [name for name, kind in losses().items() if kind != NOTHING] if training.loss is None else [training.loss]
    said = [signs(r, loss) for r in entries for loss in asked]
    found = [s.specificity if role == "specificity" else s.uncertainty for s in said]
    claims = tuple(dict.fromkeys(label for s in found for label in s.claims)) or _of(entries, training)[0]
    supposed = tuple(dict.fromkeys((*_directions(training), *(c for s in found for c in s.conditions))))
    values = {s.value for s in found}
    basis = next((s.basis for s in found if s.basis), "")
    supposed = (*supposed, basis) if basis else supposed
    if len(values) > 1:
        return Expectation(role, None, why=_open(training, "the sign depends on what was not said"), conditions=supposed, claims=claims)
    if values == {None}:
        why = f"no claim gives a sign under {training.loss or 'this loss'}"
        return Expectation(role, None, why=why, conditions=supposed, claims=claims)
    return Expectation(role, values.pop(), None, "", supposed, claims)


def _open(training: Training, words: str) -> str:
    return f"{words}; say {', '.join(training.unsaid)}" if training.unsaid else words


def _length(training: Training) -> Expectation:
    if training.pooling == "mean":
        supposed = ("tokens of a text are independent and alike", "no layer rescales the mean")
        return Expectation("length", -1, None, "", supposed, (MEAN_POOLING,), architecture=True)
    return Expectation("length", None, why="a claim about length needs mean pooling (--pooling mean)", claims=(MEAN_POOLING,))


def _directions(training: Training) -> tuple[str, ...]:
    return ("the loss sees directions only: say which it is, --loss NAME",) if training.loss is None else ()


def _of(entries: Iterable[Regime], training: Training) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Claims and conditions of several regimes, each once."""
    entries = tuple(entries)
    claims = tuple(dict.fromkeys(label for r in entries for label in r.claims))
    supposed = tuple(dict.fromkeys(c for r in entries for c in r.conditions)) if len(entries) == 1 else (
        "those of each regime: normlaw imprint --optimizer NAME --decay KIND",)  # fmt: skip
    return claims, (*_directions(training), *supposed)


def known_choices() -> dict[str, tuple[str, ...]]:
    """What may be said: names of optimisers, kinds of decay, losses."""
    from theory.imprint_elsewhere import names

    return {"optimizer": names(), "decay": DECAYS, "loss": tuple(losses())}


__all__ = ["LOOKUP", "SHARED_ENCODER", "Expectation", "Training", "conditions", "expectations", "known_choices", "outside"]
