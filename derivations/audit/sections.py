"""An audit as sections of lines and tables, which page and terminal both draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derivations.audit.answers import answers, dominance, shown_signs, significant, useful
from derivations.audit.confront import SILENT, Found
from derivations.audit.expectations import Expectation
from derivations.audit.record import Audit, Source
from derivations.audit.retrieval import Retrieval
from numerics.association import Estimate
from numerics.calibration import Comparison
from numerics.calibration.comparison import MethodScores
from numerics.norm_signal import Quantised
from theory.catalogue import catalogue

HOW = "correlated is what is left of both ranks by cubes and products of ranks, and by boosted trees that were fitted to other rows"


@dataclass(frozen=True)
class Table:
    """A header, and rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """``lines`` before the tables, ``notes`` after them; ``figures``: pictures that belong here, by name, in words."""

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)


def sections(found: Audit) -> tuple[Section, ...]:
    """Answers first, then what they rest on."""
    made = [_answers(found), _files(found), _signal(found)]
    if found.associations:
        made.append(_associations(found))
    made.append(_theory(found))
    if found.retrieval is not None:
        made += [_rankings(found.retrieval), _confidence(found.retrieval)]
    return tuple(made)


def _answers(found: Audit) -> Section:
    return Section("Answers", (), (Table(("question", "answer"), answers(found)),))


def _files(found: Audit) -> Section:
    lines = [_source(s) for s in (found.source, found.control) if s is not None]
    unused = ", ".join(f"{name} ({why})" for name, why in found.unused.items())
    lines += [f"{name}: {bad}; taken as missing." for name, bad in found.unreadable.items()]
    lines += [f"Columns that nothing was made of: {unused}"] if unused else []
    return Section("What was read", tuple(lines))


def _source(s: Source) -> str:
    left = "; ".join(f"{count} row{'' if count == 1 else 's'} left out: {why} ({', '.join(map(str, s.examples.get(why, ())))}"
                     f"{', ...' if count > 5 else ''})" for why, count in s.excluded.items() if count)  # fmt: skip
    return f"{s.path}: {s.format}, {s.rows} rows of {s.dimension} {s.precision} entries" + (f"; {left}" if left else "")


def _signal(found: Audit) -> Section:
    s = found.signal
    lines = [s.verdict]
    if s.outliers.low + s.outliers.high:
        named = ", ".join(f"{o.row} ({o.norm:.4g})" for o in s.outliers.named)
        lines.append(f"outliers beyond {s.outliers.threshold:.3g} robust deviations: {s.outliers.low} short, {s.outliers.high} long;"
                     f" {named}")  # fmt: skip
    rows = [
        ("norm: mean, median", f"{s.mean:.6g}, {s.median:.6g}"),
        ("norm: least, greatest", f"{s.smallest:.6g}, {s.largest:.6g}"),
        ("coefficient of variation", f"{s.variation:.4g} ({s.variation_low:.4g} to {s.variation_high:.4g})"),
        ("robust variation", f"{s.robust_variation:.4g}"),
        ("most that rounding makes of it", ", ".join(f"{name} {value:.2g}" for name, value in s.floors.items())),
        ("entries are multiples", _steps(s.quantised)),
        ("distinct norms", f"{s.distinct} of {s.rows}"),
        ("equal norms", "; ".join(f"{e.rows} rows at {e.norm:.6g} (row {e.first}, ...)" for e in s.equal[:3]) or "none beyond chance"),
    ]
    return Section("Norms", tuple(lines), (Table(("", ""), tuple(rows)),), figures={"norms": "norms"})


def _steps(q: Quantised | None) -> str:
    if q is None:
        return "of no step that was found"
    whose = {"all": "one step", "row": "a step of each row", "dimension": "a step of each dimension"}[q.scale]
    return f"of {whose}, up to {q.steps}" + (", as int8 codes" if q.codes else "")


def _associations(found: Audit) -> Section:
    groups = any(a.controlled_by_group for a in found.associations)
    header = ("covariate", "raw", "controlled", "p", *(["groups"] if groups else []))
    rows = []
    for a in found.associations:
        role = found.roles.of(a.covariate) if found.roles else None
        cells = (a.covariate + (f"\n({role})" if role and role != a.covariate else ""), _estimate(a.raw),
                 _estimate(a.controlled) + ("\nSIGN DIFFERS" if a.signs_differ else ""),
                 _p(a.controlled.adjusted_p) + (" *" if significant(found, a.controlled) else ""))  # fmt: skip
        rows.append((*cells, *([shown_signs(a)] if groups else [])))
    tables = [Table(header, tuple(rows))]
    if found.control is not None:
        beside = tuple((a.covariate, _estimate(a.controlled), _estimate(a.reference), _estimate(a.difference)) for a in found.associations)
        tables.append(Table(("covariate", "controlled", "of the control's norms", "difference"), beside))
    slopes = tuple((e.column, _found(e.raw), _found(e.controlled)) for e in found.exponents)
    tables += [Table(("exponent of the norm in", "raw", "given the others"), slopes)] if slopes else []
    figures = {f"covariate_{i}": f"norm and {a.covariate}" for i, a in enumerate(found.associations)}
    return Section("Association", tuple(_said_of_associations(found)), tuple(tables), figures=figures)


def _said_of_associations(found: Audit) -> list[str]:
    tested = sum(not math.isnan(a.controlled.adjusted_p) for a in found.associations)
    tests = f"{tested} test" + ("" if tested == 1 else "s")
    none = found.signal.kind == "none"
    lines = [f"There is no norm signal ({found.signal.verdict}): what follows is about rounding or chance."] if none else []
    lines += [f"Spearman's rho of the norm with each covariate, with {100 * found.level:g} % intervals; controlled: {_given(found)};"
              f" p is adjusted ({found.correction}) for {tests}, * at most {1 - found.level:.3g}."]  # fmt: skip
    if found.roles is not None and found.roles.group is not None:
        lines.append(f"Intervals resample whole groups of {found.roles.group}; groups: how many show the controlled sign by themselves.")
    for a in found.associations:
        lines += [f"{a.covariate}: no correlation, {a.raw.reason}."] if math.isnan(a.raw.value) else []
        if not math.isnan(a.raw.value):
            lines += [f"{a.covariate}: {a.missing} rows without a value or a norm are left out."] if a.missing else []
            few, all_of_it = a.controlled.rows, a.raw.rows
            lines += [f"{a.covariate}: controlled on the {few} of {all_of_it} rows that have every control."] if few < all_of_it else []
            lines += [f"{a.covariate}: no interval, {a.controlled.reason}."] if a.controlled.reason else []
    lines += [f"exponent of {e.column}: {e.reason}." for e in found.exponents if e.reason]
    return lines


def _given(found: Audit) -> str:
    held = {a.covariate: a.controls for a in found.associations}
    if not any(held.values()):
        return "by nothing, there is no other covariate"
    names = list(dict.fromkeys(name for controls in held.values() for name in controls))
    of = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"{HOW}, of the others of {of}"


def _theory(found: Audit) -> Section:
    t = found.training
    said = ", ".join(f"{name} {value}" for name, value in (("encoder", t.encoder), ("optimizer", t.optimizer), ("decay", t.decay),
                                                           ("loss", t.loss), ("pooling", t.pooling)) if value)  # fmt: skip
    lines = [f"Said of the training: {said or 'nothing'}."]
    lines += [f"Outside every law of lookup rows: {found.outside}."] if found.outside else []
    predicted = [e for e in found.expectations if e.sign is not None or e.exponents is not None]
    lines += _silent([e for e in found.expectations if e.sign is None])
    tables = []
    if predicted:
        words = {1: "longer", -1: "shorter", 0: "no effect", None: "no prediction"}
        rows = tuple((e.role, words[e.sign], "" if e.exponents is None else " to ".join(dict.fromkeys(f"{x:g}" for x in e.exponents)),
                      " ".join(e.claims)) for e in predicted)  # fmt: skip
        tables.append(Table(("role", "norm with it", "exponent", "claims"), rows))
    judged = [c for c in found.confrontations if c.verdict != SILENT]
    if judged:
        each = 1 - (1 - found.level) / found.family
        what = "the difference to the control decides" if found.control is not None else "the controlled figure decides"
        lines.append(f"{found.family} predictions are judged together, each by an interval at level {each:.6g}: where all are true, one is"
                     f" said to part with probability {1 - found.level:.3g} at most; {what}.")  # fmt: skip
    met = tuple((c.column, _found(c.found), c.verdict, c.words) for c in found.confrontations if c.verdict != SILENT)
    tables += [Table(("column", "found", "verdict", ""), met)] if met else []
    notes = [f"{e.role} supposes: {c}" for e in predicted for c in e.conditions]
    notes += _titles(label for e in found.expectations if e in predicted or found.outside for label in e.claims)
    return Section("What the ledger predicts", tuple(lines), tuple(tables), tuple(dict.fromkeys(notes)))


def _silent(expectations: list[Expectation]) -> list[str]:
    """Roles without a predicted sign, those of one reason together."""
    reasons: dict[str, list[str]] = {}
    for e in expectations:
        reasons.setdefault(e.why, []).append(e.role)
    return [f"No sign is predicted for {', '.join(roles)}: {why}." for why, roles in reasons.items()]


def _titles(labels: Iterable[str]) -> list[str]:
    claims = catalogue()
    return [f"{label}: {claims[label].title}" for label in dict.fromkeys(labels)]


def _rankings(r: Retrieval) -> Section:
    rows = tuple((h.score.replace("_", " "), f"{h.skewness:.3g}", f"{100 * h.share:.3g} %", f"{100 * h.never:.3g} %",
                  _number(h.norm_correlation)) for h in (r.by_product, r.by_cosine))  # fmt: skip
    lines = [f"{r.queries} queries, {r.unjudged} of them without a relevant document; {r.documents} documents.",
             f"Lists of {r.by_product.k}: how skew the number of lists is that a document is in; the share of all places that the longest"
             f" {100 * r.by_product.fraction:.2g} % of the documents take; documents that no list has; rho of norm and lists.",
             f"{dominance(r).capitalize()}; {100 * r.lists.lost:.3g} % of the queries lose their best match by cosine from the list of"
             " inner products."]  # fmt: skip
    tables = [Table(("score", "skewness", "the longest", "in no list", "rho"), rows)]
    if (e := r.exponent) is None:
        lines.append(f"No exponent b of cos(q, d) |d|^b is fitted: {r.why_not}.")
        return Section("Rankings", tuple(lines), tuple(tables))
    lines.append(f"Exponent b of cos(q, d) |d|^b, fitted on {e.fitting} queries: {e.fitted:g} ({e.low:g} to {e.high:g})"
                 + (", an end of the grid" if e.at_edge else "") + f"; tested on {e.testing} others."
                 + f" Queries that share {r.grouped_by} ({r.groups} groups) stay together, in halves and in intervals.")  # fmt: skip
    gains = [(e.fitted, e.gains[0], ""), (0.0, e.gains[1], _three(e.over_cosine)), (1.0, e.gains[2], _three(e.over_inner_product))]
    shown = tuple((f"b = {b:g}", f"{gain:.4f}", less) for i, (b, gain, less) in enumerate(gains) if i == 0 or b != e.fitted)
    tables.append(Table((f"nDCG@{e.k} on the other half", "mean", "fitted b less this one"), shown))
    return Section("Rankings", tuple(lines), tuple(tables), figures={"exponent": "nDCG by the exponent of the norm"})


def _confidence(r: Retrieval) -> Section:
    if r.usefulness is None or r.share_right is None:
        return Section("Confidence", (f"Nothing can be said: {r.why_not}.",))
    u = r.usefulness
    verdict = useful(r)
    lines = [f"The best match by cosine is relevant for {100 * r.share_right:.4g} % of the judged queries.",
             f"{verdict[0].upper()}{verdict[1:]}.",
             f"{', '.join(r.controls)} are held against the norm and against being right in any shape that boosted trees learn from other"
             f" queries (steps, bands, interactions); they tell {100 * u.told:.3g} % of the variance of the norm. The effect is that of the"
             f" rest, over all queries and among queries alike in each control, in pairs and in all ({u.checks} ways); all must show it."
             f" What that cannot tell from an effect: {u.limits}."
             f" {u.queries} queries; those that share {r.grouped_by} count as one: {u.groups} groups."]  # fmt: skip
    tables = []
    if r.comparison is not None:
        c = r.comparison
        tables += [_scores(c, names) for names in (("NLL", "ECE", "AUROC"), ("Brier", "AURC", "nDCG"))]
        lines.append(f"Methods are fitted on {c.fitting} queries and scored on {c.testing} others; less is better but for AUROC and nDCG."
                     " ECE is told without what chance adds to it, which --json has too: its interval holds the error itself."
                     " NLL and Brier of a posterior are over all documents, those of a confidence over right or not; a confidence has no"
                     " nDCG.")  # fmt: skip
    return Section("Confidence", tuple(lines), tuple(tables), figures={"reliability": "reliability of confidence"})


def _scores(c: Comparison, names: tuple[str, ...]) -> Table:
    def cell(m: MethodScores, name: str) -> str:
        s = m.scores[name.lower()]
        return _three((s.value, s.low, s.high), signed=False)

    return Table(("method", *names), tuple((m.name, *(cell(m, name) for name in names)) for m in c.methods))


def _estimate(e: Estimate | None) -> str:
    if e is None:
        return ""
    if math.isnan(e.value):
        return "none"
    return f"{e.value:+.3f}\n({e.low:+.3f} to {e.high:+.3f})" if math.isfinite(e.low) else f"{e.value:+.3f}"


def _found(f: Found) -> str:
    return f"{f.value:+.3f}\n({f.low:+.3f} to {f.high:+.3f})" if f.known else "not measured" if math.isnan(f.value) else f"{f.value:+.3f}"


def _three(values: tuple[float, float, float], *, signed: bool = True) -> str:
    if math.isnan(values[0]):
        return ""
    form = "{:+.4f}\n({:+.4f} to {:+.4f})" if signed else "{:.3f}\n({:.3f} to {:.3f})"
    return form.format(*values)


def _p(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2g}"


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:+.3f}"
