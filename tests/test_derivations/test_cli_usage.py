"""Bad usage: one line on stderr, exit status 2, and no work done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from derivations.__main__ import main


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gets as far as running something has not checked."""
    import derivations.commands.verify as command

    monkeypatch.setattr(command, "RUNNER", lambda _lanes: pytest.fail("work was begun"))


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--seed", "-1"], "--seed: '-1' must be an integer between 0 and"),
        (["verify", "--seed", "1.5"], "--seed: '1.5' must be an integer between 0 and"),
        (["verify", "--seed", "9" * 5000], "must be an integer between 0 and"),
        (["verify", "--effort", "some"], "--effort: invalid choice: 'some'"),
        (["verify", "--nothing"], "unrecognized arguments: --nothing (try: normlaw verify --help)"),
        (["verify", "B22"], "ID = 'B22' is no claim; close to it: B2 sgd-step-is-pythagorean"),
        (["verify", "gradient-is-orthogonl"], "close to it: A1 gradient-is-orthogonal"),
        (["verify", ""], "ID = '' is no claim"),
        (["show", "qqqqqq"], "ID = 'qqqqqq' is no claim (normlaw list prints all ids)"),
        (["show"], "the following arguments are required: ID"),
        (["verify", "--chapter", "algebra"], "--chapter = 'algebra' must be one of geometry, dynamics"),
        (["verify", "--out", "FILE"], "is a file, must be a directory"),
        (["export", "--out", "FILE"], "is a file, must be a directory"),
        (["verify", "--out", "FILE/deeper"], "cannot be written"),
        (["verify", "--corpus", "missing.txt"], "--corpus = 'missing.txt' does not exist"),
        (["verify", "--corpus", "."], "--corpus = '.' is not a regular file"),
        (["verify", "--corpus", "FILE"], "distinct words that occur at least 5 times"),
        (["verify", "--corpus", "BYTES"], "is not UTF-8"),
        (["nothing"], "invalid choice: 'nothing'"),
        (["verify", "two\nlines"], "ID = 'two\\nlines' is no claim"),
        (["verify", "--two\nlines"], "unrecognized arguments: --two lines"),
        (["export"], "--out DIR is needed, or an ID to print"),
        (["export", "--out", "new", "--format", "docx"], "--format: invalid choice: 'docx'"),
        (["list", "--json", "--dot"], "--dot: not allowed with argument --json"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line_and_status_2(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("FILE").write_text("too few words")
    Path("BYTES").write_bytes(b"\xff\xfe\x00" * 9)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_bad_usage(capsys, tmp_path):
    tmp_path.chmod(0o500)
    assert main(["verify", "--out", str(tmp_path / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_no_command_prints_the_help_on_stderr_with_status_2(capsys):
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "exit status:" in err


def test_help_teaches_and_version_names_the_version(capsys):
    assert main(["--help"]) == 0
    taught = capsys.readouterr().out
    assert all(
        word in taught for word in ("examples:", "exit status:", "130", "NO_COLOR", "normlaw verify B2")
    )
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("normlaw ")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("verify", ("ledger.json", "witnesses", "seed", "--corpus")),
        ("list", ("provenance", "reconstructed", "--dot", "normlaw list --json")),
        ("show", ("stands for", "normlaw show B2", "fails without")),
        ("export", ("pdflatex", "notation.tex", "claims.json", "index.md")),
    ],
)
def test_the_help_of_every_command_teaches_and_fits_a_terminal(command, words, capsys):
    assert main([command, "--help"]) == 0
    taught = capsys.readouterr().out
    assert [word for word in words if word not in taught] == []
    assert max(map(len, taught.splitlines())) <= 100


@pytest.mark.parametrize(
    "arguments", [["--no-color", "list"], ["list", "--no-color"], ["--quiet", "list", "--dot"]]
)
def test_general_options_are_taken_before_and_after_the_command(arguments, capsys):
    assert main(arguments) == 0
    assert capsys.readouterr().out


def test_colour_follows_the_environment_and_the_option(capsys, monkeypatch):
    def coloured(*arguments: str, **environment: str) -> bool:
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert main([*arguments, "list"]) == 0
        return "\x1b[" in capsys.readouterr().out

    assert not coloured()
    assert coloured(FORCE_COLOR="1")
    assert coloured(FORCE_COLOR="1", TERM="dumb")
    assert not coloured(FORCE_COLOR="")
    assert coloured(FORCE_COLOR="1", NO_COLOR="")
    assert not coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert not coloured("--no-color", FORCE_COLOR="1")


def test_a_reader_that_goes_away_is_an_error_of_its_own(monkeypatch, capsys):
    class Gone:
        def __getattr__(self, name: str) -> object:
            return getattr(sys.__stdout__, name)

        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert main(["list", "--dot"]) == 2
    assert capsys.readouterr().err == "normlaw: error: the output could not be written: BrokenPipeError\n"
