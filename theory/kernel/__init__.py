"""The trusted core. Nothing else decides anything: every verdict of the project comes from `decide`."""

from theory.kernel.binding import finite, fresh, substitute
from theory.kernel.deciders import decide
from theory.kernel.domain import Domain, Interval, Point
from theory.kernel.goals import All, AtLeast, ByInduction, Equal, Expands, Goal, Same, Solves, Tends, Within
from theory.kernel.signs import Combination, Fact, Instance, Length, Monotone, Square, Termwise
from theory.kernel.verdict import Status, Verdict

__all__ = [
    "All", "AtLeast", "ByInduction", "Combination", "Domain", "Equal", "Expands", "Fact", "Goal", "Instance", "Interval", "Length",
    "Monotone", "Point", "Same", "Solves", "Square", "Status", "Tends", "Termwise",
    "Verdict", "Within", "decide", "finite", "fresh", "substitute",
]  # fmt: skip
