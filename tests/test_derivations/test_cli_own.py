"""``normlaw prove`` and ``normlaw check``: answers, exit states, carets, limits, ledgers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import derivations.commands.prove
from derivations.__main__ import main
from derivations.statements.files import read_claims
from derivations.statements.process import Question, StatementProcess, prove_within

ROOT = Path(__file__).parents[2]
EXAMPLES = (  # of the command's own help, with the exit status
    (["norm(u - eta*grad(L,u))**2 == norm(u)**2 + eta**2*norm(grad(L,u))**2", "--where", "L=-cos(u,v)/tau"], 0),
    (["dot(u, grad(L,u)) == 0", "--where", "L=-dot(u,v)+log(exp(dot(u,v))+exp(dot(u,w)))"], 1),
    (["scale_invariant(L,u)", "--where", "L=norm(u-v)**2"], 1),
    (["scale_invariant(L,u)", "--where", "L=norm(unit(u)-unit(v))**2"], 0),
    (["dot(u, grad(L,u)) == 0", "--where", "L=log(exp(cos(u,p)/tau) + sum(exp(cos(u,v[j])/tau), j, 1, n)) - cos(u,p)/tau"], 0),
    (["norm(next) >= norm(u)", "--where", "next=u - eta*g", "--given", "dot(u,g)==0"], 0),
    (["cos(u,v) >= 0", "--given", "cos(u,w) >= 9/10", "--given", "cos(v,w) >= 9/10"], 0),
    (["cos(u,v) >= 0", "--given", "cos(u,w) >= 9/10", "--given", "cos(w,x) >= 9/10", "--given", "cos(x,v) >= 9/10"], 3),
    (["--given=-1<x", "--", "-x < 1"], 0),
)


@pytest.fixture(scope="module")
def process():
    with StatementProcess() as found:
        yield found


@pytest.fixture
def one_process(process, monkeypatch):
    """Commands ask one and the same process, and start none of their own: to load the algebra takes longer than most proofs."""
    ask = lambda statement, where, given, timeout: process.ask(Question(statement, where, tuple(given)), timeout)  # noqa: E731
    monkeypatch.setattr(derivations.commands.prove, "prove_within", ask)


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(("arguments", "status"), EXAMPLES)
def test_each_example_is_answered_as_the_help_says(arguments, status, capsys):
    assert main(["prove", "--json", *arguments]) == status
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == {0: "proved", 1: "refuted", 3: "undecided"}[status]
    assert (document["counterexample"] is not None) == (status == 1)


@pytest.mark.usefixtures("one_process")
def test_a_refutation_shows_vectors_both_sides_and_the_defect(capsys):
    assert main(["prove", "dot(u, grad(L,u)) == 0", "--where", "L=norm(u-v)**2"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("refuted")
    assert "it fails in dimension 1 at u = (" in out
    assert "left  = " in out
    assert "left - right = " in out


@pytest.mark.usefixtures("one_process")
def test_a_proof_says_where_everything_is_defined(capsys):
    assert main(["prove", *EXAMPLES[0][0]]) == 0
    out, _ = capsys.readouterr()
    assert "by normal form" in out
    assert "wherever it is defined: tau must not be 0" in out
    assert main(["prove", "--quiet", "x == x"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "said", "text", "at"),
    [
        (["dot(u, v == 0"], "')' is expected here, not '=='", "dot(u, v == 0", 9),
        (["dot(u, v) == τ"], "write tau", "dot(u, v) == τ", 13),
        (["L == 0", "--where", "L=u+"], "(in where L)", "u+", 2),
        (["L == 0", "--where", "L=K", "--where", "K=2*L"], "definitions go in a circle", "2*L", 2),
        (["x == 0", "--given", "x > > 0"], "(in given)", "x > > 0", 4),
        (["dot(u, grad(L,u)) == 0", "--where", "l=-dot(u,v)"], "did you mean L? (in where l)", "-dot(u,v)", 0),
        (["dot(u, grad(L,u)) == 0"], "L does not depend on u; is a definition missing?", "dot(u, grad(L,u)) == 0", 12),
        (["sum(p[j],j,1,n) == 1", "--where", "p=exp(x)"], "and has no members p[...]", "sum(p[j],j,1,n) == 1", 4),
        (["grad(L,v[1]) == 0", "--where", "L=sum(dot(u,v[j]),j,1,n)"], "v has a symbolic number n of members", "grad(L,v[1]) == 0", 7),
        (["norm(u) == 1", "--where", "u=v+1"], "a vector is needed here, this is a scalar (in where u)", "v+1", 1),
        (["x**1000 == 0"], "an exponent beyond 64", "x**1000 == 0", 3),
        (["(" * 100 + "x"], "nested more than 60 deep", None, None),
    ],
)
def test_what_cannot_be_read_is_status_2_with_a_caret(arguments, said, text, at, capsys):
    assert main(["prove", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, shown, caret = err.rstrip("\n").split("\n")
    assert said in first
    assert first.startswith("normlaw prove: error: ")
    if text is not None:
        assert shown.strip() == text
        assert caret.index("^") == 2 + at


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x == 0", "--where", "L"], "must be NAME=EXPRESSION"),
        (["x == 0", "--where", "L==3"], "must be NAME=EXPRESSION"),
        (["x == 0", "--where", "L=1", "--where", "L=2"], "L=... is given twice"),
        (["x == 0", "--timeout", "0"], "must be a number of seconds above 0"),
        (["x == 0", "--timeout", "nan"], "must be a number of seconds above 0"),
        (["x == 0", "--timeout", "1e9"], "must be a number of seconds above 0"),
        ([], "the following arguments are required: STATEMENT"),
    ],
)
def test_bad_options_are_one_line(arguments, said, capsys):
    assert main(["prove", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


SUMS = ["+".join(f"{name}{i}" for i in range(24)) for name in "ab"]
HARD = f"norm({SUMS[0]})*norm({SUMS[1]}) >= dot({SUMS[0]}, {SUMS[1]})"  # 48 vectors: half a minute and more


def test_the_time_limit_holds_whatever_the_proof_is_doing_and_the_process_is_replaced():
    with StatementProcess() as process:
        started = time.monotonic()
        result = process.ask(Question(HARD), 2)
        assert time.monotonic() - started < 30
        assert (result.verdict, result.counterexample) == ("undecided", None)
        assert "time limit" in result.note
        assert process.ask(Question("x == x"), 30).verdict == "proved"


def test_a_process_that_dies_leaves_the_statement_undecided():
    with StatementProcess() as process:
        process.ask(Question("x == x"), 30)
        process._process.kill()
        assert process.ask(Question("x == x"), 30).verdict == "undecided"
        assert process.ask(Question("x == x"), 30).verdict == "proved"
    assert prove_within("x == y").verdict == "refuted"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interruption_is_clean_and_leaves_no_process():
    command = [sys.executable, "-m", "derivations", "prove", HARD]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    children: list[str] = []
    for _ in range(300):
        time.sleep(0.1)
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        if children:
            break
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert err == "normlaw: interrupted; nothing was left half-written\n"
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)


FILE = """\
where = { L = "-cos(u, v)/tau" }
given = ["tau > 0"]

[[claim]]
name = "orthogonal"
statement = "dot(u, grad(L, u)) == 0"

[[claim]]
name = "bounded"
statement = "norm(grad(M, u)) <= 1/(tau*norm(u))"
where = { M = "2*L" }
given = ["tau <= 1"]
expect = "refuted"

[[claim]]
name = "empty"
statement = "x == 1"
given = ["x > 1", "x < 0"]
expect = "undecided"
"""


def test_a_file_of_claims_passes_if_every_verdict_is_the_expected_one(capsys, tmp_path):
    path, out = tmp_path / "claims.toml", tmp_path / "out"
    path.write_text(FILE)
    assert main(["check", str(path), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "every verdict is as expected: 3 claims" in shown
    ledger = json.loads((out / "ledger.json").read_text())
    assert [(c["id"], c["verdict"], c["expected"]) for c in ledger["claims"]] == [
        ("orthogonal", "proved", "proved"), ("bounded", "refuted", "refuted"), ("empty", "undecided", "undecided"),
    ]  # fmt: skip
    assert ledger["summary"]["passes"]
    assert ledger["claims"][1]["result"]["counterexample"]["vectors"]
    assert ledger["summary"] | {"seconds": 0} == {
        "passes": True, "claims": 3, "verdicts": {"proved": 1, "refuted": 1, "undecided": 1}, "ok": 3, "unexpected": 0,
        "falls_short": [], "seconds": 0,
    }  # fmt: skip
    assert all(claim["as_expected"] and "evidence" not in claim for claim in ledger["claims"])
    table = (out / "ledger.md").read_text()
    assert "| 2 | bounded | `norm(grad(M, u)) <= 1/(tau*norm(u))`; where `L = -cos(u, v)/tau`; where `M = 2*L`" in table
    assert "| refuted | refuted | ok | at " in table
    assert "| proved | proved | ok | by " in table
    assert not {"evidence", "bite", "fails |", "holds"} & set(table.split())


def test_a_shared_definition_need_not_be_used_in_every_claim(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text("where = { L = 'x', M = 'y' }\n" + "".join(f"[[claim]]\nname = '{n}'\nstatement = '{n} == {n}'\n" for n in "LM"))
    first, second = read_claims(path)
    assert (dict(first.question.where), dict(second.question.where)) == ({"L": "x"}, {"M": "y"})


def test_a_verdict_that_is_not_expected_falls_short(capsys, tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(FILE.replace('expect = "refuted"', ""))
    assert main(["check", str(path), "--out", str(tmp_path / "out"), "--json"]) == 1
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert not document["summary"]["passes"]
    assert [entry["who"] for entry in document["summary"]["falls_short"]] == ["2 bounded"]
    assert "2 bounded: refuted, expected proved" in err
    assert (document["summary"]["ok"], document["summary"]["unexpected"]) == (2, 1)
    assert "| refuted | proved | **unexpected** |" in (tmp_path / "out" / "ledger.md").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no claims"),
        ("[[claim]]\nname = 'a'", "claim 'a' has no statement"),
        ("[[claim]]\nstatement = 'x == x'", "claim number 1 has no name"),
        ("[[claim]]\nname = 'a'\nstatement = 'x =='", "claim 'a': a name, a number or '(' is expected here"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\nexpect = 'true'", "expect = 'true' must be one of proved"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\nexpected = 'proved'", "'expected' is not known"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\nwhere = 'L=1'", "where must be a table"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\ngiven = 'x>0'", "given must be a list"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\n" * 2, "two claims are called 'a'"),
        ("where = {L = 'x'}\n[[claim]]\nname = 'a'\nstatement = 'x == x'", "L is defined for all claims and not used in any"),
        ("where = {L = 'x'}\n[[claim]]\nname = 'a'\nstatement = 'L == x'\nwhere = {L = 'x'}", "not used in any"),
        ("[[claim]]\nname = 'a'\nstatement = 'x == x'\nwhere = {L = 'x'}", "claim 'a': L is defined but not used"),
        ("claims = 3", "'claims' is not known"),
        ("x = ", "is no TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_before_any_work(text, said, capsys, tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(text)
    assert main(["check", str(path), "--out", str(tmp_path / "out")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert main(["check", str(tmp_path / "missing.toml")]) == 2
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "words"),
    [("prove", ("grad(L, u)", "exit status", "--where", "scale_invariant", "never executed")), ("check", ("[[claim]]", "expect"))],
)
def test_the_help_teaches_the_language_and_fits_a_terminal(command, words, capsys):
    assert main([command, "--help"]) == 0
    taught = capsys.readouterr().out
    assert [word for word in words if word not in taught] == []
    assert max(map(len, taught.splitlines())) <= 100
