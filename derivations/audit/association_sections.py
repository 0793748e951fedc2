"""What norms go with, and what theory predicts of it, as sections."""

from __future__ import annotations

import math
from collections.abc import Iterable

from derivations.audit.answers import shown_signs, significant
from derivations.audit.confront import PARTS, SILENT, Confrontation
from derivations.audit.expectations import Expectation
from derivations.audit.layout import Section, Table, chance, estimate, found, listed, many
from derivations.audit.record import Audit
from theory.catalogue import catalogue

HOW = ("what the other columns ({names}) say of both ranks is taken away first, by squares, cubes and products of their ranks, by"
       " another curve of each number at each label, and by boosted trees fitted to other rows; not taken away are shapes finer than"
       " these, such as whether a length is odd or the sign of a product of three, nor all of curves by label with fewer than five"
       " rows a term")  # fmt: skip


def associations(audit: Audit) -> Section:
    """Raw, controlled, beyond a control; exponents."""
    groups = any(a.controlled_by_group for a in audit.associations)
    header = ("covariate", "raw", "controlled", "p", *(["groups"] if groups else []))
    rows = []
    for a in audit.associations:
        role = audit.roles.of(a.covariate) if audit.roles else None
        cells = (a.covariate + (f"\n({role})" if role and role != a.covariate else ""), estimate(a.raw),
                 estimate(a.controlled) + ("\nSIGN DIFFERS" if a.signs_differ else ""),
                 chance(a.controlled.adjusted_p) + (" *" if significant(audit, a.controlled) else ""))  # fmt: skip
        rows.append((*cells, *([shown_signs(a)] if groups else [])))
    tables = [Table(header, tuple(rows))]
    if audit.control is not None:
        beside = tuple((a.covariate, estimate(a.controlled), estimate(a.reference), estimate(a.difference)) for a in audit.associations)
        tables.append(Table(("covariate", "controlled", "the same of the control", "difference"), beside))
    slopes = tuple((e.column, found(e.raw), found(e.controlled)) for e in audit.exponents)
    tables += [Table(("exponent: norm as a power of", "raw", "given the others"), slopes)] if slopes else []
    figures = {f"covariate_{i}": f"norm and {a.covariate}" for i, a in enumerate(audit.associations)}
    return Section("Association", tuple(_said_of_associations(audit)), tuple(tables), figures=figures)


def _said_of_associations(audit: Audit) -> list[str]:
    tested = sum(not math.isnan(a.controlled.adjusted_p) for a in audit.associations)
    none = audit.signal.kind == "none"
    lines = [f"There is no norm signal ({audit.signal.verdict}): what follows is about rounding or chance."] if none else []
    lines += [f"Spearman's rank correlation of the norm with each covariate, with {100 * audit.level:g} % intervals."
              f" Controlled: {_given(audit)}. p: the chance of so large a controlled correlation where there is none, adjusted for"
              f" {many(tested, 'test')} ({audit.correction}); * at most {1 - audit.level:.3g}."]  # fmt: skip
    if audit.roles is not None and audit.roles.group is not None:
        lines.append(f"Rows of one {audit.roles.group} are not taken for independent: intervals resample whole groups. Groups: in how many"
                     " the controlled correlation has the same sign.")  # fmt: skip
    if audit.control is not None:
        lines.append(f"Control: the norms in {audit.control.path}. A difference whose interval holds 0 is not beyond it.")
    for a in audit.associations:
        lines += [f"{a.covariate}: no correlation, {a.raw.reason}."] if math.isnan(a.raw.value) else []
        if not math.isnan(a.raw.value):
            out, few, all_of_it = a.missing, a.controlled.rows, a.raw.rows
            lines += [f"{a.covariate}: {out} rows without a value or a norm are left out, {all_of_it} are used."] if out else []
            lines += [f"{a.covariate}: controlled on the {few} of {all_of_it} rows that have every control."] if few < all_of_it else []
            lines += [f"{a.covariate}: no interval, {a.controlled.reason}."] if a.controlled.reason else []
    return lines + [f"exponent of {e.column}: {e.reason}." for e in audit.exponents if e.reason]


def _given(audit: Audit) -> str:
    held = {a.covariate: a.controls for a in audit.associations}
    if not any(held.values()):
        return "for nothing, as there is no other covariate"
    return HOW.format(names=listed(list(dict.fromkeys(name for controls in held.values() for name in controls))))


def theory(audit: Audit) -> Section:
    """What was said of the training, what follows for each role, and whether it is so."""
    t = audit.training
    said = ", ".join(f"{name} {value}" for name, value in (("encoder", t.encoder), ("optimizer", t.optimizer), ("decay", t.decay),
                                                           ("loss", t.loss), ("pooling", t.pooling)) if value)  # fmt: skip
    lines = [f"You said of the training: {said or 'nothing'}."]
    lines += [f"No law about rows of a table applies: {audit.outside}."] if audit.outside else []
    predicted = [e for e in audit.expectations if e.sign is not None or e.exponents is not None]
    lines += _silent([e for e in audit.expectations if e.sign is None])
    tables = []
    if predicted:
        words = {1: "longer", -1: "shorter", 0: "no effect", None: "no prediction"}
        rows = tuple((e.role, words[e.sign], "" if e.exponents is None else " to ".join(dict.fromkeys(f"{x:g}" for x in e.exponents)),
                      " ".join(e.claims)) for e in predicted)  # fmt: skip
        tables.append(Table(("role", "predicted norm with more of it", "exponent", "laws"), rows))
    judged = [c for c in audit.confrontations if c.verdict != SILENT]
    lines += [_together(audit)] if judged else []
    tables += [Table(("column", "found", "verdict", ""), tuple(_met(c) for c in judged))] if judged else []
    notes = [f"assumed for {e.role}: {c}" for e in predicted for c in e.conditions]
    notes += _titles(label for e in audit.expectations if e in predicted or audit.outside for label in e.claims)
    return Section("What theory predicts", tuple(lines), tuple(tables), tuple(dict.fromkeys(notes)))


def _met(c: Confrontation) -> tuple[str, str, str, str]:
    return c.column, found(c.found), "AGAINST it" if c.verdict == PARTS else c.verdict, c.words


def _together(audit: Audit) -> str:
    each = 100 * (1 - (1 - audit.level) / audit.family)
    what = ("the difference to the control (of a claim about the architecture, which the control shares, of the figure itself)"
            if audit.control is not None else "the controlled figure")  # fmt: skip
    if audit.family == 1:
        return f"One prediction is judged, by the {each:.6g} % interval of {what}."
    return (f"{audit.family} predictions are judged, each by the {each:.6g} % interval of {what}: so that, if all are true, the chance that"
            f" any is said to be wrong is {1 - audit.level:.3g} at most.")  # fmt: skip


def _silent(expectations: list[Expectation]) -> list[str]:
    """Roles without a predicted sign, those of one reason together."""
    reasons: dict[str, list[str]] = {}
    for e in expectations:
        reasons.setdefault(e.why, []).append(e.role)
    return [f"No sign is predicted for {', '.join(roles)}: {why}." for why, roles in reasons.items()]


def _titles(labels: Iterable[str]) -> list[str]:
    claims = catalogue()
    return [f"{label}: {claims[label].title}" for label in dict.fromkeys(labels)]
