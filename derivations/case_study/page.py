"""What was found, as a page of Markdown: every number, and every word that a number decides, comes from the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from derivations.audit.expectations import IN_SHARED, LOOKUP, Training, expectations
from derivations.case_study.audits import Audited
from derivations.case_study.confidence import CONTROLS
from derivations.case_study.measure import OfTexts, Results
from derivations.case_study.within import HELD
from numerics.calibration import Usefulness
from numerics.rankings import NormExponent

_ROWS_OF_A_TABLE = Training(LOOKUP, "sgd", "none", "infonce")  # what C3 to C5 are about
_SIGNS = {1: "longer", -1: "shorter", 0: "no effect", None: "no prediction"}


def page(results: Results, pictures: Iterable[str]) -> str:
    """The page; ``pictures`` are the files that it shows."""
    shown = {name: [f"![{name.removesuffix('.svg')}]({name})", ""] if name in pictures else [] for name in
             ("lengths.svg", "groups.svg", "exponents.svg")}  # fmt: skip
    parts = [*_head(results), *_audits(results.audits), *_signs(results), *_lengths(results), *shown["lengths.svg"]]
    parts += [*_groups(results), *shown["groups.svg"], *_rankings(results.exponents), *shown["exponents.svg"], *_useful(results.useful)]
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


def _audits(audits: Mapping[str, Audited]) -> Iterator[str]:
    yield from ("## The audits", "", "On the files that `--only embed` wrote, by", "", "```")
    yield from (audited.command for audited in audits.values())
    yield from ("```", "", f"Pages: {', '.join(f'[{name}]({name}/audit.md)' for name in audits)}. Their answers:", "")
    for name, audited in audits.items():
        rows = [(a["question"], a["answer"].replace("|", "\\|").replace("\n", " ")) for a in audited.report["answers"]]
        yield from (f"{name}:", "", *_table(("question", "answer"), rows), "")


def _signs(results: Results) -> Iterator[str]:
    """The controlled signs that were found beside those of laws that are about other models."""
    texts = {name: audited for name, audited in results.audits.items() if audited.report["associations"]}
    rows = []
    for e in expectations(_ROWS_OF_A_TABLE)[:3]:
        found = [_met(audited, e.role, e.sign) for audited in texts.values()]
        rows.append((e.role, " ".join(e.claims), _SIGNS[e.sign], *found))
    header = ("norm with", "claims", "rows of a lookup table under SGD", *texts)
    yield from (
        "## Signs, beside those of laws that do not apply here", "",
        f"The model is a shared encoder, of which no claim gives a sign: {IN_SHARED}. "
        "Beside what was found, controlled, stands what the ledger says of free rows of a lookup table under plain SGD, InfoNCE and "
        "no decay:",
        "", *_table(header, rows), "",
    )  # fmt: skip


def _met(audited: Audited, role: str, predicted: int | None) -> str:
    column = audited.role(role)
    e = None if column is None else audited.controlled(column)
    if e is None or e["value"] is None or e["low"] is None:
        return "not measured"
    told = e["adjusted_p"] is not None and e["adjusted_p"] <= 1 - audited.report["level"]  # as the audit's page marks it
    sign = ((e["value"] > 0) - (e["value"] < 0)) * told
    verdict = "not told from none" if sign == 0 else _SIGNS[sign]
    against = "" if sign == 0 or predicted is None else ", the same" if sign == predicted else ", **the other way round**"
    return f"{verdict}{against}: {_triple((e['value'], e['low'], e['high']), 3)}"


def _lengths(results: Results) -> Iterator[str]:
    yield from ("## Length", "")
    for texts in results.texts:
        yield from (f"Rank correlation of the trained norms of {texts.name} with the {other} ones, text by text: {value:.3f}."
                    for other, value in texts.same_order.items())  # fmt: skip
        yield from ("", *_by_length(texts))
        fits = [
            (p.variant, f"{p.mean:.2f}", f"{p.spread:.2f}", f"{100 * p.worst:+.1f} % at {p.tokens}", f"{100 * p.explained:.0f} %")
            for p in texts.pooled
        ]
        yield from ("C9 fitted to the mean squared norm at each length, m^2 + s^2/T with T two more than the tokens:", "",
                    *_table(("embeddings", "m", "s", "farthest off, at tokens", "variance of squared norms between lengths"), fits),
                    "")  # fmt: skip


def _by_length(texts: OfTexts) -> Iterator[str]:
    variants = tuple(texts.lengths[0].median) if texts.lengths else ()
    rows = [
        (str(r.tokens), str(r.rows), *(f"{r.median[v]:.3f}" for v in variants),
         *(_signed(found[v]) for found in r.controlled.values() for v in variants))
        for r in texts.lengths[:: max(1, len(texts.lengths) // 10)]
    ]  # fmt: skip
    header = ("tokens", "texts", *variants, *(f"{name}, {v}" for name in HELD for v in variants))
    yield from (f"{texts.name}: median norms, and correlations of the norm among texts of exactly so many tokens, given the rest:", "",
                *_table(header, rows), "")  # fmt: skip


def _groups(results: Results) -> Iterator[str]:
    yield from ("## Within each supersense", "", "Rank correlations with the norm, given all the rest, in those of enough rows.", "")
    for texts in (texts for texts in results.texts if texts.groups):
        variants = tuple(texts.groups[0].controlled) if texts.groups else ()
        by = {(row.group, row.covariate): row for row in texts.groups}
        rows = [
            (group, str(by[group, HELD[0]].rows), *(_signed(by[group, c].controlled[v]) for c in HELD for v in variants))
            for group in dict.fromkeys(row.group for row in texts.groups)
        ]
        yield from (f"{texts.name}:", "", *_table(("supersense", "rows", *(f"{c}, {v}" for c in HELD for v in variants)), rows), "")


def _rankings(found: Mapping[str, NormExponent]) -> Iterator[str]:
    yield from ("## What might stand for the norm in a ranking", "")
    if not found:
        yield from ("Too few queries to say anything.", "")
        return
    some = next(iter(found.values()))
    rows = [
        (name, f"{b.fitted:+.2f} ({b.low:+.2f} to {b.high:+.2f})", *(f"{gain:.4f}" for gain in b.gains), _triple(b.over_cosine))
        for name, b in found.items()
    ]
    header = ("s in cos(q, d) s^b", "best b", "nDCG with it", "b = 0, cosine", "b = 1", "best b less cosine")
    yield from (f"Fitted on {some.fitting} queries; nDCG at {some.k} on {some.testing} others. The logarithm of every s has the spread of "
                "that of the norm, whose own exponent is in the audit of the retrieval.", "", *_table(header, rows), "")  # fmt: skip


def _useful(found: Mapping[str, Usefulness]) -> Iterator[str]:
    if found:
        yield from (
            "## Confidence, beyond what the audit asks", "",
            "Do norms help to know which best matches are right, beyond cosine, margin and tokens, characters and words of lemma and "
            "gloss? Intervals are such that all of them hold with 95 %.",
            "", *_table(("of", "found"), [(name, u.words(CONTROLS)) for name, u in found.items()]), "",
        )  # fmt: skip


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(header)} |", f"| {' | '.join('---' for _ in header)} |", *(f"| {' | '.join(row)} |" for row in rows)]


def _triple(values: tuple[float, float, float], digits: int = 4) -> str:
    value, low, high = (f"{v:+.{digits}f}" for v in values)
    return f"{value} ({low} to {high})"


def _signed(value: float) -> str:
    return f"{value:+.3f}" if value == value else ""
