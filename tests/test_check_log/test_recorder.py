"""The recorder: what it writes is what it was told, in parts that survive a killed run; and what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from numerics.training_log import NormRecorder, Setting, read_log
from numerics.training_log.plan import Plan, sampled_rows
from numerics.validation import InvalidInput

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(0)
U, G = RNG.standard_normal((3, 5)), RNG.standard_normal((3, 5))


def test_what_is_read_is_what_was_recorded(tmp_path):
    after = U - 0.1 * G
    with NormRecorder(tmp_path / "log", Setting(slope_bound=3.0, hyper_parameters={"class": "mine"})) as recorder:
        recorder.record(7, U, G, 0.1, 0.2, after=after, ids=[4, 2, 9], parameter="words")
        recorder.record(8, after, None, 0.1)
    log = read_log(tmp_path / "log")
    assert (log.names, log.closed, log.setting.slope_bound) == (("words", "rows"), True, 3.0)
    np.testing.assert_array_equal(log.row[:3], [2, 4, 9])
    order = [1, 0, 2]
    norms = np.linalg.norm(U, axis=1)
    tangential = G - U * (np.sum(U * G, axis=1) / norms**2)[:, None]
    for name, value in {
        "norm": norms, "radial": np.sum(U * G, axis=1), "tangential_energy": norms**2 * np.sum(tangential**2, axis=1),
        "next_norm": np.linalg.norm(after, axis=1), "along": np.sum(U * (after - U), axis=1),
        "step_square": np.sum((after - U) ** 2, axis=1), "against": np.sum(G * (after - U), axis=1),
        "coordinate": U[[0, 1, 2], [4, 2, 4]], "coordinate_gradient": G[[0, 1, 2], [4, 2, 4]],  # the row's number modulo 5
        "coordinate_move": (after - U)[[0, 1, 2], [4, 2, 4]],
    }.items():  # fmt: skip
        np.testing.assert_allclose(log[name][:3], value[order], rtol=1e-12)
        assert name in ("norm", "coordinate") or np.isnan(log[name][3:]).all()
    np.testing.assert_array_equal(log["decay"][:3], 0.2)


def killed(code, tmp_path, signal_number):
    """A process that records, says so and is killed."""
    script = textwrap.dedent("""
        import sys, time, numpy as np
        from numerics.training_log import NormRecorder, Setting
        u = np.random.default_rng(0).standard_normal((3, 5))
        recorder = NormRecorder(sys.argv[1], Setting(), chunk=4)
    """) + textwrap.dedent(code)  # fmt: skip
    command = [sys.executable, "-c", script, str(tmp_path / "log")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if signal_number:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal_number)
    process.communicate(timeout=120)
    return read_log(tmp_path / "log")


LOOP = """
for k in range(10):
    recorder.record(k, u, u, 0.1)
print("recorded", flush=True)
"""


def test_a_killed_run_leaves_a_log_that_can_be_read(tmp_path):
    log = killed(LOOP + "time.sleep(100)", tmp_path, signal.SIGKILL)
    assert (len(log), log.closed) == (8 * 3, False)


def test_an_interrupted_run_leaves_all_of_its_records_without_the_mark_of_a_complete_log(tmp_path):
    if os.name != "posix":
        pytest.skip("signals of POSIX")
    log = killed(LOOP + "time.sleep(100)", tmp_path, signal.SIGINT)
    assert (len(log), log.closed) == (10 * 3, False)


def test_a_run_that_ends_without_closing_is_written_to_the_end(tmp_path):
    log = killed(LOOP, tmp_path, 0)
    assert (len(log), log.closed) == (10 * 3, True)


def test_an_error_in_the_loop_keeps_what_was_recorded(tmp_path):
    def loop():
        with NormRecorder(tmp_path / "log", Setting()) as recorder:
            recorder.record(0, U, G, 0.1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        loop()
    assert (len(read_log(tmp_path / "log")), read_log(tmp_path / "log").closed) == (3, False)


def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path, monkeypatch):
    recorder = NormRecorder(tmp_path / "log", Setting())
    recorder.record(0, U, G, 0.1)
    with monkeypatch.context() as patched:
        patched.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            recorder.flush()
    assert list((tmp_path / "log").iterdir()) == []
    recorder.close()  # what was not written is still there
    assert len(read_log(tmp_path / "log")) == 3


REFUSED = {
    "step": ({"step": -1}, "step = -1 must be between 0"),
    "rows": ({"rows": np.ones(3)}, "rows has shape"),
    "zero": ({"rows": np.array([[1.0] * 5, [0.0] * 5, [1.0] * 5])}, r"rows\[1\] is 0"),
    "nan": ({"rows": U * np.nan}, "finite"),
    "gradients": ({"gradients": G[:2]}, "gradients has shape"),
    "rate": ({"learning_rate": -0.1}, "learning_rate = -0.1 must be at least 0"),
    "ids": ({"ids": [1, 1, 2]}, "ids must be 3 different integers"),
    "after": ({"after": G[:, :2]}, "after has shape"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_arguments_are_refused(name, tmp_path):
    changed, words = REFUSED[name]
    with NormRecorder(tmp_path / "log", Setting()) as recorder, pytest.raises(InvalidInput, match=words):
        recorder.record(**{"step": 0, "rows": U, "gradients": G, "learning_rate": 0.1, **changed})


def test_steps_do_not_go_back_and_nothing_is_recorded_after_the_end(tmp_path):
    with NormRecorder(tmp_path / "log", Setting()) as recorder:
        recorder.record(5, U, G, 0.1)
        with pytest.raises(InvalidInput, match="step = 4 must be at least 5"):
            recorder.record(4, U, G, 0.1)
    with pytest.raises(InvalidInput, match="after the recorder was closed"):
        recorder.record(6, U, G, 0.1)


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "other").write_text("")
    with pytest.raises(InvalidInput, match="is not empty"):
        NormRecorder(tmp_path, Setting())


@pytest.mark.parametrize(("every", "burst"), [(1, 1), (7, 1), (8, 2), (2, 2)])
def test_each_window_has_one_burst_at_a_place_of_its_own(every, burst):
    plan = Plan(every, burst, 3)
    due = np.array([plan.due(k) for k in range(40 * every)]).reshape(40, every)
    np.testing.assert_array_equal(due.sum(axis=1), burst)
    starts = due.argmax(axis=1)
    assert len(set(starts)) == every - burst + 1  # every place is met in forty windows, at this seed
    again = Plan(every, burst, 3)
    assert [again.due(k) for k in range(40 * every)] == due.ravel().tolist()


def test_watched_rows_are_those_named_or_a_sample_without_repetition():
    assert sampled_rows([5, 2, 2], 10, 0).tolist() == [2, 5]
    drawn = sampled_rows(4, 10, 0)
    assert len(set(drawn.tolist())) == 4
    assert drawn.tolist() == sampled_rows(4, 10, 0).tolist() != sampled_rows(4, 10, 1).tolist()
    assert len(sampled_rows(99, 10, 0)) == 10
    for wrong in ([10], [-1], [], 0, "x"):
        with pytest.raises(InvalidInput, match="rows"):
            sampled_rows(wrong, 10, 0)
