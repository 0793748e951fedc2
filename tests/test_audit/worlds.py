"""Embeddings whose norms are made by a rule that is known, written by the libraries that people use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from safetensors.numpy import save_file

from derivations.__main__ import main

Floats = NDArray[np.float64]


def directions(rng: np.random.Generator, rows: int, dimension: int) -> Floats:
    """Uniform on the sphere."""
    x = rng.standard_normal((rows, dimension))
    return np.asarray(x / np.linalg.norm(x, axis=1)[:, None])


def words(rng: np.random.Generator, rows: int) -> dict[str, Any]:
    """Covariates that are independent of each other."""
    return {
        "count": np.ceil(30 * np.exp(1.5 * rng.standard_normal(rows))), "depth": rng.integers(1, 15, rows).astype(float),
        "polysemy": 1.0 + rng.poisson(1.5, rows), "tokens": rng.integers(3, 40, rows).astype(float),
    }  # fmt: skip


def planted(rng: np.random.Generator, columns: dict[str, Any], exponent: float, depth: float, polysemy: float) -> Floats:
    """Norms: a power of the count, and factors of depth and polysemy, with noise; tokens do nothing."""
    noise = 0.1 * rng.standard_normal(len(columns["count"]))
    return np.asarray(columns["count"] ** exponent * np.exp(depth * columns["depth"] + polysemy * columns["polysemy"] + noise))


def table(path: Path, columns: dict[str, Any]) -> Path:
    """CSV with a header; None is a missing entry."""
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join("" if v is None or v != v else str(v) for v in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def embeddings(path: Path, vectors: NDArray[Any]) -> Path:
    """In the format of the name."""
    if path.suffix == ".npy":
        np.save(path, vectors)
    elif path.suffix == ".npz":
        np.savez(path, rows=vectors)
    elif path.suffix == ".safetensors":
        save_file({"rows": vectors}, path)
    else:
        flat = pa.array(vectors.reshape(-1))
        column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
        whole = pa.table({"vector": column})
        if path.suffix == ".parquet":
            pq.write_table(whole, path)
        else:
            with pa.ipc.new_file(str(path), whole.schema) as writer:
                writer.write_table(whole)
    return path


def audited(capsys: Any, *arguments: object) -> dict[str, Any]:
    """The document of an audit that succeeds."""
    status = main(["audit", *map(str, arguments), "--json", "--resamples", "400"])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def answer(document: dict[str, Any], start: str) -> str:
    """The answer to the question that begins so."""
    return next(str(a["answer"]) for a in document["answers"] if a["question"].startswith(start))


def verdicts(document: dict[str, Any]) -> dict[str, str]:
    """By column."""
    return {c["column"]: c["verdict"] for c in document["confrontations"]}


def refused(capsys: Any, *arguments: object) -> str:
    """The one line in which an audit is refused, with nothing on standard output."""
    status = main(["audit", *map(str, arguments), "--quiet"])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.count("\n") == 1, err
    assert err.startswith("normlaw audit: error: ")
    return str(err)
