"""Rankings and confidence, as sections."""

from __future__ import annotations

from derivations.audit.answers import dominance, useful
from derivations.audit.layout import Section, Table, listed, signed, three
from derivations.audit.retrieval import Retrieval
from numerics.calibration import Comparison
from numerics.calibration.comparison import MethodScores


def rankings(r: Retrieval) -> Section:
    """Hubs, and the exponent of the norm."""
    rows = tuple((h.score.replace("_", " "), f"{h.skewness:.3g}", f"{100 * h.share:.3g} %", f"{100 * h.never:.3g} %",
                  signed(h.norm_correlation)) for h in (r.by_product, r.by_cosine))  # fmt: skip
    first = dominance(r)
    lines = [f"{r.queries} queries, {r.unjudged} of them without a known relevant document; {r.documents} documents.",
             f"{first[0].upper()}{first[1:]}. {100 * r.lists.lost:.3g} % of the queries lose their best match by cosine from the list of"
             " inner products altogether.",
             f"In how many lists of {r.lists.k} is a document? Skewness: 0 if lists spread evenly, large if a few documents (hubs) are in"
             f" very many. Longest: the share of all places that goes to the {100 * r.by_product.fraction:.2g} % of the documents with the"
             " greatest norms. In no list: share of the documents. rho: rank correlation of a document's norm with the number of its"
             " lists."]  # fmt: skip
    tables = [Table(("score", "skewness", "longest", "in no list", "rho"), rows)]
    if (e := r.exponent) is None:
        lines.append(f"No exponent b of cos(q, d) |d|^b is fitted: {r.why_not}.")
        return Section("Rankings", tuple(lines), tuple(tables))
    lines.append(f"Documents ranked by cos(q, d) |d|^b: b = 0 is the cosine, b = 1 the inner product. On {e.fitting} queries b ="
                 f" {e.fitted:g} ({e.low:g} to {e.high:g}) ranks best" + (", an end of what was tried" if e.at_edge else "")
                 + f"; it was tested on {e.testing} others. Queries that share {r.grouped_by} ({r.groups} groups) are not taken for"
                 " independent: they are in the same half, and resampled together.")  # fmt: skip
    gains = [(e.fitted, e.gains[0], ""), (0.0, e.gains[1], three(e.over_cosine)), (1.0, e.gains[2], three(e.over_inner_product))]
    shown = tuple((f"b = {b:g}", f"{gain:.4f}", less) for i, (b, gain, less) in enumerate(gains) if i == 0 or b != e.fitted)
    tables.append(Table((f"nDCG@{e.k} on the others", "mean", "gain of the fitted b over it"), shown))
    return Section("Rankings", tuple(lines), tuple(tables), figures={"exponent": "nDCG by the exponent of the norm"})


def confidence(r: Retrieval) -> Section:
    """Whether the norm tells of being right, how that was found, and methods side by side."""
    if r.usefulness is None or r.share_right is None:
        return Section("Confidence", (f"Nothing can be said: {r.why_not}.",))
    u = r.usefulness
    verdict = useful(r)
    lines = [f"The best match by cosine is relevant for {100 * r.share_right:.4g} % of the judged queries.",
             f"{verdict[0].upper()}{verdict[1:]}.",
             f"How: what {listed(r.controls)} say of the norm, and of being right, is taken away first, in any shape that boosted trees"
             f" learn from other queries (steps, bands, interactions); it is {100 * u.told:.3g} % of the variance of the norm. What is left"
             " of the norm must then tell of being right over all queries, and among queries alike in each control, in pairs and in all of"
             f" them: {u.checks + 1} comparisons, all of which must agree. {u.queries} queries; those that share {r.grouped_by} count as"
             f" one: {u.groups} groups."]  # fmt: skip
    tables = []
    if r.comparison is not None:
        c = r.comparison
        tables += [_scores(c, names) for names in (("NLL", "ECE", "AUROC"), ("Brier", "AURC", "nDCG"))]
        lines.append(f"Methods are fitted on {c.fitting} queries and scored on {c.testing} others. Less is better of NLL (log loss), ECE"
                     " (calibration error, without what chance adds to it), Brier (squared error) and AURC (error"
                     " when unsure queries are left unanswered); more is better of AUROC (right told from wrong) and nDCG (ranking)."
                     " NLL and Brier of a temperature are over all documents, those of a logistic over right or wrong, so they do not"
                     " compare; only a temperature ranks.")  # fmt: skip
    return Section("Confidence", tuple(lines), tuple(tables), figures={"reliability": "reliability of confidence"})


def _scores(c: Comparison, names: tuple[str, ...]) -> Table:
    def cell(m: MethodScores, name: str) -> str:
        s = m.scores[name.lower()]
        return three((s.value, s.low, s.high), signed=False)

    return Table(("method", *names), tuple((m.name, *(cell(m, name) for name in names)) for m in c.methods))
