"""Logs that are truncated, mislabelled, not numbers or out of order: one clear error each, exit status 2."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from derivations.__main__ import main
from derivations.check_log.report import check_log
from numerics.training_log import NormRecorder, Setting, read_log
from numerics.training_log.columns import COORDINATE, METADATA
from numerics.validation import InvalidInput
from tests.test_check_log.trainings import Training


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    training = Training(rows=3, steps=20)
    rng = np.random.default_rng(0)
    with NormRecorder(folder / "log", training.setting, chunk=5) as recorder:
        for k in range(20):
            u = rng.standard_normal((3, 4)) + 3
            recorder.record(k, u, np.ones_like(u), 0.1, after=u + 0.1)
    assert read_log(folder / "log").parts == 5
    return folder / "log"


def rewritten(log, change, part="part-000001.parquet"):
    """A part with its table, or the table and its metadata, changed."""
    table = pq.read_table(log / part)
    pq.write_table(change(table), log / part)


def column(name, at, value):
    def change(table):
        values = table.column(name).to_pylist()
        values[at] = value
        place = table.schema.get_field_index(name)
        return table.set_column(place, table.schema.field(name), pa.array(values, table.schema.field(name).type))

    return change


def reversed_rows(table):
    return table.take(list(range(len(table)))[::-1])


def relabelled(**changed):
    def change(table):
        metadata = dict(table.schema.metadata)
        setting = {**json.loads(metadata[METADATA]), **changed}
        return table.replace_schema_metadata({**metadata, METADATA: json.dumps(setting).encode()})

    return change


def truncate(log):
    whole = (log / "part-000002.parquet").read_bytes()
    (log / "part-000002.parquet").write_bytes(whole[: len(whole) // 2])


def everywhere(change):
    return lambda log: [rewritten(log, change, path.name) for path in log.glob("*.parquet")]


def inside(change):
    return lambda log: rewritten(log, change)


BAD = {
    "truncated": (truncate, "part-000002.parquet is no Parquet file, or a truncated one"),
    "a part is missing": (lambda log: (log / "part-000001.parquet").unlink(), "lacks part-000001.parquet; the next file is part-000002"),
    "not Parquet": (lambda log: (log / "part-000000.parquet").write_text("norm,step"), "is no Parquet file"),
    "NaN": (inside(column("norm", 4, float("nan"))), "norm = nan at step 6 of row 1 of 'rows' must be a finite number"),
    "infinite": (inside(column("tangential_energy", 0, float("inf"))), "tangential_energy = inf at step 5 of row 0"),
    "negative": (inside(column("step_square", 0, -1.0)), "step_square = -1 at step 5 of row 0 of 'rows' must be at least 0"),
    "a norm of 0": (inside(column("next_norm", 0, 0.0)), "next_norm = 0 at step 5 of row 0 of 'rows' must be above 0"),
    "unordered": (inside(reversed_rows), "records are not in the order of their steps"),
    "twice": (inside(column("step", 3, 5)), "step 5 of row 0 of 'rows' is there twice"),
    "negative step": (inside(column("step", 0, -3)), "step = -3 of record 15 must be at least 0"),
    "a null key": (inside(column("learning_rate", 0, None)), "column 'learning_rate' has 1 nulls"),
    "half a gradient": (inside(column("radial", 0, None)), "radial at step 5 of row 0 of 'rows' is null, must be known exactly where"),
    "a column is missing": (inside(lambda t: t.drop_columns(["radial"])), "has 0 columns 'radial', must have one"),
    "a part of a coordinate": (inside(lambda t: t.drop_columns(["coordinate_move"])), "has 0 columns 'coordinate_move', must have one"),
    "half a coordinate": (inside(column("coordinate_move", 0, None)), "coordinate_move at step 5 of row 0 of 'rows' is null, must be"),
    "no truth": (everywhere(relabelled(fresh="yes")), "fresh = 'yes' must be true, false, or null"),
    "two columns of a name": (inside(lambda t: t.append_column("norm", t.column("norm"))), "has 2 columns 'norm', must have one"),
    "text for numbers": (inside(lambda t: t.set_column(t.schema.get_field_index("norm"), "norm", pa.array(["1"] * len(t)))),
                         "column 'norm' of part-000001.parquet has type string, must be double"),
    "no setting": (inside(lambda t: t.replace_schema_metadata({})), "is no training log"),
    "parts of two runs": (inside(relabelled(terms=7)), "is of another run"),
    "an unknown optimiser": (everywhere(relabelled(optimizer="sdg")), "optimizer = 'sdg' must be one of sgd, heavy_ball"),
    "contradictory": (everywhere(relabelled(momentum=0.9)), "momentum = 0.9 must be 0 for optimizer = 'sgd'"),
    "a wrong type": (everywhere(relabelled(momentum="0.9")), "momentum = '0.9' must be a number"),
    "a NaN in the setting": (everywhere(relabelled(epsilon=float("nan"))), "epsilon = nan must be at least 0 and finite"),
    "another version": (everywhere(relabelled(version=2)), "version = 1"),
    "an unknown entry": (everywhere(relabelled(colour="red")), "unknown entry 'colour'"),
    "two dimensions": (inside(column("dimension", 0, 5)), "dimension of 'rows' is 4 in one record and 5 in another"),
    "empty": (lambda log: [p.unlink() for p in log.glob("*")], "holds no part-*.parquet"),
    "nothing": (shutil.rmtree, "does not exist, must be a folder that NormRecorder wrote"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_log_is_one_clear_error(name, good, tmp_path, capsys):
    log = tmp_path / "log"
    shutil.copytree(good, log)
    spoil, words = BAD[name]
    spoil(log)
    with pytest.raises(InvalidInput, match=r".") as caught:
        read_log(log)
    assert words in str(caught.value)
    assert main(["check-log", str(log)]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("normlaw check-log: error: ")
    assert found.err.count("\n") == 1


def test_a_log_without_records_is_an_error(tmp_path):
    NormRecorder(tmp_path / "log", Setting()).close()
    with pytest.raises(InvalidInput, match="holds no record"):
        read_log(tmp_path / "log")


def test_a_single_part_is_read_by_itself(good):
    assert len(read_log(good / "part-000001.parquet")) == 15


def test_a_log_of_before_the_coordinate_was_recorded_is_read(good, tmp_path):
    log = tmp_path / "log"
    shutil.copytree(good, log)

    def old(table):
        metadata = dict(table.schema.metadata)
        setting = json.loads(metadata[METADATA])
        del setting["fresh"]
        return table.drop_columns(list(COORDINATE)).replace_schema_metadata({**metadata, METADATA: json.dumps(setting).encode()})

    everywhere(old)(log)
    found, whole = read_log(log), read_log(good)
    assert found.setting.fresh is None
    assert all(np.isnan(found[name]).all() for name in COORDINATE)
    assert {f.law: f.verdict for f in check_log(log).findings} == {f.law: f.verdict for f in check_log(good).findings}
    np.testing.assert_array_equal(found["against"], whole["against"])


def test_a_part_that_was_emptied_is_refused_and_the_last_may_be_empty(good, tmp_path):
    log = tmp_path / "log"
    shutil.copytree(good, log)
    assert pq.read_table(log / "part-000004.parquet").num_rows == 0
    rewritten(log, lambda table: table.slice(0, 0))
    with pytest.raises(InvalidInput, match=r"part-000001\.parquet holds no record, must hold at least one"):
        read_log(log)


def test_names_that_people_use_are_taken_for_what_they_name():
    adamw = Setting(optimizer="adamw", momentum=0.9, second_momentum=0.999)
    assert adamw == Setting(optimizer="adam", decay="decoupled", momentum=0.9, second_momentum=0.999)
    assert Setting(optimizer="momentum", momentum=0.9) == Setting(optimizer="heavy_ball", momentum=0.9)
    with pytest.raises(InvalidInput, match="decay = 'coupled' must be 'decoupled' for optimizer = 'adamw'"):
        Setting(optimizer="adamw", decay="coupled", second_momentum=0.999)
    with pytest.raises(InvalidInput, match=r"optimizer = 'banana' must be one of sgd, .*adamw, momentum"):
        Setting(optimizer="banana")


def changed_parts(tmp_path, *settings):
    """A log whose parts have these settings."""
    with NormRecorder(tmp_path / "log", settings[0]) as recorder:
        for k, setting in enumerate(settings):
            recorder.setting = setting
            recorder.record(k, np.eye(2), np.eye(2), 0.1)
            recorder.flush()
    return tmp_path / "log"


def test_a_rule_may_end_within_a_log_but_not_begin_again_and_nothing_else_may_change(tmp_path):
    old = Setting(optimizer="heavy_ball", momentum=0.9)
    new = old.without_rule("momentum from 0.9 to 0.5")
    assert read_log(changed_parts(tmp_path / "ends", old, old, new, new)).setting == new
    for name, settings in {"begins": (new, old), "other": (old, replace(new, seed=3)), "twice": (old, new, replace(new, changed="more")),
                           "silently": (old, replace(old, optimizer="other"))}.items():  # fmt: skip
        with pytest.raises(InvalidInput, match="is of another run than the part before it"):
            read_log(changed_parts(tmp_path / name, *settings))


def test_constants_change_under_no_rule_only():
    with pytest.raises(InvalidInput, match="changed = 'momentum' must be text, and empty unless optimizer = 'other'"):
        Setting(changed="momentum")
