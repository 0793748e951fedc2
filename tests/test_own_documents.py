"""What README shows of claims of one's own is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from derivations.__main__ import main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Claims of your own")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^\$ (normlaw prove (?:.*\\\n)*.*)\n((?:.+\n)*)", SECTION, re.MULTILINE)


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    module = ModuleType("example")
    exec(compile(block, "<README.md>", "exec", dont_inherit=True), module.__dict__)
    assert "vectors=" in capsys.readouterr().out
    from theory.kernel import Equal, decide
    from theory.vectors import Norm, direction

    radial = module.inner(module.vector(direction("u")), module.gradient)
    assert decide(Equal(radial, radial * 0)).status.value == "proved"
    assert module.length.has(Norm(direction("g")))


def test_there_are_commands_in_the_readme() -> None:
    assert len(COMMANDS) == 2


@pytest.mark.parametrize(("command", "shown"), COMMANDS)
def test_a_command_of_the_readme_prints_what_is_shown(command: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(shlex.split(command.replace("\\\n", " "))[1:])
    out = capsys.readouterr().out
    without_time = [re.sub(r"\d+\.\d s", "T", text).strip("`\n") for text in (out, shown)]
    assert without_time[0] == without_time[1]
