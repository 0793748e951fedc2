"""What a spec may say, and the one line that says what is wrong with it; designs and their cells."""

from __future__ import annotations

import re
import tomllib

import pytest

from derivations.__main__ import main
from derivations.command_line.input_checks import UsageError
from derivations.sweep.axes import axes
from derivations.sweep.design import laid_out
from derivations.sweep.laws import laws
from derivations.sweep.spec import Range, read_spec, spec_of
from numerics.validation import InvalidInput
from tests.test_sweep.sweeps import ROOT

HEAD = '[sweep]\nname = "s"\n[[design]]\nname = "d"\n'
AXES = HEAD + "[design.axes]\n"
RANDOM = HEAD + 'kind = "random"\ncells = 9\n[design.axes]\n'
WRONG = {
    "": "has no table sweep",
    "[sweep]\n": "[sweep] has no name of one line",
    '[sweep]\nname = "s"\n': "the spec has no designs",
    '[sweep]\nname = "s"\nsed = 1\n': "[sweep]: 'sed' is not known; known are chunk, name, seed, time_limit",
    '[sweep]\nname = "s"\nseed = -1\n[[design]]\nname = "d"\n[design.axes]\n': "sweep.seed = -1 must be between 0 and 4611686018427387904",
    '[sweep]\nname = "s"\nchunk = 0\n[[design]]\nname = "d"\n[design.axes]\n': "sweep.chunk = 0 must be between 1 and 65536",
    '[sweep]\nname = "s"\ntime_limit = 0\n[[design]]\nname = "d"\n[design.axes]\n': "sweep.time_limit = 0 must be above 0",
    AXES + 'optimiser = "sgd"': "design 'd': optimiser is no axis; close to it: optimizer",
    AXES + 'optimizer = "sdg"': "design 'd': optimizer = 'sdg' must be a known name; close to it: sgd",
    AXES + "dimension = 1": "design 'd': dimension = 1 must be at least 2, at most 4096",
    AXES + "dimension = 8.0": "design 'd': dimension = 8.0 must be an integer",
    AXES + "dimension = true": "design 'd': dimension = True must be an integer",
    AXES + "dimension = [4, 8, 4]": "must not have a value twice",
    AXES + "dimension = []": "design 'd': dimension = [] must have at least one value",
    AXES + "step_size = 0": "design 'd': step_size = 0 must be above 0",
    AXES + "step_size = nan": "design 'd': step_size = nan must be above 0",
    AXES + 'step_size = "1"': "design 'd': step_size = '1' must be a number",
    AXES + "step_size = [0.1, -1]": "design 'd': step_size[1] = -1 must be above 0",
    AXES + "lazy = 1": "design 'd': lazy = 1 must be true or false",
    AXES + "step_size = { low = 0.1, high = 1.0 }": "a range in a grid needs count",
    RANDOM + "step_size = { low = 1.0, high = 0.1 }": "step_size.low = 1 must be at most high = 0.1",
    RANDOM + "step_size = { high = 0.1 }": "step_size.low = None must be a number",
    RANDOM + "momentum = { low = 0.0, high = 0.5, scale = 'log' }": "momentum.low = 0 must be above 0 for scale = log",
    RANDOM + "step_size = { low = 0.1, high = 1.0, scale = 'lin' }": "step_size.scale = 'lin' must be linear or log",
    RANDOM + "step_size = { low = 0.1, high = 1.0, step = 1 }": "'step' is not known; known are count, high, low, scale",
    RANDOM + "optimizer = { low = 1, high = 2 }": "a range is for numbers; list the values",
    RANDOM + "dimension = [2, 3]": "cells = 9, but",
    HEAD + "cells = 3\n[design.axes]\n": "a grid has no cells",
    HEAD + 'kind = "random"\n[design.axes]\n': "a random design needs cells",
    HEAD + 'kind = "sobol"\n[design.axes]\n': "kind = 'sobol' must be grid or random",
    AXES + "dimension = [2]\n[[design.exclude]]\nnorm = 1.0": "exclude: norm is no axis of this design",
    AXES + "dimension = [2]\n[[design.exclude]]\ndimension = 2": "exclude leaves no cell",
    AXES + "dimension = [2]\n[[design]]\nname = 'd'\n[design.axes]\n": "two designs are called 'd'",
    AXES + "energy = [1.0, 2.0]": "no law of it reads the axis energy at any of its settings",
    AXES + "dimension = { low = 2, high = 4000, count = 3999 }\nrepeat = { low = 0, high = 9999, count = 10000 }\n"
    "candidates = { low = 1, high = 4000, count = 4000 }": "combinations is too large",
    "x = ": "is no TOML",
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WRONG.items(), ids=range(len(WRONG)))
def test_what_is_wrong_is_said_with_name_value_and_bound(tmp_path, capsys, text, words):
    path = tmp_path / "spec.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["sweep", str(path), "--dry-run"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def cells(axes_of, **head):
    return laid_out(spec_of({"sweep": {"name": "s", **head}, "design": [{"name": "d", "axes": axes_of}]})).cells


def test_a_grid_has_every_combination_once_and_leaves_out_what_is_excluded():
    document = tomllib.loads(AXES + 'optimizer = ["sgd", "adam"]\ndimension = [2, 3]\nmomentum = [0.1, 0.2]\n'
                             '[[design.exclude]]\noptimizer = "adam"\ndimension = 3\n')  # fmt: skip
    found = {(c.setting["optimizer"], c.setting["dimension"], c.setting.get("momentum")) for c in laid_out(spec_of(document)).cells}
    assert found == {("sgd", 2, None), ("sgd", 3, None), ("adam", 2, 0.1), ("adam", 2, 0.2)}, "SGD has no momentum"


def test_a_cell_reads_only_what_its_law_does_there():
    (one,) = cells({"law": "balance", "visits": 1.0, "decay": "none", "loss": "prescribed"})
    assert not {"lazy", "eta_lambda", "temperature", "momentum"} & one.setting.keys()
    assert {"energy", "persistence"} <= one.setting.keys()
    assert len(cells({"law": "balance", "visits": [1.0, 0.5], "lazy": [True, False]})) == 3


def test_names_that_end_in_a_star_stand_for_all_that_begin_so():
    found = {c.law for c in cells({"law": ["evidence:B2*", "sandwich"]})}
    assert found == {"evidence:B2", "sandwich"}
    assert len(cells({"law": "evidence:*"})) == sum(name.startswith("evidence:") for name in laws())


def test_another_seed_is_other_cells_and_more_values_leave_the_others_as_they_are():
    few, more, other = (cells({"dimension": d}, seed=s) for d, s in (([4, 5], 1), ([4, 5, 6], 1), ([4, 5], 2)))
    assert {c.id for c in few} < {c.id for c in more}
    assert not {c.id for c in few} & {c.id for c in other}
    assert {c.id: c.seed for c in few}.items() < {c.id: c.seed for c in more}.items()
    assert [c.id for c in more] == sorted(c.id for c in more), "files take about as long when cells of all kinds are mixed"


def test_random_designs_are_reproducible_and_within_their_ranges():
    text = HEAD + 'kind = "random"\ncells = 200\n[design.axes]\nstep_size = { low = 1e-3, high = 1.0, scale = "log" }\n'
    text += "dimension = { low = 3, high = 9 }\n"
    one, other = (laid_out(spec_of(tomllib.loads(text))).cells for _ in range(2))
    assert [c.id for c in one] == [c.id for c in other]
    sizes = [c.setting["step_size"] for c in one]
    assert len(one) == 200 == len({c.id for c in one})
    assert 1e-3 <= min(sizes) < 0.003
    assert 0.3 < max(sizes) <= 1.0
    assert 50 < sum(s < 0.0316 for s in sizes) < 150, "even in the logarithm"
    assert {c.setting["dimension"] for c in one} == set(range(3, 10))


def test_a_dry_run_counts_and_shows_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", str(ROOT / "sweeps" / "example.toml"), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"example: \d+ cells in \d+ files", said)
    assert "law=" in said
    assert list(tmp_path.iterdir()) == []


def test_the_whole_design_has_a_hundred_thousand_cells_of_every_law_loss_rule_decay_and_precision():
    found = laid_out(read_spec(ROOT / "sweeps" / "whole_design.toml")).cells
    assert len(found) >= 100_000
    for axis in axes().values():
        if axis.kind in ("choice", "flag") and axis.name != "effort":
            seen = {c.setting[axis.name] for c in found if axis.name in c.setting}
            assert seen == set(axis.choices or (True, False)), axis.name


@pytest.mark.parametrize(("arguments", "words"), [
    (["spec.toml"], "--out DIR is missing"),
    (["missing.toml", "--out", "o"], "SPEC = 'missing.toml' does not exist"),
    (["spec.toml", "--out", "o", "--scheduler", "x", "--local-cluster"], "exclude each other"),
    (["spec.toml", "--out", "o", "--workers", "0"], "'0' must be an integer between 1 and 1024"),
    (["spec.toml", "more"], "unrecognized arguments: more (try: normlaw sweep --help)"),
    (["report"], "sweep report: error: the following arguments are required: DIR (try: normlaw sweep report --help)"),
    (["report", "nowhere"], "DIR = 'nowhere' holds no sweep"),
    (["report", "nowhere", "--workers", "2"], "unrecognized arguments: --workers 2 (try: normlaw sweep report --help)"),
    (["spec.toml", "--bogus"], "unrecognized arguments: --bogus (try: normlaw sweep --help)"),
    (["cell", "nowhere"], "sweep cell: error: the following arguments are required: ID"),
    (["--quiet", "cell", "nowhere", "12"], "holds no sweep"),
    ([], "the following arguments are required"),
], ids=lambda x: " ".join(x) if isinstance(x, list) else "")  # fmt: skip
def test_bad_usage_is_one_line_and_status_2(tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.toml").write_text(AXES + "dimension = 4\n")
    assert main(["sweep", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(("module", "arguments", "words"), [
    ("pyarrow.parquet", [], "which needs pyarrow; it is in the extra sweep"),
    ("distributed", ["--local-cluster"], "need distributed; it is in the extra sweep"),
])  # fmt: skip
def test_a_missing_library_is_named_with_its_extra(tmp_path, capsys, monkeypatch, module, arguments, words):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    (tmp_path / "spec.toml").write_text(AXES + "dimension = 4\n")
    assert main(["sweep", str(tmp_path / "spec.toml"), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists(), "no folder is claimed for what cannot be done"


@pytest.mark.parametrize(("page", "words"), [("report", "report.md      all of it"), ("cell", "by the beginning of it")])
def test_report_and_cell_have_a_help_of_their_own(capsys, page, words):
    assert main(["sweep", page, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: normlaw sweep {page} ")
    assert words in said
    assert "exit status" in said
    assert "--scheduler" not in said


def test_help_names_every_axis_and_every_law(capsys):
    assert main(["sweep", "--help"]) == 0
    said = capsys.readouterr().out
    assert [name for name in axes() if not re.search(rf"\b{name}\b", said)] == []
    assert [name for name in laws() if name.split(":")[0] not in said] == []
    assert [name.split(":")[1] for name in laws() if name.startswith("placed:") and name.split(":")[1] not in said] == []


def test_a_range_contains_its_ends_and_no_words():
    assert 2 in Range(2, 3)
    assert 3.0 in Range(2, 3)
    assert 3.1 not in Range(2, 3)
    assert "2" not in Range(2, 3)
    assert issubclass(UsageError, ValueError)
    assert issubclass(InvalidInput, ValueError)
