"""Rankings of a block of scores: the k best kept while blocks go by, and how many documents beat a given one under a power of the norm."""

from __future__ import annotations

from typing import Any

from numerics.compilation.compiled import kernel


@kernel
def keep_best(stamp: int) -> Any:
    """Merge a block of scores (Q, m), of documents ``first`` on, into the best so far: values and ids (Q, k), falling.

    Of equal scores the document with the lower number comes first.
    """

    def rows(begin, end, scores, first, values, ids):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        k = values.shape[1]
        for q in range(begin, end):
            least = values[q, k - 1]
            for j in range(scores.shape[1]):
                s = scores[q, j]
                if s > least:
                    at = k - 1
                    while at > 0 and values[q, at - 1] < s:
                        values[q, at], ids[q, at] = values[q, at - 1], ids[q, at - 1]
                        at -= 1
                    values[q, at], ids[q, at] = s, first + j
                    least = values[q, k - 1]

    return rows


@kernel
def beaten_by(stamp: int) -> Any:
    """Add to counts (P, B, 2): documents of the block whose score is above the relevant one's, and equal to it, for each power.

    A score is ``cosines[query, j] * powers[b, j]``; pair p is of ``query[p]``, and its document's scores are ``own`` (P, B). Scores are
    equal where cosines of them could differ by ``slack``, their rounding: so are a document and its copies.
    """

    def rows(begin, end, cosines, powers, query, own, slack, counts):  # type: ignore[no-untyped-def]
        if stamp == 0:
            return
        for p in range(begin, end):
            c = cosines[query[p]]
            for b in range(own.shape[1]):
                score, power, above, below = own[p, b], powers[b], 0, 0
                for j in range(len(c)):
                    difference, rounding = c[j] * power[j] - score, slack * power[j]
                    above += difference > rounding
                    below += difference < -rounding
                counts[p, b, 0] += above
                counts[p, b, 1] += len(c) - above - below

    return rows
