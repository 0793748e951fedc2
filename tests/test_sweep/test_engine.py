"""Processes that die at a cell, whatever they are given, or take too long: the cell has that for a result, all others their own."""

from __future__ import annotations

from dataclasses import replace

from derivations.sweep import engine
from derivations.sweep.cell_work import OUT_OF_RANGE, perform
from derivations.sweep.dataset import Dataset, read_parts
from derivations.sweep.design import laid_out
from derivations.sweep.laws import laws
from derivations.sweep.pool import Pool
from derivations.sweep.spec import spec_of
from derivations.sweep.versions import versions
from tests.test_sweep import lethal
from tests.test_sweep.sweeps import Here

DOCUMENT = {
    "sweep": {"name": "deadly", "chunk": 5},
    "design": [{"name": "one", "axes": {"law": "balance", "repeat": list(range(10))}}],
}


def swept(folder, work, time_limit=60.0, chunk=5):
    """The rows, by the axis repeat, and the tally."""
    document = {**DOCUMENT, "sweep": {**DOCUMENT["sweep"], "chunk": chunk}}
    dataset = Dataset(folder, laid_out(spec_of(document)), versions())
    pool = Pool(2, time_limit, work)
    try:
        tally = engine.run(dataset, pool, lambda _: None)
    finally:
        pool.close()
        dataset.close()
    found = [row for table in read_parts(folder) for row in table.to_pylist()]
    assert len(found) == 10
    return {row["repeat"]: row for row in found}, tally


def but(found, one):
    """Verdicts and figures of all other cells."""
    return {name: (row["verdict"], row["observed"]) for name, row in found.items() if name != one}


def test_a_cell_that_always_kills_its_process_is_recorded_and_the_others_go_on(tmp_path):
    found, tally = swept(tmp_path, lethal.killed_by)
    deadly = found[lethal.DEADLY]
    assert (deadly["verdict"], deadly["note"]) == ("error", "its process was killed by signal 9, 2 times in 2")
    assert but(found, lethal.DEADLY) == {name: ("holds", float(name)) for name in range(10) if name != lethal.DEADLY}
    assert tally.deaths == 2
    assert tally.verdicts == {"holds": 9, "error": 1}


def test_a_cell_that_takes_too_long_is_recorded(tmp_path):
    found, _ = swept(tmp_path, lethal.never_ends, time_limit=0.5, chunk=2)
    endless = found[lethal.ENDLESS]
    assert (endless["verdict"], endless["note"]) == ("error", "it took longer than 0.5 s, 2 times in 2")
    assert but(found, lethal.ENDLESS) == {name: ("holds", float(name)) for name in range(10) if name != lethal.ENDLESS}


class Unknown(Here):
    """An executor that does not know which cell ended its process, as a cluster."""

    def wait(self):
        piece = self.pieces.pop()
        deadly = any(cell.setting["repeat"] == lethal.DEADLY for cell in piece.cells)
        return [engine.Outcome(piece, () if deadly else lethal.said(piece.cells), "its worker ended" if deadly else "")]


def test_a_piece_of_which_nobody_knows_the_deadly_cell_falls_apart(tmp_path):
    dataset = Dataset(tmp_path, laid_out(spec_of(DOCUMENT)), versions())
    tally = engine.run(dataset, Unknown(), lambda _: None)
    dataset.close()
    assert (tally.deaths, tally.verdicts) == (4, {"holds": 9, "error": 1})  # twice the chunk, twice the cell
    notes = {row["repeat"]: row["note"] for table in read_parts(tmp_path) for row in table.to_pylist()}
    assert notes == {name: "" if name != lethal.DEADLY else "its worker ended, 2 times in 2" for name in range(10)}


def test_a_cell_that_raises_is_recorded_with_its_error(monkeypatch):
    def raises(_ledger, cell):
        raise ZeroDivisionError(f"in {cell.law}\nand more")

    broken = dict(laws()) | {"sandwich": replace(laws()["sandwich"], compare=raises)}
    monkeypatch.setattr("derivations.sweep.cell_work.laws", lambda: broken)
    cells = laid_out(spec_of({**DOCUMENT, "design": [{"name": "one", "axes": {"law": ["balance", "sandwich"]}}]})).cells
    found = {cell.law: (r.verdict, r.note) for cell, r in zip(cells, perform(cells), strict=True)}
    assert found == {"balance": ("holds", ""), "sandwich": ("error", "ZeroDivisionError: in sandwich and more")}


def test_a_run_that_leaves_the_range_of_norms_says_nothing():
    cells = laid_out(spec_of({**DOCUMENT, "design": [{"name": "one", "axes": {
        "law": ["balance", "right_angle"], "decay": "decoupled", "eta_lambda": 0.5, "steps": 2000}}]})).cells  # fmt: skip
    results = perform(cells)
    assert [r.verdict for r in results] == ["holds", "holds"]
    gone = laid_out(spec_of({**DOCUMENT, "design": [{"name": "one", "axes": {
        "law": "balance", "decay": "decoupled", "eta_lambda": 0.9, "steps": 2000, "visits": 0.01}}]})).cells  # fmt: skip
    (result,) = perform(gone)
    assert (result.verdict, result.note) == ("vacuous", OUT_OF_RANGE)


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
