"""The data files of a study whose truth is known: what the norms go with is planted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

GROUPS = 20
LEMMAS, GLOSSES, DIMENSION = 1200, 1000, 24


def write(folder: Path, *, depth: float = 0.0, seed: int = 0, useful: float = 0.0) -> Path:
    """Norms fall with tokens in both variants; with ``depth`` the trained ones rise with it as well. Deeper texts are longer.

    Queries are lemmas, noisy copies of their gloss; with ``useful`` those with long norms are copied with less noise.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    glosses = _table(folder, "glosses", GLOSSES, rng, depth)
    lemmas = _table(folder, "lemmas", LEMMAS, rng, depth)
    answers = rng.permutation(GLOSSES)
    rows = lemmas["trained"]
    norms = np.linalg.norm(rows, axis=1)
    z = (np.log(norms) - np.log(norms).mean()) / np.log(norms).std()
    picked = glosses["trained"][answers[:GLOSSES]]
    direction = picked / np.linalg.norm(picked, axis=1, keepdims=True)
    noise = np.exp(-useful * z[:GLOSSES])[:, None] * rng.standard_normal((GLOSSES, DIMENSION)) * 0.22
    queries = (direction + noise) * norms[:GLOSSES, None] / np.linalg.norm(direction + noise, axis=1, keepdims=True)
    np.save(folder / "queries.trained.npy", queries.astype(np.float32))
    np.save(folder / "queries.untrained.npy", lemmas["untrained"][:GLOSSES])
    long = glosses["trained"]
    np.save(folder / "glosses.shipped.npy", long / np.linalg.norm(long, axis=1, keepdims=True))
    text = (folder / "lemmas.csv").read_text().splitlines(keepends=True)
    (folder / "queries.csv").write_text("".join(text[: GLOSSES + 1]))
    with (folder / "relevance.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("query", "document", "relevance", "sense"), *((q, d, 1, 1) for q, d in enumerate(answers.tolist()))])
    record = {
        "model": "invented", "fingerprints": {"trained": "0/trained"}, "dimension": DIMENSION, "limit": None, "seed": seed,
        "rows": {"lemmas": LEMMAS, "glosses": GLOSSES, "queries": GLOSSES}, "versions": {"python": "3"}, "date": "2026-11-28",
    }  # fmt: skip
    (folder / "study.json").write_text(json.dumps(record))
    return folder


def _table(folder: Path, name: str, rows: int, rng: np.random.Generator, depth: float) -> dict[str, np.ndarray]:
    deep = rng.integers(2, 12, rows)
    tokens = 1 + rng.poisson(1 + deep / 4)
    columns = {
        "text": [f"{name} {i}" for i in range(rows)], "synset": [f"{i:08d}n" for i in range(rows)],
        "group": [f"g{i % GROUPS}" for i in range(rows)], "instance": rng.integers(0, 2, rows), "depth": deep,
        "frequency": rng.geometric(0.2, rows) - 1,
        "polysemy": 1 + rng.poisson(1, rows), "characters": 4 * tokens + rng.integers(0, 4, rows), "words": 1 + tokens // 2,
        "tokens": tokens,
    }  # fmt: skip
    with (folder / f"{name}.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(zip(*columns.values(), strict=True))
    made = {}
    for variant, slope in (("trained", depth), ("untrained", 0.0)):
        direction = rng.standard_normal((rows, DIMENSION))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        log = -0.5 * np.log(tokens) + slope * deep / 10 + 0.1 * rng.standard_normal(rows)
        made[variant] = (direction * np.exp(log)[:, None]).astype(np.float32)
        np.save(folder / f"{name}.{variant}.npy", made[variant])
    return made
