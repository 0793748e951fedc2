"""Rows that look never trained: in words, and which rows they are."""

from __future__ import annotations

from derivations.audit.layout import many
from derivations.audit.record import Audit
from numerics.norm_signal import ShortGroup, Untrained

TABLE = "untrained_rows.csv"
_NAMED = 10


def looks_untrained(found: Audit) -> str:
    """The answer. Short norms apart from the others are never passed over: where nothing can be told of them, that is said."""
    s = found.signal
    words = [f"{u.rows} rows with norms {u.lowest:.4g} to {u.highest:.4g} are as long as random {u.entries} entries would make them"
             f"{_which(found, u)}" for u in s.untrained]  # fmt: skip
    if s.short_group is not None and s.short_group.looks != "random" and not any(
        u.lowest <= s.short_group.highest and s.short_group.lowest <= u.highest for u in s.untrained
    ):
        words.append(_short(found, s.short_group))
    if words:
        return "; ".join(words)
    if s.kind == "none":
        return "norms do not tell: they carry no signal"
    if s.outliers.low:
        return f"cannot be said: {many(s.outliers.low, 'row')} far shorter than the rest, too few to tell or not in one group"
    return "none found"


def _short(found: Audit, g: ShortGroup) -> str:
    head = f"{g.rows} short rows with norms {g.lowest:.4g} to {g.highest:.4g} are apart from all others"
    spread = f"{g.spread_low:.2g} to {g.spread_high:.2g} times that of random normal entries"
    if g.looks == "other":
        return f"{head}, but not random: their spread is {spread}{_which(found, g)}"
    return f"{head}: too few to tell whether they are random (their spread is {spread}){_which(found, g)}"


def _which(found: Audit, group: Untrained | ShortGroup) -> str:
    if isinstance(group, Untrained) and group.everything:
        return ""
    rows = group.numbers(found.norms)
    return f" (rows {', '.join(map(str, rows[:_NAMED].tolist()))}{', ...' if len(rows) > _NAMED else ''}; --out lists them in {TABLE})"


def groups(found: Audit) -> tuple[tuple[str, Untrained | ShortGroup], ...]:
    """Groups of rows that may be listed, and how they look; not the whole table."""
    told = tuple(("random", u) for u in found.signal.untrained if not u.everything)
    few = found.signal.short_group
    return told if few is None or few.looks == "random" else (*told, (few.looks, few))


def numbers(found: Audit) -> list[dict[str, object]]:
    """All row numbers of each group, for machines."""
    return [{"looks": looks, "rows": group.numbers(found.norms).tolist()} for looks, group in groups(found)]


def table(found: Audit) -> str:
    """CSV of all rows of the groups, with their norms; a header alone where there is none."""
    lines = ["row,norm,looks"]
    for looks, group in groups(found):
        lines += [f"{row},{float(found.norms[row])!r},{looks}" for row in group.numbers(found.norms).tolist()]
    return "\n".join(lines) + "\n"
