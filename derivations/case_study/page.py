"""What was found, as a page of Markdown: every number comes from the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derivations.case_study.associations import HELD, Associations
from derivations.case_study.confidence import SCORES
from derivations.case_study.measure import OfTexts, Results
from derivations.case_study.retrieval import Retrieval
from numerics.association import Association, Estimate


def page(results: Results, pictures: Iterable[str]) -> str:
    """The page; ``pictures`` are the files that it shows."""
    parts = [*_head(results), *_signal(results), *_lengths(results), *_associations(results)]
    parts += _retrieval(results.retrieval) if results.retrieval else ["## Retrieval", "", "Too few queries to say anything.", ""]
    parts += ["## Pictures", "", *(f"![{name.removesuffix('.svg')}]({name})\n" for name in pictures)]
    return "\n".join(parts).rstrip() + "\n"


def _head(results: Results) -> Iterator[str]:
    record = results.record
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items() if version)
    rows, limit = record["rows"], record["limit"]
    drawn = "all of them" if limit is None else f"{limit} lemmas drawn with seed {record['seed']} of all, and glosses of theirs"
    yield from (
        "# What was found on real embeddings", "",
        f"Written by `python -m derivations.case_study`; embeddings of {record['date']}; seed {results.seed}.", "",
        f"Model {record['model']} (hash {record['fingerprints']['trained'].partition('/')[0]}), {record['dimension']} dimensions, "
        f"before its Normalize module; WordNet's nouns: {rows['lemmas']} lemmas, {rows['glosses']} glosses ({drawn}), "
        f"{rows['queries']} queries. {versions}.", "",
    )  # fmt: skip


def _signal(results: Results) -> Iterator[str]:
    yield from ("## Is there a norm signal?", "")
    for texts in results.texts:
        rows = [
            (name, s.verdict, f"{s.mean:.3f}", _interval(s.variation, s.variation_low, s.variation_high), str(s.outliers.count))
            for name, s in texts.signals.items()
        ]
        yield from (f"{texts.name}, {texts.rows} rows:", "", *_table(("embeddings", "verdict", "mean", "variation", "outliers"), rows), "")
        yield from (f"Rank correlation of the trained norms with the {other} ones, text by text: {value:.3f}." for other, value
                    in texts.same_order.items())  # fmt: skip
        yield ""


def _lengths(results: Results) -> Iterator[str]:
    yield from ("## Length", "")
    for texts in results.texts:
        variants = tuple(texts.lengths[0].median) if texts.lengths else ()
        shown = texts.lengths[:: max(1, len(texts.lengths) // 10)]
        rows = [
            (str(r.tokens), str(r.rows), *(f"{r.median[v]:.3f}" for v in variants),
             *(_signed(found[v]) for found in r.controlled.values() for v in variants))
            for r in shown
        ]  # fmt: skip
        header = ("tokens", "texts", *variants, *(f"{name}, {v}" for name in HELD for v in variants))
        yield from (f"{texts.name}: median norms, and correlations of the norm among texts of exactly so many tokens, given the rest:", "",
                    *_table(header, rows), "")  # fmt: skip
        fits = [
            (p.variant, f"{p.mean:.2f}", f"{p.spread:.2f}", f"{100 * p.worst:+.1f} % at {p.tokens}", f"{100 * p.explained:.0f} %")
            for p in texts.pooled
        ]
        yield from ("C9 fitted to the mean squared norm at each length, m^2 + s^2/T with T two more than the tokens:", "",
                    *_table(("embeddings", "m", "s", "farthest off, at tokens", "variance of squared norms between lengths"), fits),
                    "")  # fmt: skip


def _associations(results: Results) -> Iterator[str]:
    yield from ("## What goes with the norm", "",
                "Spearman's correlations; 95 % intervals and p-values resample whole supersenses; *controlled*: given all other rows "
                "of the table but the other measure of specificity. p is of the controlled one, adjusted over the covariates (Holm). "
                "*Groups*: in how many supersenses the controlled sign is positive and negative.", "")  # fmt: skip
    for texts in results.texts:
        for found in texts.associations:
            yield from (f"{texts.name}, {found.variant}:", "", *_rows_of(found), "")
            differing = [row.covariate for row in found.found if row.signs_differ]
            if differing:
                yield from (f"Raw and controlled signs differ for {', '.join(differing)}.", "")
        yield from _in_groups(texts)


def _rows_of(found: Associations) -> list[str]:
    paired = any(row.difference is not None for row in found.found)
    header = ("covariate", "raw", "controlled", "p", "groups + / -", *(("less untrained",) if paired else ()))
    return _table(header, [_row(row, paired) for row in found.found])


def _row(row: Association, paired: bool) -> tuple[str, ...]:
    groups = row.controlled_by_group
    signs = f"{groups.positive} / {groups.negative}" if groups else ""
    last = (_estimate(row.difference),) if paired and row.difference else ("",) if paired else ()
    return (row.covariate, _estimate(row.raw), _estimate(row.controlled), f"{row.controlled.adjusted_p:.2g}", signs, *last)


def _in_groups(texts: OfTexts) -> Iterator[str]:
    variants = tuple(texts.groups[0].controlled) if texts.groups else ()
    covariates = tuple(dict.fromkeys(row.covariate for row in texts.groups))
    by = {(row.group, row.covariate): row for row in texts.groups}
    groups = dict.fromkeys(row.group for row in texts.groups)
    rows = [
        (group, str(by[group, covariates[0]].rows), *(_signed(by[group, c].controlled[v]) for c in covariates for v in variants))
        for group in groups
    ]
    header = ("supersense", "rows", *(f"{c}, {v}" for c in covariates for v in variants))
    yield from (f"{texts.name}, controlled, within each supersense:", "", *_table(header, rows), "")


def _retrieval(found: Retrieval) -> Iterator[str]:
    yield from (
        "## Rankings", "",
        f"{found.queries} lemmas asked for their gloss among {found.documents}; the best by cosine is right for "
        f"{100 * found.accuracy:.1f} %.", "",
        *_table(("score", f"places of the longest {100 * found.hubs[0].fraction:.2g} %", "skewness", "norm and occurrence", "in no list"),
                [(h.score, f"{100 * h.share:.2f} %", f"{h.skewness:.2f}", f"{h.norm_correlation:+.3f}", f"{100 * h.never:.1f} %")
                 for h in found.hubs]), "",
    )  # fmt: skip
    any_of = next(iter(found.exponents.values()))
    rows = [
        (name, f"{b.fitted:+.1f} ({b.low:+.1f} to {b.high:+.1f})", *(f"{gain:.4f}" for gain in b.gains), _triple(b.over_cosine))
        for name, b in found.exponents.items()
    ]
    header = ("s in cos(q, d) s^b", "best b", "nDCG with it", "b = 0, cosine", "b = 1", "best b less cosine")
    yield from (f"Which power of what ranks best, fitted on {any_of.fitting} queries; nDCG at {any_of.k} on {any_of.testing} others. "
                "The logarithm of every s has the spread of the norm's.", "",
                *_table(header, rows), "")  # fmt: skip
    yield from (
        "## Confidence", "",
        *_table(("confidence from", *SCORES),
                [(c.name, *(f"{c.scores[s].value:.4f} ({c.scores[s].low:.4f} to {c.scores[s].high:.4f})" for s in SCORES))
                 for c in found.confidences]), "",
        "Less the first of these, on the same queries:", "",
        *_table(("confidence from", *SCORES),
                [(c.name, *(_triple((c.over_baseline[s].value, c.over_baseline[s].low, c.over_baseline[s].high))
                            + (" (better)" if c.better(s) else "") for s in SCORES)) for c in found.confidences[1:]]), "",
        "Do norms help to know which answers are right? The effect of what the controls do not tell of them, in any shape that trees"
        " learn, and held-out loss without them less that with them. *Length*: of lemma and gloss, "
        "log tokens and their square, log characters, log words. Intervals are such that all of them hold with 95 %.", "",
        *_table(("norms", "found"), [(name, u.verdict) for name, u in found.useful.items()]), "",
    )  # fmt: skip


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(header)} |", f"| {' | '.join('---' for _ in header)} |", *(f"| {' | '.join(row)} |" for row in rows)]


def _estimate(e: Estimate | None) -> str:
    if e is None or e.value != e.value:
        return "" if e is None else e.reason
    return f"{e.value:+.3f} ({e.low:+.3f} to {e.high:+.3f})"


def _triple(values: tuple[float, float, float]) -> str:
    return f"{values[0]:+.4f} ({values[1]:+.4f} to {values[2]:+.4f})"


def _signed(value: float) -> str:
    return f"{value:+.3f}" if value == value else ""


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.3g} ({low:.3g} to {high:.3g})"
