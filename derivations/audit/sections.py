"""An audit as sections of lines and tables, which page and terminal both draw."""

from __future__ import annotations

from derivations.audit.answers import answers
from derivations.audit.association_sections import associations, theory
from derivations.audit.layout import Section, Table, listed, many
from derivations.audit.record import Audit, Labels, Source
from derivations.audit.retrieval_sections import confidence, rankings
from numerics.categories import FEWEST_ROWS
from numerics.norm_signal import Quantised


def sections(audit: Audit) -> tuple[Section, ...]:
    """Answers first, then what they rest on."""
    made = [Section("Answers", (), (Table(("question", "answer"), answers(audit)),)), _files(audit), _signal(audit)]
    if audit.associations:
        made.append(associations(audit))
    made.append(theory(audit))
    if audit.retrieval is not None:
        made += [rankings(audit.retrieval), confidence(audit.retrieval)]
    return tuple(made)


def _files(audit: Audit) -> Section:
    lines = [_source(audit.source), *([f"control: {_source(audit.control)}"] if audit.control is not None else [])]
    lines += [f"{name}: {bad}; taken as missing." for name, bad in audit.unreadable.items()]
    lines += [f"{name}: {_labels(held)}." for name, held in audit.labels.items()]
    unused = [f"{name} ({why})" for name, why in audit.unused.items()]
    lines += [f"Columns not used: {listed(unused, 20)}."] if unused else []
    return Section("What was read", tuple(lines))


def _labels(held: Labels) -> str:
    most = sorted(held.rows.items(), key=lambda item: -item[1])
    named = listed([f"{label} {count}" for label, count in most], 5)
    rare = f"{many(held.rare_rows, 'row')} of {many(held.rare, 'label')} with fewer than {FEWEST_ROWS} rows"
    out = [rare] if held.rare else []
    out += [f"{many(held.missing, 'row')} without one"] if held.missing else []
    return (f"text, controlled for by {many(len(most), 'label')} ({named})"
            + (f"; left out of what is controlled: {' and '.join(out)}" if out else ""))  # fmt: skip


def _source(s: Source) -> str:
    left = "; ".join(f"{many(count, 'row')} left out: {why} ({', '.join(map(str, s.examples.get(why, ())))}"
                     f"{', ...' if count > 5 else ''})" for why, count in s.excluded.items() if count)  # fmt: skip
    return f"{s.path}: {s.format}, {many(s.rows, 'row')} of {s.dimension} {s.precision} entries" + (f"; {left}" if left else "")


def _signal(audit: Audit) -> Section:
    s = audit.signal
    lines = [f"{s.verdict[0].upper()}{s.verdict[1:]}."]
    if s.outliers.low + s.outliers.high:
        named = ", ".join(f"{o.row} ({o.norm:.4g})" for o in s.outliers.named)
        lines.append(f"Outliers, more than {s.outliers.threshold:.3g} robust standard deviations from the median: {s.outliers.low} short,"
                     f" {s.outliers.high} long; rows (norms): {named}.")  # fmt: skip
    rows = [
        ("mean, median", f"{s.mean:.6g}, {s.median:.6g}"),
        ("least, greatest", f"{s.smallest:.6g}, {s.largest:.6g}"),
        ("standard deviation / mean", f"{s.variation:.4g} " + (
            "(no interval: a single row decides it)" if s.decided_by_one else f"({s.variation_low:.4g} to {s.variation_high:.4g})")),
        ("the same, but for outliers", f"{s.robust_variation:.4g}"),
        ("what rounding alone makes of it", ", ".join(f"{name} {value:.2g}" for name, value in s.floors.items())),
        ("entries quantised", _steps(s.quantised)),
        ("different norms", f"{s.distinct} of {s.rows}"),
        ("equal norms", "; ".join(f"{many(e.rows, 'row')} at {e.norm:.6g} (row {e.first}, ...)" for e in s.equal[:3])
         or "no more than by chance"),
    ]  # fmt: skip
    return Section("Norms", tuple(lines), (Table(("", ""), tuple(rows)),), figures={"norms": "norms"})


def _steps(q: Quantised | None) -> str:
    if q is None:
        return "no: they are multiples of no step"
    whose = {"all": "one step", "row": "a step of each row", "dimension": "a step of each dimension"}[q.scale]
    return f"yes: multiples of {whose}, up to {q.steps}" + (", as int8 codes" if q.codes else "")
