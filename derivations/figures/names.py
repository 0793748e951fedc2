"""The figures that tell the story, by name, and what each shows; imports no library."""

from __future__ import annotations

FIGURES = {
    "quartic-growth": "a norm grows as the fourth root of its steps, over six decades, whatever it was at first",
    "drift-heat-decay": "where drift, heat and decay balance: the surface of resting norms, with simulated rows on it",
    "frequency-exponents": "how norms rise with frequency, by optimiser, and where dense Adam stops counting",
    "heavy-tails": "norms of rare rows under dense decay have power tails",
    "specificity": "specific rows are short; with negatives, concentration warms before it cools",
    "shared-budget": "a shared encoder hands length from item to item; its weights keep theirs",
}
LAWS = {  # by label: what is drawn of them
    "quartic-growth": ("B4", "B5"), "drift-heat-decay": ("C0", "C0a"), "frequency-exponents": ("C5", "C5b"), "heavy-tails": ("C6",),
    "specificity": ("C3", "C11b"), "shared-budget": ("C8a",),
}  # fmt: skip
FORMATS = ("svg", "pdf", "pgf", "png")
