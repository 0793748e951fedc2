"""Verdicts on predictions: a family of them errs as rarely as one may, end to end; a control decides; few rows decide nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from derivations.audit import family
from derivations.audit.confront import AGREES, PARTS, UNDECIDED, Found, exponent_against, sign_against
from derivations.audit.expectations import Expectation, Training, expectations
from derivations.audit.record import Exponent
from derivations.audit.roles import assigned
from numerics.association import Association, Estimate, associate
from tests.conftest import PROFILE
from tests.test_audit.worlds import answer, audited, directions, embeddings, table, verdicts

SGD = ("--encoder", "lookup", "--optimizer", "sgd", "--decay", "none", "--loss", "infonce")
THOROUGH = PROFILE == "thorough"
SETS, CHANCE, LEVEL, ROWS = (400 if THOROUGH else 6), 1e-3, 0.95, 150
NAMES = tuple(f"s{i}" for i in range(8))
ROLES = [x for name in NAMES for x in ("--specificity" if int(name[1]) < 4 else "--ambiguity", name)]


def judged_in_null_worlds(tmp_path: Path, capsys: Any, sets: int, *, control: bool = False) -> int:
    """In how many audits some prediction is said to be met or missed, of eight columns that have nothing to do with norms."""
    said = 0
    for seed in range(sets):
        rng = np.random.default_rng([seed, 11])
        tokens = rng.integers(3, 40, ROWS).astype(float)
        columns = {**{name: rng.standard_normal(ROWS) for name in NAMES}, "tokens": tokens}
        norms = np.exp(0.3 * (np.abs(tokens - 20) < 8) + 0.3 * rng.standard_normal((2, ROWS)))
        files = [embeddings(tmp_path / f"{k}.npy", directions(rng, ROWS, 16) * own[:, None]) for k, own in enumerate(norms)]
        covariates = table(tmp_path / "c.csv", columns)
        found = audited(capsys, files[0], "--covariates", covariates, "--given", "confounders", *ROLES, *SGD, "--seed", seed,
                        *(["--control", files[1]] if control else []))  # fmt: skip
        assert found["family"] == 8
        told = answer(found, "As predicted")
        assert ("as predicted" in told or "AGAINST" in told) == bool({AGREES, PARTS} & set(verdicts(found).values()))
        said += "as predicted" in told or "AGAINST" in told
    return said


def most(sets: int) -> int:
    return int(stats.binom.isf(CHANCE, sets, 1 - LEVEL))


@pytest.mark.parametrize("control", [False, True])
def test_null_worlds_are_judged_no_more_often_than_one_interval_errs(tmp_path: Path, capsys: Any, control: bool) -> None:
    sets = SETS if not control or THOROUGH else 2
    assert judged_in_null_worlds(tmp_path, capsys, sets, control=control) <= most(sets)


@pytest.mark.parametrize("joint", [True, False])
def test_eight_intervals_by_themselves_judge_null_worlds_too_often(joint: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant, without files and trees, beside what is right: each prediction by its own interval."""
    if not joint:
        monkeypatch.setattr(family, "joint", lambda e: Found(e.value, e.low, e.high))
    said, sets, judged = expectations(Training("lookup", "sgd", "none", "infonce")), 60, 0
    roles = assigned(NAMES, [], {"specificity": NAMES[:4], "ambiguity": NAMES[4:]})
    assert family.family_of(said, roles) == 8
    for seed in range(sets):
        rng = np.random.default_rng([seed, 11])
        columns = {name: rng.standard_normal(60) for name in NAMES}
        made = associate(np.exp(rng.standard_normal(60)), columns, given="confounders", resamples=399, seed=seed, family=8, threads=1)
        judged += any(c.verdict in (AGREES, PARTS) for c in family.confronted(said, made, [], roles))
    assert (judged <= most(sets)) == joint


def test_what_an_untrained_control_shows_as_well_is_not_as_predicted(tmp_path: Path, capsys: Any) -> None:
    """The reader's row: NOT BEYOND THE CONTROL and yet as predicted."""
    rng = np.random.default_rng(1)
    rows = 600
    columns = {"depth": rng.standard_normal(rows), "polysemy": rng.standard_normal(rows)}
    shared = -0.2 * columns["depth"] + 0.2 * columns["polysemy"]
    own = np.exp(shared + 0.3 * columns["polysemy"] + 0.2 * rng.standard_normal(rows))
    there = np.exp(shared + 0.2 * rng.standard_normal(rows))
    units = directions(rng, rows, 16)
    files = [embeddings(tmp_path / f"{k}.npy", units * norms[:, None]) for k, norms in enumerate((own, there))]
    covariates = table(tmp_path / "c.csv", columns)
    alone = audited(capsys, files[0], "--covariates", covariates, *SGD)
    assert verdicts(alone) == {"depth": AGREES, "polysemy": AGREES}
    held = audited(capsys, files[0], "--covariates", covariates, *SGD, "--control", files[1])
    assert verdicts(held)["polysemy"] == AGREES
    assert verdicts(held)["depth"] != AGREES
    assert "as predicted: polysemy" in answer(held, "As predicted")


UP, DOWN, ACROSS = (0.3, 0.1, 0.5), (-0.3, -0.5, -0.1), (0.1, -0.1, 0.3)
BOTH = [(UP, UP, AGREES), (UP, ACROSS, UNDECIDED), (UP, DOWN, UNDECIDED), (ACROSS, UP, UNDECIDED), (DOWN, DOWN, PARTS),
        (DOWN, ACROSS, UNDECIDED), (DOWN, UP, UNDECIDED), (UP, (np.nan, np.nan, np.nan), UNDECIDED), (UP, None, AGREES)]  # fmt: skip


def estimated(values: tuple[float, float, float]) -> Estimate:
    """Joint ends as given; by itself the estimate excludes 0, which may not matter."""
    return Estimate(values[0], 0.01, 0.02, joint_low=values[1], joint_high=values[2])


@pytest.mark.parametrize(("own", "beyond", "verdict"), BOTH)
def test_a_verdict_needs_the_joint_interval_of_the_figure_and_of_its_difference(own: Any, beyond: Any, verdict: str) -> None:
    said = (Expectation("frequency", 1, (0.1, 0.6)), Expectation("specificity", 1))
    roles = assigned(["depth", "count"], [], {})
    other = None if beyond is None else estimated(beyond)
    found = Association("depth", estimated(own), estimated(own), (), 0, False, difference=other)
    slope = Exponent("count", Found(*own), Found(0.3, 0.2, 0.4), 9, "", Found(*own), None if beyond is None else Found(*beyond))
    sign, exponent = family.confronted(said, [found], [slope], roles)
    assert (sign.verdict, exponent.column) == (verdict, "exponent of count")
    expected = exponent_against("", said[0], Found(*own)).verdict
    against = expected if beyond is None else exponent_against("", said[0], Found(*beyond)).verdict
    assert exponent.verdict == (expected if expected == against else UNDECIDED)


def test_the_family_is_what_meets_a_prediction() -> None:
    said = expectations(Training("lookup", "sgd", "none", "infonce"))
    assert family.family_of(said, assigned(["count", "depth", "polysemy", "tokens"], [], {})) == 4  # and the exponent; not the length
    assert family.family_of(said, assigned(["tokens", "x"], [], {})) == 1
    assert family.family_of(expectations(Training()), assigned(["count", "depth"], [], {})) == 1


def test_three_groups_and_constant_columns_cannot_be_said_anything_of(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(2)
    place = np.arange(90) - 44.5  # depth is a parabola over norms: its correlation is 0 by symmetry
    file = embeddings(tmp_path / "v.npy", directions(rng, 90, 8) * np.exp(0.02 * place)[:, None])
    columns = {"depth": place**2, "flat": np.ones(90), "site": np.arange(90) % 3}
    grouped = audited(capsys, file, "--covariates", table(tmp_path / "c.csv", columns), "--group", "site", *SGD)
    told = answer(grouped, "What do norms go with")
    assert told.startswith("of depth it cannot be said: 3 independent groups, an interval at level 0.95 needs 6")
    assert "of flat it cannot be said: the covariate is constant" in told
    assert "no association found" not in told
    assert verdicts(grouped) == {"depth": UNDECIDED}
    alone = audited(capsys, file, "--covariates", table(tmp_path / "d.csv", {k: columns[k] for k in ("depth", "flat")}))
    assert answer(alone, "What do norms go with") == (
        "no association found with depth; of flat it cannot be said: the covariate is constant")  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "level", "decided"), [(2, 0.95, False), (5, 0.95, False), (6, 0.95, True), (7, 0.99, False), (8, 0.99, True)]
)
def test_too_few_rows_decide_nothing_and_how_many_do_follows_from_the_level(
    tmp_path: Path, capsys: Any, rows: int, level: float, decided: bool
) -> None:
    rng = np.random.default_rng(3)
    file = embeddings(tmp_path / "v.npy", directions(rng, rows, 64) * np.exp(0.5 * np.arange(rows))[:, None])
    found = audited(capsys, file, "--level", level)
    told = answer(found, "Is there a norm signal")
    fewest = next(n for n in range(1, 99) if 2.0 ** (1 - n) <= 1 - level + 1e-12)
    assert told.startswith("yes: norms vary by" if decided else f"undecided: {rows} rows have a norm; at level {level:g} nothing is said of"
                           f" less than {fewest}: ")  # fmt: skip


def test_a_sign_by_itself_is_still_judged_by_its_interval() -> None:
    found = sign_against("x", Expectation("specificity", 1), family.joint(replace(estimated(UP), joint_low=-0.1)))
    assert found.verdict == UNDECIDED
