"""The trusted core. Nothing else decides anything: every verdict of the project comes from `decide`.

To read it: `fraction` and `normal_form` (equality), `signs`, `definedness` and `certificates` (inequalities),
`limits` and `reductions` (limits, expansions, initial value problems), `induction`, and `deciders`, which answers.
What can be said at all is in `theory.language`; counterexamples come from `theory.refutation`.
"""

from theory.kernel.deciders import decide
from theory.kernel.verdict import Status, Verdict
from theory.language.certificates import Combination, Gram, Instance, Length, Monotone, Schwarz, Swing, Tangent, Termwise
from theory.language.domain import Domain, Interval
from theory.language.goals import All, AtLeast, ByInduction, Equal, Expands, Goal, Same, Solves, Tends, Within
from theory.language.sums import finite, fresh, substitute

__all__ = [
    "All", "AtLeast", "ByInduction", "Combination", "Domain", "Equal", "Expands", "Goal", "Gram", "Instance", "Interval", "Length",
    "Monotone", "Same", "Schwarz", "Solves", "Status", "Swing", "Tangent", "Tends", "Termwise",
    "Verdict", "Within", "decide", "finite", "fresh", "substitute",
]  # fmt: skip
