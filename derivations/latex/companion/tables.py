"""Tables of the companion: over as many pages as they need, with their head on each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def unnumbered(title: str) -> str:
    """The heading of a section without a number, which the contents name all the same."""
    return rf"\section*{{{title}}}\addcontentsline{{toc}}{{section}}{{{title}}}"


def long_table(columns: str, head: Sequence[str], rows: Iterable[str], *, between: float = 4, below: float = 0) -> str:
    r"""A table with rules; ``columns`` as ``longtable`` takes them, rows without their ends, or with ``\\*`` after which no page ends.

    ``between`` columns there are twice so many points, and ``below`` a row so many more than usual.
    """
    begun = [rf"\begingroup\small\setlength{{\tabcolsep}}{{{between:g}pt}}", rf"\begin{{longtable}}{{{columns}}}", r"\toprule"]
    end = rf" \\[{below:g}pt]" if below else r" \\"
    heads = [" & ".join(head) + r" \\", r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot"]
    return "\n".join([*begun, *heads, *(row if row.endswith(r"\\*") else row + end for row in rows), r"\end{longtable}\endgroup"])


def room(millimetres: float) -> str:
    """A new page where no more than that is left of the old one."""
    return rf"\par\vskip0pt plus {millimetres:g}mm\penalty-250\vskip0pt plus -{millimetres:g}mm\relax"


def ragged(millimetres: float) -> str:
    """A column of text, that is not stretched to both sides."""
    return rf">{{\raggedright\arraybackslash}}p{{{millimetres:g}mm}}"


def law(claim_id: str) -> str:
    """A claim by its label, with a link to its statement."""
    return rf"\ref{{claim:{claim_id}}}"
