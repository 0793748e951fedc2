"""Which column plays which role."""

from __future__ import annotations

import pytest

from derivations.audit.roles import assigned
from derivations.command_line.input_checks import UsageError

NUMERIC = ("Count", "depth", "tokens", "x", "topic")


def test_usual_names_play_their_roles_in_any_case() -> None:
    found = assigned(NUMERIC, {"word": "text"}, {})
    assert found.columns == {"frequency": ("Count",), "specificity": ("depth",), "ambiguity": (), "length": ("tokens",)}
    assert (found.of("Count"), found.of("x")) == ("frequency", None)
    assert found.confounders == ("tokens",)


def test_what_is_said_goes_before_names() -> None:
    found = assigned(NUMERIC, {}, {"frequency": ["x"], "ambiguity": ["depth"]}, ["Count"], "topic")
    assert found.columns["frequency"] == ("x",)
    assert found.columns["specificity"] == ()
    assert found.columns["ambiguity"] == ("depth",)
    assert found.confounders == ("Count", "tokens")
    assert found.measured == ("Count", "depth", "tokens", "x")
    assert found.group == "topic"


@pytest.mark.parametrize(
    ("said", "confounders", "group", "words"),
    [
        ({"frequency": ["none"]}, [], None, "--frequency = 'none' must be one of the columns: Count"),
        ({"length": ["word"]}, [], None, "--length = 'word' must be a column of numbers, such as Count, depth, tokens, x, topic; it is"),
        ({"frequency": ["x"], "length": ["x"]}, [], None, "--length = 'x' is --frequency already"),
        ({}, ["none"], None, "--confounder = 'none'"),
        ({"frequency": ["x"]}, [], "x", "--group = 'x' is --frequency already"),
        ({"length": ["x"]}, [], "x", "--group = 'x' is --length already"),
        ({}, ["x"], "x", "--group = 'x' is --confounder already"),
        ({}, [], "none", "--group = 'none' must be one of the columns"),
    ],
)
def test_what_is_not_there_is_named(said: dict[str, list[str]], confounders: list[str], group: str | None, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        assigned(NUMERIC, {"word": "text"}, said, confounders, group)
    assert words in str(refused.value)
