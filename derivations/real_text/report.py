"""What a person gets from a run on real text: words.csv, scatter.svg, summary.json, rows for a table."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from derivations.real_text.training import TABLES, RealText, radial_bound
from numerics.lookup.embeddings import NOISE_POWER
from numerics.validation import InvalidInput

TABLE_HEADER = ("word", "visits", "norm", "predicted", "relative error", "bound", "naive norm")
_CSV_HEADER = (
    *("word", "count", "table", "replicate", "visits", "initial_norm", "norm", "predicted_norm"),
    *("relative_error", "bound", "naive_norm"),
)


def write_outputs(result: RealText, directory: Path) -> tuple[Path, ...]:
    """Write words.csv, scatter.svg and summary.json into ``directory`` (made if missing); their paths.

    Each file appears whole or not at all, and the same result gives the same bytes. Raises ``InvalidInput``
    where the directory cannot be written.
    """
    from derivations.real_text.plot import scatter_svg

    contents = {
        "words.csv": words_csv(result),
        "scatter.svg": scatter_svg(result),
        "summary.json": json.dumps(summary(result), indent=2, allow_nan=False, ensure_ascii=False) + "\n",
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            _write_whole(directory / name, text)
    except OSError as error:
        raise InvalidInput(f"output directory {directory}: {error.strerror or error}") from error
    return tuple(directory / name for name in contents)


def words_csv(result: RealText) -> str:
    """Every row of both tables and all replicates; the naive norm is of the word table, otherwise empty."""
    check, trained = result.check, result.run
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_CSV_HEADER)
    for i, name in enumerate(TABLES):
        table = getattr(trained, name)
        initial = np.sqrt(table.initial_squared_norm)
        for replicate, row in np.ndindex(table.visits.shape):
            at = (i, replicate, row)
            numbers = (initial[replicate, row], check.norm[at], check.predicted[at])
            errors = (check.relative_error[at], check.bound[at])
            naive = f"{result.naive[row]:.9g}" if name == "word" else ""
            word, count = result.vocabulary.words[row], int(result.vocabulary.counts[row])
            front = (word, count, name, replicate, int(table.visits[replicate, row]))
            writer.writerow((*front, *(f"{x:.15g}" for x in numbers), *(f"{x:.6g}" for x in errors), naive))
    return stream.getvalue()


def summary(result: RealText) -> dict[str, Any]:
    """The figures of a run as plain values; a number that does not exist is None."""
    check, trained = result.check, result.run
    table, replicate, row = check.worst
    off = np.abs(result.naive / result.mean_norm - 1)
    radial = max(trained.word.largest_radial.max(), trained.context.largest_radial.max())
    values = {
        "corpus": result.corpus,
        "python": platform.python_version(),
        "distinct_words": len(result.vocabulary),
        "words_in_text": int(result.vocabulary.counts.sum()),
        "words_trained": trained.tokens,
        "steps_per_replicate": trained.steps,
        "mean_loss": [float(loss) for loss in trained.mean_loss],
        "settings": {**asdict(trained.settings), "noise_power": NOISE_POWER},
        "law": {
            "verdict": check.verdict,
            "rows_checked": check.rows,
            "rows_outside": check.failures,
            "largest_share_of_allowed_deviation": float(np.max(check.use[check.checked], initial=0.0)),
            "largest_relative_error": float(check.relative_error[table, replicate, row]),
            "bound_there": float(check.bound[table, replicate, row]),
            "at": {"word": result.vocabulary.words[row], "table": TABLES[table], "replicate": replicate},
        },
        "orthogonality": {"largest_radial": float(radial), "rounding_bound": radial_bound(trained.settings)},
        "exponents_in_visits": {
            "norm": asdict(result.norm_slope),
            "growth": asdict(result.growth_slope),
            "naive_norm": asdict(result.naive_norm_slope),
            "naive_growth": asdict(result.naive_growth_slope),
        },
        "naive_form": {
            "median_relative_error": float(np.median(off)),
            "largest_relative_error": float(np.max(off)),
        },
    }
    return {name: _finite(value) for name, value in values.items()}


def table_rows(result: RealText, count: int = 15) -> list[tuple[str, ...]]:
    """About ``count`` words of the word table, first replicate, as strings under ``TABLE_HEADER``.

    Evenly spaced in the logarithm of the rank, and among them the word with the largest relative error.
    """
    check, size = result.check, len(result.vocabulary)
    ranks = {int(r) for r in np.round(np.geomspace(1, size, min(count, size))) - 1}
    ranks.add(int(np.argmax(np.nan_to_num(check.relative_error[0, 0], nan=np.inf))))
    return [
        (
            result.vocabulary.words[row],
            str(int(result.run.word.visits[0, row])),
            f"{check.norm[0, 0, row]:.4f}",
            f"{check.predicted[0, 0, row]:.4f}",
            f"{check.relative_error[0, 0, row]:.1e}",
            f"{check.bound[0, 0, row]:.1e}",
            f"{result.naive[row]:.4f}",
        )
        for row in sorted(ranks)
    ]


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _write_whole(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(temporary, 0o644)  # mkstemp's 0600 is for secrets
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
