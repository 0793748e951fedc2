"""Tables of the companion: over as many pages as they need, with their head on each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def long_table(columns: str, head: Sequence[str], rows: Iterable[str]) -> str:
    r"""A table with rules; ``columns`` as ``longtable`` takes them, rows without their ends, or with ``\\*`` after which no page ends."""
    begun = [r"\begingroup\small\setlength{\tabcolsep}{4pt}", rf"\begin{{longtable}}{{{columns}}}", r"\toprule"]
    heads = [" & ".join(head) + r" \\", r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot"]
    return "\n".join([*begun, *heads, *(row if row.endswith(r"\\*") else rf"{row} \\" for row in rows), r"\end{longtable}\endgroup"])


def ragged(millimetres: float) -> str:
    """A column of text, that is not stretched to both sides."""
    return rf">{{\raggedright\arraybackslash}}p{{{millimetres:g}mm}}"


def law(claim_id: str) -> str:
    """A claim by its label, with a link to its statement."""
    return rf"\ref{{claim:{claim_id}}}"
