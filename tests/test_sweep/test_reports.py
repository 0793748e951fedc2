"""What a dataset is said to show: failing cells first, coverage, exponents, pictures; and one cell done again."""

from __future__ import annotations

import json
import math
from functools import partial

import pytest
import sympy as sp

from derivations.__main__ import main
from derivations.sweep import engine
from derivations.sweep.cell_work import perform
from derivations.sweep.dataset import Dataset, read, read_parts
from derivations.sweep.design import laid_out
from derivations.sweep.laws import ledger
from derivations.sweep.spec import spec_of
from derivations.sweep.versions import versions
from tests.test_sweep.sweeps import Here

MEAN = {"loss": "prescribed", "dimension": 4, "replicates": 24, "step_size": {"low": 0.05, "high": 1.0, "scale": "log"},
        "energy": {"low": 0.1, "high": 10.0, "scale": "log"}}  # fmt: skip
DOCUMENT = {
    "sweep": {"name": "reported", "seed": 7, "chunk": 32},
    "design": [
        {"name": "steps", "axes": {"law": ["right_angle", "step"], "optimizer": ["sgd", "adam"], "dimension": [2, 3, 5, 8, 13, 21]}},
        {"name": "resting", "kind": "random", "cells": 70, "axes": {
            **MEAN, "law": "map", "decay": "decoupled", "lazy": [True, False], "visits": {"low": 0.6, "high": 1.0},
            "eta_lambda": {"low": 0.02, "high": 0.05, "scale": "log"}}},
        {"name": "growing", "kind": "random", "cells": 60, "axes": {
            **MEAN, "law": "map", "optimizer": "normalized_sgd", "norm": 1e-3, "visits": [0.3, 0.6, 1.0],
            "steps": {"low": 100, "high": 1000}}},
    ],
}  # fmt: skip


def swept(folder, **options):
    dataset = Dataset(folder, laid_out(spec_of(DOCUMENT)), versions())
    try:
        return engine.run(dataset, Here(**options), lambda _: None)
    finally:
        dataset.close()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("done")
    swept(folder)
    return folder


def report(capsys, *arguments):
    status = main(["sweep", "report", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_a_report_has_coverage_worst_cells_exponents_and_pictures(done, tmp_path, capsys):
    status, said = report(capsys, done, "--out", tmp_path)
    assert status == 0
    assert "154 of 154 cells: 148 holds, 0 fails, 6 vacuous, 0 error" in said
    text = (tmp_path / "report.md").read_text()
    places = [text.index(words) for words in ("## Cells that fall short\n\nNone.", "## Laws", "## Exponents", "### dimension")]
    assert places == sorted(places)
    assert "steps by coordinates are not tangential" in text
    for name in ("coverage", "margins", "norms"):
        assert (tmp_path / f"{name}.svg").read_text().startswith("<?xml")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads((tmp_path / "report.json").read_text())
    assert found["axes"]["dimension"][0]["cells"] > 0
    assert sum(group["cells"] for group in found["axes"]["optimizer"]) == 154
    assert [row["share"] for row in found["closest"]] == sorted((row["share"] for row in found["closest"]), reverse=True)


def test_exponents_are_those_of_the_map(done, tmp_path, capsys):
    _, text = report(capsys, done, "--out", tmp_path, "--json")
    fits = {(f["optimizer"], f["decay"], f["rows"], f["axis"]): f for f in json.loads(text)["exponents"]}
    expected = {("sgd", "decoupled", "dense", "step_size"): 1 / 2, ("sgd", "decoupled", "dense", "eta_lambda"): -1 / 4,
                ("sgd", "decoupled", "dense", "energy"): 1 / 4, ("sgd", "decoupled", "dense", "visits"): 1 / 4,
                ("sgd", "decoupled", "lazy", "visits"): 0.0, ("normalized_sgd", "none", "dense", "step_size"): 1.0,
                ("normalized_sgd", "none", "dense", "visits"): 1 / 2, ("normalized_sgd", "none", "dense", "steps"): 1 / 2,
                ("normalized_sgd", "none", "dense", "energy"): 0.0}  # fmt: skip
    for key, exponent in expected.items():
        fit = fits[key]
        assert fit["mapped"] == exponent, key
        assert abs(fit["observed"] - exponent) < 0.1, key
        assert math.isclose(fit["predicted"], exponent, abs_tol=0.02), key
        assert 0 < fit["within"] < 0.1, key


def test_cells_that_fail_come_first_and_make_status_1(tmp_path, capsys):
    wrong = {**ledger(), "A1": {**ledger()["A1"], "radial_gradient": sp.Float(1e-6)}}
    tally = swept(tmp_path / "data", work=partial(perform, formulas=wrong))
    assert tally.verdicts["fails"] == 12
    status, said = report(capsys, tmp_path / "data")
    assert status == 1
    assert said.splitlines()[0].startswith("fails  ")
    assert said.index("right_angle") < said.index("reported: 154 of 154")
    text = (tmp_path / "data" / "report" / "report.md").read_text()
    assert text.count("- **fails**") == 12
    assert f"`normlaw sweep cell {tmp_path / 'data'} " in text
    status, said = report(capsys, tmp_path / "data", "--quiet")
    assert (status, len(said.splitlines())) == (1, 12)


def test_an_unfinished_dataset_is_reported_with_what_is_missing(tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, most=2)
    status, said = report(capsys, tmp_path)
    assert status == 0
    assert "64 of 154 cells" in said
    assert "90 cells are missing" in said
    assert "**90 cells are missing**" in (tmp_path / "report" / "report.md").read_text()


def test_a_row_says_what_made_it(done):
    rows = [row for table in read_parts(done) for row in table.to_pylist()]
    assert len({row["cell"] for row in rows}) == 154
    for row in rows:
        assert {name: row[name] for name in versions()} == versions()
        assert row["energy"] is None or row["loss"] == "prescribed"
        assert row["bound"] > 0 or row["verdict"] == "vacuous"
    seconds = [second for table in read_parts(done, "seconds") for second in table.column("seconds").to_pylist()]
    assert len(seconds) == 154
    assert all(second >= 0 for second in seconds)


def test_one_cell_is_done_again_and_compared_with_what_was_written(done, capsys):
    table = next(read_parts(done))
    name = table.column("cell").to_pylist()[0]
    assert main(["sweep", "cell", str(done), name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same"]
    assert found["again"]["bound"] == found["written"]["bound"]
    assert "perform([Cell({'law':" in found["python"]
    assert main(["sweep", "cell", str(done), ""]) == 2
    assert "is no cell of" in capsys.readouterr().err


def test_a_row_that_was_tampered_with_is_not_the_same(done, tmp_path, capsys):
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "rows").mkdir()
    (tmp_path / "sweep.json").write_text((done / "sweep.json").read_text())
    table = read(next(iter(sorted((done / "rows").glob("*.parquet"))))).slice(0, 1)
    place = table.column_names.index("bound")
    pq.write_table(table.set_column(place, "bound", pa.array([1.0])), tmp_path / "rows" / "chunk-000000.parquet")
    assert main(["sweep", "cell", str(tmp_path), table.column("cell").to_pylist()[0]]) == 1
    assert "not what was written: bound 1.0" in capsys.readouterr().out


def test_the_map_of_the_imprint_has_no_slip_in_its_exponents():
    from derivations.sweep.exponents import SYMBOLS, mapped

    assert mapped(("map", "sgd", "none", "dense"), "steps") == 1 / 4
    assert mapped(("map", "heavy_ball", "decoupled", "lazy"), "energy") == 1 / 4
    assert mapped(("map", "riemannian_sgd", "none", "dense"), "steps") == 0
    assert math.isnan(mapped(("map", "clipped_sgd", "none", "dense"), "steps"))
    assert set(SYMBOLS) == {"step_size", "eta_lambda", "visits", "energy", "steps"}
