"""The document, the tables, the picture, the quotation in the README, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

import benchmarks.__main__ as command
from benchmarks.arguments import NAMES
from benchmarks.contest import Case, Contender, Difference, Missing, Outcome, Prepared, Standing, hold
from benchmarks.document import NoResults, document, faults, read, written
from benchmarks.findings import Finding
from benchmarks.report import BEGIN, END, draw, markdown, quoted, show

README = Path(__file__).parents[2] / "README.md"


def outcome(wrong: bool = False) -> Outcome:
    def contender(name: str, result: float) -> Contender:
        return Contender(name, lambda: Prepared(lambda: result, "quickly"))

    def absent() -> Prepared:
        raise Missing("not installed")

    others = (contender("twin", 1.0), contender("liar", 7.0 if wrong else 1.0), Contender("absent", absent))
    return hold(Case("replicates", "a case", contender("normlaw", 1.0), others, 10.0, "steps",
                     lambda a, b: Difference(1e9 * abs(a - b), "numbers"), targets={"twin": 1e9}), 2)  # fmt: skip


def results(wrong: bool = False, failures: tuple[str, ...] = ()) -> dict:
    finding = Finding("growth", "an exponent", (1.0, 1.1, 0.9), "", "95 %: 0.9 to 1.1", target=2.0)
    return document([outcome(wrong)], [finding], failures, 2, quick=True)


def test_the_document_has_its_schema_and_says_where_and_when():
    found = read(written(results()))
    assert found["schema_version"] == 1
    assert {"cpu", "cores", "python", "versions", "date", "system"} <= found["machine"].keys()
    assert found["machine"]["cores"] >= 1
    assert "numpy" in found["machine"]["versions"]
    contest = found["contests"][0]
    assert contest.keys() == {"benchmark", "case", "work", "unit", "note", "results_compared", "contenders"}
    ours, twin, _, absent = contest["contenders"]
    assert ours["ratio_to_ours"] == {"median": 1.0, "least": 1.0, "largest": 1.0}
    assert twin["ratio_to_ours"]["least"] <= twin["ratio_to_ours"]["median"] <= twin["ratio_to_ours"]["largest"]
    assert (twin["status"], twin["target"], twin["met"], twin["difference_over_bound"]) == ("ok", 1e9, False, 0.0)
    assert (absent["status"], absent["note"], absent["ratio_to_ours"]) == ("missing", "not installed", None)
    assert found["findings"][0]["met"] is True
    assert faults(found) == []


def test_a_wrong_contender_is_a_fault_and_so_is_a_benchmark_that_broke():
    assert ["a case: liar wrong" in fault for fault in faults(results(wrong=True))] == [True]
    assert faults(results(failures=("peak: RuntimeError: no",))) == ["peak: RuntimeError: no"]


def test_numbers_that_json_lacks_are_words():
    one = Standing("liar", "wrong", "shape", difference=float("inf"))
    found = document([Outcome(outcome().case, (one,))], [], [], 1, quick=False)
    assert json.loads(written(found))["contests"][0]["contenders"][0]["difference_over_bound"] == "infinite"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 99}', "no json"])
def test_a_file_that_holds_no_results_is_refused(text):
    with pytest.raises(NoResults):
        read(text)


def test_tables_show_everybody(capsys):
    show(results(wrong=True), Console(width=200))
    out = capsys.readouterr().out
    for words in ("normlaw", "twin", "liar", "another result", "absent", "not installed", "an exponent", "missed", "say nothing"):
        assert words in out
    table = markdown(results(wrong=True))
    assert "| liar |" in table
    assert "missing: not installed" in table
    assert "| an exponent | 1 | 0.9 to 1.1 | at most 2: met | 95 %: 0.9 to 1.1 |" in table


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_is_drawn_with_and_without_contests(tmp_path, kind):
    draw(results(), tmp_path / f"ratios.{kind}")
    draw({**results(), "contests": []}, tmp_path / f"none.{kind}")
    assert all((tmp_path / f"{name}.{kind}").stat().st_size > 1000 for name in ("ratios", "none"))


def test_the_readme_is_rewritten_between_its_markers_only():
    readme = README.read_text(encoding="utf-8")
    found = results()
    once = quoted(readme, found)
    assert once == quoted(once, found)
    assert once.partition(BEGIN)[0] == readme.partition(BEGIN)[0]
    assert once.partition(END)[2] == readme.partition(END)[2]
    assert "a case" in once
    with pytest.raises(ValueError, match="has no lines"):
        quoted("no markers", results())


@pytest.fixture
def _one_outcome(monkeypatch):
    """Contests of a moment in place of the real ones."""

    def measured(names, repeats, *, quick, tell):
        tell("measuring")
        return {**results(), "repeats": repeats, "quick": quick, "names": list(names)}

    monkeypatch.setattr(command, "measured", measured)


@pytest.mark.usefixtures("_one_outcome")
def test_the_command_writes_what_is_asked_for(tmp_path, capsys):
    files = ["--json", str(tmp_path / "a" / "x.json"), "--out", str(tmp_path / "b")]
    assert command.main(["replicates", "--repeats", "3", "--quick", *files]) == 0
    assert read((tmp_path / "a" / "x.json").read_text())["repeats"] == 3
    assert sorted(p.name for p in (tmp_path / "b").iterdir()) == ["ratios.png", "ratios.svg", "results.json", "results.md"]
    assert "a case" in capsys.readouterr().out
    assert command.main(["--from", str(tmp_path / "a" / "x.json")]) == 0


@pytest.mark.usefixtures("_one_outcome")
def test_the_command_quotes_results_in_the_readme(tmp_path, monkeypatch):
    copy = tmp_path / "README.md"
    copy.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(command, "README", copy)
    assert command.main(["--readme"]) == 0
    assert "a case" in copy.read_text(encoding="utf-8")


def test_the_command_fails_if_a_contender_is_wrong(monkeypatch, capsys):
    monkeypatch.setattr(command, "measured", lambda *_, **__: results(wrong=True))
    assert command.main([]) == 1
    assert "liar wrong" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nonsense"], ["--repeats", "0"], ["--repeats", "many"], ["--repeats", "1001"], ["--what"]])
def test_bad_usage_is_one_error_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(arguments)
    assert stop.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_one_error(tmp_path, capsys):
    assert command.main(["--from", str(tmp_path / "missing.json")]) == 2
    (tmp_path / "x.json").write_text("{}")
    assert command.main(["--from", str(tmp_path / "x.json")]) == 2
    assert capsys.readouterr().err.count("benchmarks: error:") == 2


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "measured", interrupted)
    assert command.main([]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_benchmark_that_breaks_does_not_take_the_others_along(monkeypatch):
    import benchmarks.peak
    import benchmarks.startup

    def breaks(*_, **__):
        raise RuntimeError("no processor")

    monkeypatch.setattr(benchmarks.peak, "findings", breaks)
    monkeypatch.setattr(benchmarks.startup, "findings", lambda *_, **__: iter([Finding("start-up", "x", (1.0,), "ms")]))
    found = command.measured(("startup", "peak"), 1, quick=True, tell=lambda _: None)
    assert faults(found) == ["peak: RuntimeError: no processor"]
    assert [f["name"] for f in found["findings"]] == ["x"]


def test_help_teaches_every_benchmark(capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in (*NAMES, "--repeats", "--json", "--out", "--quick", "--readme", "exit status", "pip install"))
