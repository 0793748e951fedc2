"""``normlaw verify`` on invented claims: what passes, what falls short, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from derivations.__main__ import main
from tests.test_derivations.invented import X, invented, measured, measurement
from theory.claims import Hypothesis, Step, Witness
from theory.kernel import Equal

NOWHERE = measurement(applicable=False, what="y")
OF_POSITIVE = "witness of hypothesis positive"


def verified(capsys, tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    status = main(["verify", "--chapter", "invented", "--out", str(tmp_path), *arguments])
    return (status, *capsys.readouterr())


def wrong(goal: Equal) -> dict:
    return {"steps": lambda _: (Step("A step.", goal, concludes=True),)}


def test_a_claim_that_holds_everywhere_passes(invent, capsys, tmp_path):
    invent((invented(), measured()))
    status, out, err = verified(capsys, tmp_path)
    assert status == 0
    assert "all holds: 1 claim" in out
    assert "1e-17 ≤ 1e-15" in out
    assert err == "Z8 it-holds: proved; evidence holds; 1 of 1 witnesses bite\n"


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (invented(**wrong(Equal(X, 2 * X))), measured(), "proof refuted at step 1, A step: "),
        (invented(**wrong(Equal(X, 1.0 * X))), measured(), "proof undecided at step 1, A step: "),
        (invented(steps=lambda _: ()), measured(), "proof undecided: "),
        (invented(), measured(measurement(2.0)), "evidence fails: x: observed 2, bound 1e-15, at x=[1]"),
        (invented(), measured(measurement(np.nan)), "evidence fails: x: observed nan, bound 1e-15, at x=[1]"),
        (invented(), measured(measurement(1.0, np.nan)), "evidence fails: x: observed 1, bound nan"),
        (invented(), measured(measurement(), NOWHERE), "evidence vacuous: y: no drawn"),
        (invented(), None, "evidence fails: no evidence module"),
        (invented(), TypeError("oh"), "evidence fails: the evidence module cannot be loaded: TypeError"),
        (invented(), measured(other=lambda: None), f"{OF_POSITIVE} missing: no simulation drops it"),
        (invented(), measured(bites=False), f"{OF_POSITIVE} fails: in simulation with it the statement h"),
        (invented(), measured(positive=lambda: None), f"{OF_POSITIVE} fails: in simulation TypeError"),
    ],
)  # fmt: skip
def test_a_claim_that_falls_short_is_named_with_the_reason_on_one_line(
    invent, capsys, tmp_path, claim, evidence, reason
):
    invent((claim, evidence), (invented("another-that-holds"), measured()))
    status, out, _ = verified(capsys, tmp_path)
    assert status == 1
    named = [line for line in out.splitlines() if line.startswith("Z8 it-holds: ")]
    assert any(line.startswith(f"Z8 it-holds: {reason}") for line in named), named
    assert "another-that-holds: " not in out


def test_a_refuted_step_is_reported_with_the_values_at_which_it_fails(invent, capsys, tmp_path):
    invent((invented(**wrong(Equal(X, 2 * X))), measured()))
    assert "; at x = " in verified(capsys, tmp_path)[1]


def test_a_witness_that_the_kernel_cannot_refute_does_not_bite(invent, capsys, tmp_path):
    true = Hypothesis("positive", "$x > 0$", witness=lambda f: Witness("x = x", Equal(f["square"], f["square"])))
    invent((invented(hypotheses=(true,)), measured()))
    status, out, _ = verified(capsys, tmp_path)
    assert status == 1
    assert "witness of hypothesis positive fails: without it the statement is proved (normal form" in out


def test_evidence_that_raises_while_measuring_fails_and_the_rest_goes_on(invent, capsys, tmp_path):
    broken = measured()
    broken = type(broken)(broken.draw, lambda _f, _s: 1 / 0, broken.witnesses)
    invent((invented(), broken), (invented("another-that-holds"), measured()))
    status, out, _ = verified(capsys, tmp_path)
    assert status == 1
    assert "Z8 it-holds: evidence fails: ZeroDivisionError" in out
    assert "evidence holds for 1" in out


NUMERIC = invented("it-is-so", numeric_only=True, steps=lambda _: ())
LOUD = "1 OF 2 CLAIMS IS NUMERIC-ONLY: measured, not proved: Z8 it-is-so"


def test_a_numeric_only_claim_passes_without_a_proof_and_every_output_says_so(invent, capsys, tmp_path):
    invent((NUMERIC, measured()), (invented("another-that-holds"), measured()))
    status, out, err = verified(capsys, tmp_path)
    assert status == 0
    assert out.splitlines()[-2].startswith(f"all holds, BUT {LOUD}: 2 claims: 1 proved, 1 numeric-only")
    assert "NOT PROVED" in out
    assert "Z8 it-is-so: numeric-only;" in err
    assert f"**{LOUD}.**" in (tmp_path / "ledger.md").read_text()
    assert "**numeric-only, not proved**" in (tmp_path / "ledger.md").read_text()
    _, out, err = verified(capsys, tmp_path, "--json")
    summary = json.loads(out)["summary"]
    assert (summary["numeric_only"], summary["proof"]["numeric-only"]) == (["it-is-so"], 1)
    assert err == f"{LOUD}\n"
    assert verified(capsys, tmp_path, "--quiet") == (0, "", f"{LOUD}\n")


@pytest.mark.parametrize(("factor", "word"), [(2, "refuted"), (1.0, "undecided")])
def test_no_step_that_is_not_proved_hides_behind_numeric_only(invent, capsys, tmp_path, factor, word):
    invent((invented(numeric_only=True, **wrong(Equal(X, factor * X))), measured()))
    status, out, _ = verified(capsys, tmp_path)
    assert status == 1
    assert f"Z8 it-holds: proof {word} at step 1, A step: " in out
    assert "numeric-only" not in out


def test_numeric_only_excuses_no_evidence(invent, capsys, tmp_path):
    invent((NUMERIC, measured(measurement(2.0))))
    assert verified(capsys, tmp_path)[0] == 1
    invent((NUMERIC, measured(bites=False)))
    assert verified(capsys, tmp_path)[0] == 1


def test_json_is_one_document_with_the_promised_keys_and_nothing_else(invent, capsys, tmp_path):
    invent(
        (invented(), measured(measurement(), measurement(np.inf, what="y"))), (invented("unmeasured"), None)
    )
    status, out, err = verified(capsys, tmp_path, "--json", "--seed", "3")
    document = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert status == 1
    assert set(document) >= {"claims", "summary", "seed", "versions"}
    assert document["seed"] == 3
    claim = next(c for c in document["claims"] if c["id"] == "it-holds")
    keys = {
        "id",
        "statement_latex",
        "proof",
        "evidence",
        "hypotheses",
        "derived_from",
        "provenance",
        "seconds",
    }
    assert set(claim) >= keys
    assert claim["evidence"]["verdict"] == "fails"
    assert (claim["evidence"]["observed"], claim["evidence"]["bound"], claim["evidence"]["settings"]) == (
        "inf",
        1e-15,
        2,
    )
    assert claim["hypotheses"][0]["id"] == "positive"
    assert claim["hypotheses"][0]["witness"] == "bites"
    assert "it-holds: evidence fails" in err
    assert document == json.loads((tmp_path / "ledger.json").read_text()) | {"summary": document["summary"]}


def test_quiet_says_only_what_falls_short(invent, capsys, tmp_path):
    invent((invented(), measured()))
    assert verified(capsys, tmp_path, "--quiet") == (0, "", "")
    invent((invented(), None))
    status, out, err = verified(capsys, tmp_path, "--quiet")
    assert (status, err) == (1, "")
    assert out.startswith("falls short\nZ8 it-holds: ")


def test_files_do_not_depend_on_the_run_but_for_the_seconds(invent, capsys, tmp_path):
    invent((invented(), measured()), (invented("unmeasured"), None))
    found = []
    for name in ("one", "two"):
        verified(capsys, tmp_path / name)
        document = json.loads((tmp_path / name / "ledger.json").read_text())
        for part in (*document["claims"], document["summary"]):
            part.pop("seconds")
        found.append((document, (tmp_path / name / "ledger.md").read_text()))
    assert found[0] == found[1]
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == ["ledger.json", "ledger.md", "points.json"]


def test_the_table_fits_80_columns_and_has_no_escape_codes_outside_a_terminal(
    invent, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    long = invented("a-claim-of-rather-many-words-indeed", numeric_only=True, title="A long title " * 6)
    invent((long, measured(measurement(np.nan))), (invented(), measured()))
    _, out, _ = verified(capsys, tmp_path)
    table = out.split("falls short")[0]
    assert "\x1b" not in out
    assert max(map(len, table.splitlines())) <= 80
    assert "…" not in table


def test_a_run_of_some_claims_says_that_it_replaced_the_ledger_of_more(invent, capsys, tmp_path):
    invent((invented(), measured()), (invented("another-that-holds"), measured()))
    said = f"the ledger in {tmp_path} was of 1 more claim, and now is of this run only"
    assert "was of" not in verified(capsys, tmp_path)[1]
    assert main(["verify", "it-holds", "--out", str(tmp_path)]) == 0
    assert said in capsys.readouterr().out.replace("\n", " ").split("open: ")[1]
    assert "was of" not in verified(capsys, tmp_path)[1]
    assert main(["verify", "it-holds", "--out", str(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)["claims"]) == 1
    assert said in err.replace("\n", " ")
    (tmp_path / "ledger.json").write_text("{", encoding="utf-8")
    assert "was of" not in verified(capsys, tmp_path)[1]
