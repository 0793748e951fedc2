"""What a dataset is said to show: failing cells first, coverage, exponents, pictures; and one cell done again."""

from __future__ import annotations

import json
import math
import re
from functools import partial

import numpy as np
import pytest
import sympy as sp

from derivations.__main__ import main
from derivations.sweep import engine
from derivations.sweep.cell_work import perform
from derivations.sweep.dataset import Dataset, manifest, read, read_parts
from derivations.sweep.design import laid_out
from derivations.sweep.laws import ledger
from derivations.sweep.plots import PER_DECADE, columns_of
from derivations.sweep.spec import spec_of
from derivations.sweep.summary import Pace
from derivations.sweep.versions import machine, versions
from numerics.compilation.processors import model
from tests.test_sweep.sweeps import Here, spec_file

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


def swept(folder, document=DOCUMENT, **options):
    dataset = Dataset(folder, laid_out(spec_of(document)), versions())
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


def test_a_sweep_in_which_no_law_spoke_is_a_failure(tmp_path, capsys):
    spec = tmp_path / "silent.toml"
    spec.write_text('[sweep]\nname = "silent"\n[[design]]\nname = "d"\nkind = "grid"\n[design.axes]\nlaw = ["step"]\n'
                    'optimizer = ["adam"]\ndecay = ["none"]\n')  # fmt: skip
    assert main(["sweep", str(spec), "--out", str(tmp_path / "out")]) == 1
    assert "NOTHING WAS COMPARED: no law speaks of any of these settings: 1 cell: 0 fail, 1 is vacuous" in capsys.readouterr().out
    assert report(capsys, tmp_path / "out")[0] == 1


def test_a_report_has_coverage_worst_cells_exponents_and_pictures(done, tmp_path, capsys):
    status, said = report(capsys, done, "--out", tmp_path)
    assert status == 0
    assert "154 of 154 cells: 148 holds, 0 loose, 0 fails, 6 vacuous, 0 error" in said
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


def test_pictures_say_what_they_show_and_show_all_cells(done, tmp_path, capsys):
    _, text = report(capsys, done, "--out", tmp_path, "--json")
    captions = {p["files"][0]: p["caption"] for p in json.loads(text)["pictures"]}
    assert captions["coverage.svg"].startswith("All 154 cells")
    assert captions["margins.svg"].startswith("All 148 cells")
    assert "all 130 cells of map" in captions["norms.svg"]
    markdown = (tmp_path / "report.md").read_text()
    for name, caption in captions.items():
        assert f"![{caption}]({name})\n\n{caption}\n" in markdown
        drawn = (tmp_path / name).read_text()
        assert ">law</text>" in drawn or "norm predicted" in drawn
        assert "cells" in drawn
        assert "14" in drawn or "15" in drawn or "130" in drawn, "the title counts them"


def test_every_share_of_a_bound_has_a_column_at_the_ends_too():
    found = columns_of(np.array([0.0, 1e-300, 1e-6, 0.99, 1.0, 99.0, 1e9, np.inf, np.nan]))
    last = PER_DECADE * 8 + 1
    assert found.tolist() == [0, 0, 1, PER_DECADE * 6, PER_DECADE * 6 + 1, last - 1, last, last, last]


def test_a_report_without_exponents_says_why(tmp_path, capsys):
    few = {"sweep": {"name": "few"}, "design": [
        {"name": "steps", "axes": {"law": "right_angle", "dimension": [2, 3]}},
        {"name": "resting", "kind": "random", "cells": 6, "axes": {**MEAN, "law": "equilibrium", "decay": "decoupled"}},
    ]}  # fmt: skip
    for designs, why in ((few["design"][:1], "no cell here compares a norm"), (few["design"], "too few cells; equilibrium sgd decoupled")):
        folder = tmp_path / str(len(designs))
        swept(folder, document={**few, "design": designs})
        status, said = report(capsys, folder)
        assert status == 0
        assert "exponents of the norm: none; " + why in said
        text = (folder / "report" / "report.md").read_text()
        assert f"## Exponents of the norm\n\nNone: {why}" in text
        assert "| rule |" not in text
        assert json.loads((folder / "report" / "report.json").read_text())["no_exponents"].startswith(why)


def test_a_report_lists_how_wide_bounds_are_and_counts_loose_cells_by_themselves(tmp_path, capsys):
    wide = {**ledger(), "B4": {**ledger()["B4"], "upper_excess": 10**9 * ledger()["B4"]["upper_excess"]}}
    document = {"sweep": {"name": "wide"}, "design": [{"name": "one", "axes": {"law": ["sandwich", "balance"], "dimension": [2, 3, 4]}}]}
    tally = swept(tmp_path, document=document, work=partial(perform, formulas=wide))
    assert tally.verdicts == {"holds": 3, "loose": 3}
    status, said = report(capsys, tmp_path)
    assert status == 0
    assert "6 of 6 cells: 3 holds, 3 loose, 0 fails" in said
    assert re.search(r"sandwich +0 +3 +0 ", said)
    found = {law["law"]: law for law in json.loads((tmp_path / "report" / "report.json").read_text())["laws"]}
    assert found["sandwich"]["width"] > 1
    assert found["sandwich"]["widest"] is None
    assert 0 < found["balance"]["width"] <= found["balance"]["widest"] < 1e-10
    rows = [row for table in read_parts(tmp_path) for row in table.to_pylist()]
    assert {(row["law"], row["verdict"], row["width"] > 1) for row in rows} == {("sandwich", "loose", True), ("balance", "holds", False)}


def test_a_dataset_says_on_what_machine_it_was_done_and_only_once(tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path / "cut", most=2)
    swept(tmp_path / "cut")
    swept(tmp_path / "whole")
    assert (tmp_path / "cut" / "sweep.json").read_bytes() == (tmp_path / "whole" / "sweep.json").read_bytes()
    assert manifest(tmp_path / "cut")["machines"] == [Here.machines[0]]
    dataset = Dataset(tmp_path / "cut", laid_out(spec_of(DOCUMENT)), versions())
    dataset.done_by([machine(), Here.machines[0]])
    dataset.close()
    assert manifest(tmp_path / "cut")["machines"] == [Here.machines[0], machine()]
    assert machine()["processor"] == model() != ""
    report(capsys, tmp_path / "cut")
    assert "; on here, 1 cores, a test; and on " in (tmp_path / "cut" / "report" / "report.md").read_text()


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
    assert main(["sweep", "cell", str(done), name, "--quiet"]) == 0
    assert capsys.readouterr().out == "", "nothing falls short"
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
    assert main(["sweep", "cell", str(tmp_path), table.column("cell").to_pylist()[0], "--quiet"]) == 1
    assert "not what was written: bound 1.0" in capsys.readouterr().out


def test_the_map_of_the_imprint_has_no_slip_in_its_exponents():
    from derivations.sweep.exponents import SYMBOLS, mapped

    assert mapped(("map", "sgd", "none", "dense"), "steps") == 1 / 4
    assert mapped(("map", "heavy_ball", "decoupled", "lazy"), "energy") == 1 / 4
    assert mapped(("map", "riemannian_sgd", "none", "dense"), "steps") == 0
    assert math.isnan(mapped(("map", "clipped_sgd", "none", "dense"), "steps"))
    assert set(SYMBOLS) == {"step_size", "eta_lambda", "visits", "energy", "steps"}


def test_progress_says_that_kernels_are_compiled_until_the_first_cells_come_in(monkeypatch):
    clock = iter([0.0, 0.0, 12.0, 500.0, 20.0, 25.0, 30.0])
    monkeypatch.setattr("derivations.sweep.summary.time.monotonic", lambda: next(clock))
    pace = Pace()
    assert pace.words(engine.Tally(90, 0)) == "compiling kernels, first use only"
    assert pace.words(engine.Tally(90, 0)) == "compiling kernels, first use only, 12 s"
    assert pace.words(engine.Tally(90, 40)) == "40 of 90 cells, 40 from before; compiling kernels, first use only, 8 min"
    assert pace.words(engine.Tally(90, 0, 10)) == "10 of 90 cells"
    assert pace.words(engine.Tally(90, 0, 60)) == "60 of 90 cells, 10 a second, 3 s left"


def test_a_quiet_run_says_nothing_on_standard_error(tmp_path, capsys):
    path = spec_file(tmp_path, '[sweep]\nname = "quiet"\n[[design]]\nname = "one"\n[design.axes]\ndimension = [2, 3]\n')
    assert main(["sweep", str(path), "--out", str(tmp_path / "out"), "--workers", "1", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
