"""All laws put to one log."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derivations.check_log import angle, by_coordinate, decay, equilibrium, finer, labels, rest, runs, shadow, steps
from derivations.check_log.equilibrium import Level
from derivations.check_log.finding import FAILS, HOLDS, SILENT, Finding, Ledger
from derivations.check_log.hypotheses import Hypothesis, hypotheses
from derivations.check_log.reach import beyond
from derivations.check_log.records import Records
from derivations.check_log.rules.rule import RULE, update_rule
from derivations.ledger.document import finite
from numerics.training_log import read_log

CLAIMS = ("A1", "A8b", "B2", "B3", "B4", "B6", "B8a", "B8c", "B8d", "B8e", "B8f", "B12b", "B12c", "B12d", "B12e", "B12f", "B12i",
          "C0", "C6")  # fmt: skip
SHOWN = 8  # rows of the table of norms
UNTESTED, DOUBTFUL = "no law of the optimiser was tested", "the log is not what its setting says"
UNSEEN = "whether the loss sees lengths cannot be told, nor any law of the norm"
OF_NORMS = {steps.STEP.name, shadow.SHADOW.name, runs.RUN.name, runs.QUARTIC.name, equilibrium.LEVEL.name, by_coordinate.GROWTH.name}
OF_LOSSES = {angle.RIGHT.name, angle.GUARD.name}
LAWS = (angle.RIGHT, angle.GUARD, steps.BALANCE, RULE, steps.STEP, shadow.SHADOW, runs.RUN, runs.QUARTIC, equilibrium.LEVEL, rest.REST,
        by_coordinate.GROWTH)  # fmt: skip
ORDER = tuple(law.name for law in LAWS)


@dataclass(frozen=True)
class Report:
    """What was found; ``estimates`` are figures that no law judges."""

    records: Records
    findings: tuple[Finding, ...]
    hypotheses: tuple[Hypothesis, ...]
    level: Level | None
    estimates: dict[str, float]

    doubts: tuple[str, ...] = ()  # what the setting says and the log belies, where verdicts rest on it

    @property
    def verdict(self) -> str:
        """``fails`` if a law does, `DOUBTFUL` where the log belies its setting, ``holds`` if a law of the optimiser does and none fails.

        A law of the optimiser is one of the norm; or its update rule, if the right angle was told too: the rule moves whatever gradient
        it is given, and if that may be radial as far as rounding goes, nothing was tested that is about norms (`UNSEEN`).

        The balance (C0) holds for any vectors, and so does its rest: they show that a log is consistent with itself, and no law of
        training. The right angle (A1) is the loss's, whatever the optimiser does: if it alone was tested, that is `UNTESTED`.
        """
        held = {f.law for f in self.findings if f.verdict == HOLDS}
        if any(f.verdict == FAILS for f in self.findings):
            return FAILS
        if self.doubts:
            return DOUBTFUL
        if held & OF_NORMS or (RULE.name in held and held & OF_LOSSES):
            return HOLDS
        if RULE.name in held:
            return UNSEEN
        return UNTESTED if held - {steps.BALANCE.name, rest.REST.name} else "nothing could be decided"

    @property
    def untested(self) -> str:
        """Why the rule of the optimiser named was not tested, and the right angle of the gradients there are; nothing if both were."""
        return "; ".join(filter(None, (self._untested_rule(), self._untested_angle())))

    def _untested_rule(self) -> str:
        rule = next((f for f in self.findings if f.law == RULE.name), None)
        if rule is None or rule.verdict != SILENT:
            return ""
        named = "" if self.records.setting.optimizer == "other" else f" of {self.records.setting.optimizer}"
        return f"the {RULE.name}{named} was not tested: {rule.reason}"

    def _untested_angle(self) -> str:
        told = {f.law: f for f in self.findings if f.law in OF_LOSSES}
        right = told[angle.RIGHT.name]
        if not self.records.has_gradient.any() or any(f.verdict != SILENT for f in told.values()):
            return ""
        share = f"; {100 * seen:.2g} % of the gradient energy is radial" if (seen := self.estimates.get("radial_share")) else ""
        return f"the {right.law} was not tested: {right.reason}{share}"


def ledger() -> Ledger:
    """The formulas of the claims that are compared."""
    from theory.catalogue import catalogue

    claims = catalogue()
    return {label: claims[label].formulas for label in CLAIMS}


def check_log(path: str | Path, formulas: Ledger | None = None) -> Report:
    """Read a log and put the laws to it; ``formulas`` are the ledger's unless others are to be tried. Raises `InvalidInput`."""
    return check(Records(read_log(path)), formulas or ledger())


def check(of: Records, formulas: Ledger) -> Report:
    """The same for a log that was read."""
    if reason := beyond(of):
        return _out_of_reach(of, formulas, reason)
    said, of = of, finer.refined(of, formulas)
    settled, level = equilibrium.check(of, formulas)
    found, slopes = labels.judged(of, lambda which: _allowing_for_slopes(which, formulas))
    rule = decay.told(of, (update_rule(of, formulas),), lambda which: (update_rule(which, formulas),))
    told = {f.law: f for f in (
        *found, *rule, steps.balance(of, formulas), settled, rest.check(of, formulas),
        by_coordinate.growth(of, formulas),
    )}  # fmt: skip
    if exact := finer.words(said, of):
        told[angle.RIGHT.name] = told[angle.RIGHT.name].noting(exact)
    findings = tuple(told[name] for name in ORDER if name in told)
    kept = labels.precision(of)
    doubts = tuple(label.words for label in (kept, slopes) if label.misleads)
    return Report(of, findings, hypotheses(of, findings, level, kept, slopes), level, estimates(of), doubts)


def _out_of_reach(of: Records, formulas: Ledger, reason: str) -> Report:
    """Only laws that compare no powers of lengths are judged; of estimates those that overflow are none."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        told = {f.law: f for f in angle.check(of, formulas)}
        told |= {law.name: law.silent(reason) for law in LAWS if law.name not in told and law is not angle.GUARD}
        return Report(of, tuple(told[name] for name in ORDER if name in told), (), None, estimates(of))


def _allowing_for_slopes(of: Records, formulas: Ledger) -> tuple[Finding, ...]:
    """Laws whose bounds grow with the length of slopes."""
    def decaying(which: Records) -> tuple[Finding, ...]:
        return steps.step(which, formulas), shadow.check(which, formulas), runs.run(which, formulas)

    return (*angle.check(of, formulas), *decay.told(of, decaying(of), decaying), runs.quartic(of, formulas))


def estimates(of: Records) -> dict[str, float]:
    """Means over the second half of the run: norm and its change, energy, drift, heat, rotation."""
    first, last = of.span
    late = of.log.step >= first + (last - first + 1) // 2
    found = {"rows": float(len(of.starts) - 1), "records": float(len(of.log)), "steps": float(last - first + 1),
             "norm": float(np.mean(of.norm[late])), "norm_at_start": float(np.mean(of.norm[of.starts[:-1]])),
             "norm_at_end": float(np.mean(of.norm[of.starts[1:] - 1]))}  # fmt: skip
    if (known := late & of.has_gradient).any():
        found["energy"] = float(np.mean(of.energy[known]))
        whole = (of.gradient * of.norm)[known] ** 2
        found["radial_share"] = float(np.sum(of.radial[known] ** 2) / np.sum(whole)) if np.any(whole > 0) else 0.0
    if (known := late & of.has_move & (of.eta > 0)).any():
        drift, heat = steps.drift_and_heat(of)
        cosine = (of.before + of.log["along"]) / (of.norm * np.sqrt(of.after))
        found |= {"drift": float(np.mean(drift[known])), "heat": float(np.mean(heat[known])),
                  "rotation": float(np.mean(np.arccos(np.clip(cosine[known], -1, 1))))}  # fmt: skip
    return found


def norms(report: Report, most: int = SHOWN) -> list[dict[str, Any]]:
    """Measured and predicted norms at equilibrium, rows spread over the measured ones; none without a level."""
    level, log = report.level, report.records.log
    if level is None:
        return []
    order = np.argsort(level.measured)
    chosen = order[np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).astype(int))]
    return [{"parameter": log.names[log.parameter[k]], "row": int(log.row[k]), "measured": float(level.measured[i]),
             "predicted": float(level.predicted[i])} for i in chosen for k in (level.rows[i],)]  # fmt: skip


def document(report: Report) -> dict[str, Any]:
    """Everything, for JSON; a figure that there is none of is "nan", as in the ledger."""
    of, log, level = report.records, report.records.log, report.level
    found: dict[str, Any] = {
        "version": 1, "log": str(log.path), "verdict": report.verdict, "untested": report.untested,
        "doubts": list(report.doubts), "setting": asdict(of.setting),
        "parts": log.parts, "closed": log.closed,
        "laws": [{**asdict(f), "claims": list(f.claims)} for f in report.findings],
        "hypotheses": [asdict(h) for h in report.hypotheses], "estimates": report.estimates,
        "equilibrium": None if level is None else {"relaxation_steps": level.memory, "steps": level.steps, "heat_over_white": level.white,
                                                   "rows": norms(report, len(level.measured))},
    }  # fmt: skip
    return dict(finite(found))
