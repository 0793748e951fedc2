"""Processes that die at a cell, whatever they are given, or take too long: the cell has that for a result, all others their own."""

from __future__ import annotations

import pytest

from derivations.sweep import engine
from derivations.sweep.cell_work import perform
from derivations.sweep.dataset import Dataset, read_parts
from derivations.sweep.design import laid_out
from derivations.sweep.pool import Pool
from derivations.sweep.spec import spec_of
from derivations.sweep.versions import versions
from tests.test_sweep import lethal

DOCUMENT = {
    "sweep": {"name": "deadly", "chunk": 5},
    "design": [{"name": "one", "axes": {"law": "balance", "repeat": list(range(10))}}],
}


def swept(folder, work=None, time_limit=60.0):
    """The rows, by the axis repeat, and the tally."""
    dataset = Dataset(folder, laid_out(spec_of(DOCUMENT)), versions())
    pool = Pool(2, time_limit, work)
    try:
        tally = engine.run(dataset, pool, lambda _: None)
    finally:
        pool.close()
        dataset.close()
    found = [row for table in read_parts(folder) for row in table.to_pylist()]
    assert len(found) == 10
    return {row["repeat"]: row for row in found}, tally


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return swept(tmp_path_factory.mktemp("usual"))[0]


def test_a_cell_that_always_kills_its_process_is_recorded_and_the_others_go_on(tmp_path, usual):
    found, tally = swept(tmp_path, lethal.killed_by)
    deadly = found.pop(lethal.DEADLY)
    assert (deadly["verdict"], deadly["note"]) == ("error", "its process was killed by signal 9, 2 times in 2")
    assert {name: row for name, row in usual.items() if name != lethal.DEADLY} == found
    assert tally.deaths == 4  # twice the chunk, twice the cell
    assert tally.verdicts["error"] == 1


def test_a_cell_that_takes_too_long_is_recorded(tmp_path, usual):
    found, _ = swept(tmp_path, lethal.never_ends, time_limit=0.5)
    endless = found.pop(lethal.ENDLESS)
    assert (endless["verdict"], endless["note"]) == ("error", "it took longer than 0.5 s, 2 times in 2")
    assert found == {name: row for name, row in usual.items() if name != lethal.ENDLESS}


def test_a_cell_that_raises_is_recorded_with_its_error():
    cells = laid_out(spec_of({**DOCUMENT, "design": [{"name": "one", "axes": {
        "law": ["balance", "right_angle"], "decay": "decoupled", "eta_lambda": 0.5, "steps": 2000}}]})).cells  # fmt: skip
    results = perform(cells)
    assert [r.verdict for r in results] == ["holds", "holds"]
    gone = laid_out(spec_of({**DOCUMENT, "design": [{"name": "one", "axes": {
        "law": "balance", "decay": "decoupled", "eta_lambda": 0.9, "steps": 2000, "visits": 0.01}}]})).cells  # fmt: skip
    (result,) = perform(gone)
    assert result.verdict == "error"
    assert result.note.startswith("OutOfRange: step_sizes[0] = 0.1 takes row 0 out of range")


def test_a_cell_by_itself_has_the_bits_that_it_has_among_others():
    document = {"sweep": {"name": "alone", "seed": 2}, "design": [
        {"name": "steps", "kind": "random", "cells": 60, "axes": {
            "law": ["balance", "right_angle", "step", "sandwich", "batch_gradients", "batch_step"],
            "loss": ["infonce", "prescribed", "siglip", "dot_product_infonce"],
            "optimizer": ["sgd", "adam", "adamp", "clipped_sgd", "heavy_ball", "wngrad"], "decay": ["none", "decoupled", "coupled"],
            "dimension": {"low": 2, "high": 100}, "visits": [0.5, 1.0], "lazy": [True, False], "arithmetic": ["float32", "float64"],
            "precision": ["float64", "bfloat16-stochastic"]}},
        {"name": "means", "kind": "random", "cells": 6, "axes": {
            "law": ["equilibrium", "map"], "loss": "prescribed", "optimizer": ["sgd", "nesterov", "normalized_sgd"], "decay": "decoupled",
            "replicates": 6, "visits": [0.8, 1.0]}},
    ]}  # fmt: skip
    cells = laid_out(spec_of(document)).cells
    together = [(r.verdict, repr(r.observed), repr(r.bound), r.note) for r in perform(cells)]
    alone = [(r.verdict, repr(r.observed), repr(r.bound), r.note) for cell in reversed(cells) for r in perform([cell])]
    assert together == alone[::-1]
    assert {verdict for verdict, *_ in together} >= {"holds", "vacuous"}
