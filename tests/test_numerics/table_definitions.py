"""What a training of tables is, written plainly with NumPy: every pair in turn, every row at every step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics import updates
from numerics.lookup.embeddings import NOISE_POWER, LookupRun, LookupSettings, train_lookup
from numerics.sampling import alias_table, draw, stream_key

Floats = NDArray[np.float64]


class Trained(NamedTuple):
    """Both tables after training, visits and summed drives of their rows, the mean loss, and steps."""

    rows: tuple[Floats, Floats]
    visits: tuple[Floats, Floats]
    drives: tuple[Floats, Floats]
    mean_loss: float
    steps: int


def loss_of(scores: Floats, settings: LookupSettings) -> float:
    """The loss of a pair whose positive comes first."""
    logits = scores / settings.temperature
    if settings.loss == "siglip":
        signs = np.where(np.arange(len(scores)) == 0, 1.0, -1.0)
        return float(np.sum(np.logaddexp(0.0, -signs * (logits + settings.bias))))
    return float(np.log(np.sum(np.exp(logits))) - logits[0])


def weights_of(scores: Floats, chosen: list[int], settings: LookupSettings) -> Floats:
    """Its derivatives in the scores."""
    logits = scores / settings.temperature
    if settings.loss == "siglip":
        signs = np.where(np.arange(len(scores)) == 0, 1.0, -1.0)
        return -signs / (1 + np.exp(signs * (logits + settings.bias))) / settings.temperature
    weights = np.exp(logits - logits.max())
    weights /= weights.sum()
    weights[0] -= 1
    return weights * (len(set(chosen)) > 1) / settings.temperature  # one row against itself: 0, and not its rounding


def gradients(word: Floats, context: Floats, row: int, chosen: list[int], settings: LookupSettings) -> tuple[Floats, Floats, float]:
    """Of the loss of a pair in both tables, 0 for rows that are not in it; and the loss."""
    u, vs = word[row], context[chosen]
    cosine = settings.similarity == "cosine"
    lengths, length = (np.linalg.norm(vs, axis=1), np.linalg.norm(u)) if cosine else (np.ones(len(vs)), 1.0)
    scores = vs @ u / lengths / length
    weights = weights_of(scores, chosen, settings)
    for_word, for_context = np.zeros_like(word), np.zeros_like(context)
    for weight, score, v, norm, other in zip(weights, scores * cosine, vs, lengths, chosen, strict=True):
        for_word[row] += weight * (v / norm - score * u / length) / length
        for_context[other] += weight * (u / length - score * v / norm) / norm
    return for_word, for_context, loss_of(scores, settings)


class Moving:
    """A table that is moved as a whole at every step, by the rule as it is defined."""

    def __init__(self, rows: Floats, settings: LookupSettings) -> None:
        self.rows, self.settings = rows.copy(), settings
        self.update = settings.chosen.update(1, 1.0)
        self.state = np.zeros((len(rows), 2, rows.shape[1]))
        self.visits, self.drives = np.zeros(len(rows)), np.zeros(len(rows))

    def step(self, gradient: Floats, visited: set[int], age: int) -> None:
        settings, update = self.settings, self.update
        for row in range(len(gradient)):
            if row in visited:
                self.visits[row] += 1
                self.drives[row] += settings.step_size**2 * (self.rows[row] @ self.rows[row]) * (gradient[row] @ gradient[row])
            elif settings.chosen.lazy:
                continue
            u, step = self.rows[row], np.empty(gradient.shape[1])
            seen = gradient[row] + settings.weight_decay * u if update.coupled else gradient[row]
            share = updates.direction(update.rule, u, seen, update.settings, age, self.state[row], step)
            keep = 1.0 if update.coupled else 1.0 - share * settings.step_size * settings.weight_decay
            before = np.linalg.norm(u)
            u[:] = keep * u - settings.step_size * step
            if update.retracts:
                u *= before / np.linalg.norm(u)


def pairs_of(ids: NDArray[np.int32], counts: Any, settings: LookupSettings) -> list[tuple[int, list[int]]]:
    """Every pair of an epoch: its word, and its candidates."""
    key = stream_key(np.random.SeedSequence(settings.seed).spawn(1)[0].spawn(2)[1])
    noise, negatives, found = alias_table(counts**NOISE_POWER), settings.negatives, []
    for centre in range(len(ids)):
        for place in range(max(0, centre - settings.window), min(len(ids), centre + settings.window + 1)):
            if place != centre:
                drawn = (int(draw(noise, key, np.uint64(len(found) * negatives + j))) for j in range(negatives))
                found.append((int(ids[centre]), [int(ids[place]), *drawn]))
    return found


def start(counts: Any, settings: LookupSettings) -> tuple[Floats, Floats]:
    """Both tables before the first step, by a training that leaves them as they are."""
    still = LookupSettings(
        dimension=settings.dimension, window=1, negatives=1, step_size=1e-30, replicates=1, seed=settings.seed,
        initial_norm=settings.initial_norm,
    )  # fmt: skip
    run = train_lookup([np.array([0, 1], dtype=np.int32)], counts, still)
    return run.word.rows[0], run.context.rows[0]


def train(ids: NDArray[np.int32], counts: Any, settings: LookupSettings, shift: float = 0.0, seed: int = 0) -> Trained:
    """One epoch. ``shift`` is how far, relatively, the tables start from where they should."""
    rng = np.random.default_rng(seed)
    word, context = (
        Moving(rows * (1 + shift * rng.choice([-1.0, 1.0], rows.shape)), settings) for rows in start(counts, settings)
    )
    pairs, loss = pairs_of(ids, counts, settings), 0.0
    steps = 0
    for begin in range(0, len(pairs), settings.batch):
        sums = np.zeros_like(word.rows), np.zeros_like(context.rows)
        batch = pairs[begin : begin + settings.batch]
        for row, chosen in batch:
            *parts, value = gradients(word.rows, context.rows, row, chosen, settings)
            for total, part in zip(sums, parts, strict=True):
                total += part
            loss += value
        word.step(sums[0], {row for row, _ in batch}, steps)
        context.step(sums[1], {other for _, chosen in batch for other in chosen}, steps)
        steps += 1
    return Trained(
        (word.rows, context.rows), (word.visits, context.visits), (word.drives, context.drives), loss / len(pairs), steps
    )


def off(one: Any, other: Any) -> float:
    """How far two pairs of tables are apart, in the largest of their entries."""
    return max(float(np.abs(np.asarray(a, float) - b).max()) for a, b in zip(one, other, strict=True))


class Rounding(NamedTuple):
    """How far rounding may carry a training from its definition."""

    rows: float
    drives: float
    loss: float


def rounding(ids: NDArray[np.int32], counts: Any, settings: LookupSettings, found: Trained) -> Rounding:
    """A step rounds each entry by (2 d + 2 m batch + 40) units of roundoff of the largest entry at most: cosines, weights, sums
    over candidates and pairs, the move, by the rule or by a power. What becomes of it until the end is measured: by how much
    shifts of the start, of the square root of the roundoff of float64, have grown in rows, drives and loss.
    """
    shift = 2.0**-26
    shifted = [train(ids, counts, settings, shift, seed) for seed in range(2)]
    counted = 2 * settings.dimension + 2 * (1 + settings.negatives) * settings.batch + 40
    rounds = found.steps * counted * settings.unit_roundoff()

    def bound(apart: list[float], size: float) -> float:
        return rounds * max(*apart, size * shift) / shift

    return Rounding(
        bound([off(one.rows, found.rows) for one in shifted], off(found.rows, (0.0, 0.0))),
        bound([off(one.drives, found.drives) for one in shifted], off(found.drives, (0.0, 0.0))),
        bound([abs(one.mean_loss - found.mean_loss) for one in shifted], abs(found.mean_loss)),
    )


def tables_of(run: LookupRun) -> tuple[Floats, Floats]:
    """Of its only replicate."""
    return run.word.rows[0], run.context.rows[0]


def assert_as_defined(run: LookupRun, ids: NDArray[np.int32], counts: Any) -> Rounding:
    """Tables, visits, drives and loss of a run of one replicate are those of the plain training, to rounding."""
    expected = train(ids, counts, run.settings)
    bound = rounding(ids, counts, run.settings, expected)
    assert off(tables_of(run), expected.rows) <= bound.rows
    assert off((run.word.drive_sum[0], run.context.drive_sum[0]), expected.drives) <= bound.drives
    assert abs(run.mean_loss[0] - expected.mean_loss) <= bound.loss
    assert run.steps == expected.steps == -(-run.pairs // run.settings.batch)
    for table, visits in zip((run.word, run.context), expected.visits, strict=True):
        assert np.array_equal(table.visits[0], visits)
        np.testing.assert_allclose(table.squared_norm, np.sum(table.rows.astype(float) ** 2, axis=-1), rtol=1e-14)
    return bound


def is_told_apart(run: LookupRun, ids: NDArray[np.int32], counts: Any, settings: LookupSettings) -> bool:
    """Whether a run is seen not to be the training with these settings."""
    expected = train(ids, counts, settings)
    return off(tables_of(run), expected.rows) > rounding(ids, counts, settings, expected).rows
