"""The losses of a batch by their definitions at high precision, pair by pair, sharing nothing with the kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mpmath as mp
import numpy as np

Vectors = Sequence[Sequence[mp.mpf]]
Matrix = list[list[mp.mpf]]


def cosine(a: Sequence[mp.mpf], b: Sequence[mp.mpf]) -> mp.mpf:
    return mp.fdot(a, b) / mp.sqrt(mp.fdot(a, a) * mp.fdot(b, b))


def matrix(rows: Vectors, columns: Vectors) -> Matrix:
    return [[cosine(a, b) for b in columns] for a in rows]


def mean(values: Sequence[mp.mpf]) -> mp.mpf:
    return mp.fsum(values) / len(values)


def cross_entropy(logits: Sequence[mp.mpf], j: int) -> mp.mpf:
    return mp.log(mp.fsum(mp.exp(x) for x in logits)) - logits[j]


def positives(row: np.ndarray) -> list[int]:
    return [j for j, y in enumerate(row) if y > 0]


def infonce(c: Matrix, y: np.ndarray, s: mp.mpf, _b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    return mean([cross_entropy([s * x for x in row], positives(y[i])[0]) for i, row in enumerate(c)])


def clip(c: Matrix, y: np.ndarray, s: mp.mpf, b: mp.mpf, m: mp.mpf) -> mp.mpf:
    return (infonce(c, y, s, b, m) + infonce([list(column) for column in zip(*c, strict=True)], y.T, s, b, m)) / 2


def supcon(c: Matrix, y: np.ndarray, s: mp.mpf, _b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    rows = []
    for i, row in enumerate(c):
        partition = mp.log(mp.fsum(mp.exp(s * x) for k, x in enumerate(row) if k != i))
        rows.append(mean([partition - s * row[p] for p in positives(y[i])]))
    return mean(rows)


def siglip(c: Matrix, y: np.ndarray, s: mp.mpf, b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    z = np.where(y > 0, 1, -1)
    return mean([mp.fsum(mp.log(1 + mp.exp(-int(z[i, j]) * (s * x + b))) for j, x in enumerate(row)) for i, row in enumerate(c)])


def cosine_triplet(c: Matrix, y: np.ndarray, _s: mp.mpf, _b: mp.mpf, m: mp.mpf) -> mp.mpf:
    return mean([mean([max(mp.mpf(0), m + row[k] - row[p]) for p in positives(y[i]) for k in positives(1 - y[i])])
                 for i, row in enumerate(c)])  # fmt: skip


def cosface(c: Matrix, y: np.ndarray, s: mp.mpf, b: mp.mpf, m: mp.mpf) -> mp.mpf:
    return infonce([[x - m * int(y[i, j]) for j, x in enumerate(row)] for i, row in enumerate(c)], y, s, b, m)


def arcface(c: Matrix, y: np.ndarray, s: mp.mpf, b: mp.mpf, m: mp.mpf) -> mp.mpf:
    def moved(x: mp.mpf) -> mp.mpf:
        angle = mp.acos(x)
        return mp.cos(angle + m) if angle + m < mp.pi else x - m * mp.sin(m)

    return infonce([[moved(x) if y[i, j] else x for j, x in enumerate(row)] for i, row in enumerate(c)], y, s, b, m)


def circle(held: Matrix) -> Callable[..., mp.mpf]:
    """With weights from the matrix ``held``, which is not differentiated."""

    def loss(c: Matrix, y: np.ndarray, s: mp.mpf, _b: mp.mpf, m: mp.mpf) -> mp.mpf:
        rows = []
        for i, row in enumerate(c):
            near = mp.fsum(mp.exp(-s * max(0, 1 + m - held[i][j]) * (row[j] - (1 - m))) for j in positives(y[i]))
            far = mp.fsum(mp.exp(s * max(0, held[i][j] + m) * (row[j] - m)) for j in positives(1 - y[i]))
            rows.append(mp.log(1 + near * far))
        return mean(rows)

    return loss


def angle(rows: Vectors, columns: Vectors, y: np.ndarray, s: mp.mpf) -> mp.mpf:
    """From complex numbers: z/w, normalised by whole norms, real and imaginary parts summed over coordinates."""
    similarities, half = [], len(rows[0]) // 2
    for x, v in zip(rows, columns, strict=True):
        z = [mp.mpc(*p) for p in zip(x[:half], x[half:], strict=True)]
        w = [mp.mpc(*p) for p in zip(v[:half], v[half:], strict=True)]
        size = mp.sqrt(mp.fdot(v, v))
        quotient = [a * mp.conj(b) / size**2 / (mp.sqrt(mp.fdot(x, x)) / size) for a, b in zip(z, w, strict=True)]
        similarities.append(abs(mp.fsum(q.real + q.imag for q in quotient)))
    gold = np.diag(y)
    pairs = [(i, j) for i in range(len(gold)) for j in range(len(gold)) if gold[i] < gold[j]]
    return mp.log(1 + mp.fsum(mp.exp(s * (similarities[i] - similarities[j])) for i, j in pairs))


def cosine_regression(c: Matrix, y: np.ndarray, _s: mp.mpf, _b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    return mean([mean([2 - 2 * row[p] for p in positives(y[i])]) for i, row in enumerate(c)])


def alignment(c: Matrix, y: np.ndarray, _s: mp.mpf, _b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    return mean([2 - 2 * row[p] for i, row in enumerate(c) for p in positives(y[i])])


def uniformity(c: Matrix, _y: np.ndarray, s: mp.mpf, _b: mp.mpf, _m: mp.mpf) -> mp.mpf:
    return mp.log(mean([mp.exp(-s * (2 - 2 * c[i][j])) for i in range(len(c)) for j in range(i + 1, len(c))]))


OF_COSINES = {
    "infonce": infonce, "clip": clip, "nt_xent": supcon, "supcon": supcon, "siglip": siglip, "cosine_triplet": cosine_triplet,
    "cosface": cosface, "arcface": arcface, "cosine_regression": cosine_regression, "alignment": alignment,
    "uniformity": uniformity,
}  # fmt: skip
