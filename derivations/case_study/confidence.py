"""Is the best gloss right? What norms tell of it beyond cosine, margin and length that the audit does not ask for.

The audit asks of the document's norm. Here: of the query's, of both, and of both as the untrained network has them, which cannot
know anything that is not length.
"""

from __future__ import annotations

import numpy as np

from derivations.case_study.rankings import Match
from derivations.case_study.written import Written
from derivations.terminal.progress import Tell
from numerics.calibration import Usefulness, usefulness_of_each
from numerics.validation import Floats

ERROR = 0.05  # that any of the questions is answered yes by chance
_LENGTHS = ("tokens", "characters", "words")
CONTROLS = ("cosine", "margin", *(f"{name} of the {side}" for side in ("lemma", "gloss") for name in _LENGTHS))


def useful(written: Written, match: Match, seed: int, tell: Tell) -> dict[str, Usefulness]:
    """By question: what norms tell, at a level at which all questions together err as rarely as `ERROR`.

    Queries that share their best match are one group, as in the audit.
    """
    controls, asked = _controls(written, match), _norms(written, match)
    level = 1 - ERROR / len(asked)  # Bonferroni's: one of many questions is answered yes by chance more often than one alone
    return usefulness_of_each(
        match.correct, controls, asked, groups=match.documents, seed=seed, level=level,
        progress=lambda done, name: tell(done, f"usefulness: {name}"),
    )  # fmt: skip


def _controls(written: Written, match: Match) -> Floats:
    """Cosine, margin, and the lengths of query and gloss (Q, 8)."""
    lengths = [written.queries.columns[name] for name in _LENGTHS]
    lengths += [written.glosses.columns[name][match.documents] for name in _LENGTHS]
    return np.column_stack([match.cosine, match.margin, *lengths])


def _norms(written: Written, match: Match) -> dict[str, Floats]:
    """Name -> logarithms of norms (Q, 1 or 2)."""
    both = {
        v: np.log(np.column_stack([written.queries.norms[v], written.glosses.norms[v][match.documents]])) for v in written.variants
    }
    asked = {"the query's norm": both["trained"][:, :1], "the norms of query and gloss": both["trained"]}
    return asked | {f"the same of the {v} network": both[v] for v in written.variants[1:]}
