"""Loops that people write around PyTorch's optimisers, and what the recorder makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.check_log.report import check_log
from numerics.training_log import NormRecorder, read_log
from tests.test_check_log.trainings import law

pytestmark = pytest.mark.peers
TEMPERATURE = 0.2


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason="torch is in the extra bench, which the tests do not need")


def trained(torch, log, make, *, schedule=None, closure=False, every=1, steps=60, batch=16, kind="float64", each=None):
    """InfoNCE on cosines; the log is checked."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    tables = [torch.nn.Embedding(20, 8, dtype=getattr(torch, kind)) for _ in range(2)]
    optimizer = make(torch.optim, [t.weight for t in tables])
    scheduler = schedule(torch.optim.lr_scheduler, optimizer) if schedule else None

    def loss(ids):
        u, v = (torch.nn.functional.normalize(t(ids)) for t in tables)
        return torch.nn.functional.cross_entropy(u @ v.T / TEMPERATURE, torch.arange(batch))

    watched = {"words": tables[0].weight, "contexts": tables[1].weight}
    with NormRecorder.for_torch(log, optimizer, watched, every=every, slope_bound=2 / TEMPERATURE, terms=batch):
        for k in range(steps):
            ids = torch.from_numpy(rng.permutation(20)[:batch])

            def made(ids=ids):
                optimizer.zero_grad()
                found = loss(ids)
                found.backward()
                return found

            if not closure:
                made()
            given = {"argument": (made,), "name": ()}.get(closure, ())
            optimizer.step(*given, **({"closure": made} if closure == "name" else {}))
            if scheduler:
                scheduler.step()
            if each:
                each(k, optimizer)
    return check_log(log)


RULES = {
    "sgd": lambda o, p: o.SGD(p, 0.1, weight_decay=0.01),
    "momentum": lambda o, p: o.SGD(p, 0.1, momentum=0.9),
    "adamw": lambda o, p: o.AdamW(p, 0.01, weight_decay=0.1),
    "rmsprop": lambda o, p: o.RMSprop(p, 0.01),
}


@pytest.mark.parametrize("closure", ["argument", "name"])
@pytest.mark.parametrize("name", RULES)
def test_gradients_that_a_closure_makes_are_those_of_its_step(name, closure, torch, tmp_path):
    report = trained(torch, tmp_path / "closure", RULES[name], closure=closure)
    assert report.verdict == "holds"
    assert law(report, "right angle").verdict == law(report, "update rule").verdict == "holds"
    plain = trained(torch, tmp_path / "plain", RULES[name])
    for column, values in plain.records.log.figures.items():
        np.testing.assert_array_equal(report.records.log[column], values, err_msg=column)


def test_a_closure_that_is_called_often_is_recorded_as_it_was_first_called(torch, tmp_path):
    report = trained(torch, tmp_path / "log", lambda o, p: o.LBFGS(p, 0.1, max_iter=5), closure="argument", steps=5)
    assert report.records.setting.optimizer == "other"
    assert law(report, "right angle").verdict == "holds"  # gradient and embedding are of one moment


def test_an_optimiser_that_never_calls_its_closure_is_recorded_as_it_found_gradients(torch, tmp_path):
    class Deaf(torch.optim.Optimizer):
        @torch.no_grad()
        def step(self, _=None):
            for p in self.param_groups[0]["params"]:
                p -= 0.1 * p.grad

    table = torch.nn.Parameter(torch.randn(5, 4))
    optimizer = Deaf([table], {"lr": 0.1})
    with NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table}, every=1, optimizer="sgd") as recorder:
        table.grad = torch.randn(5, 4)
        before, gradient = table.detach().clone(), table.grad.clone()
        optimizer.step(lambda: None)
    assert recorder.setting.optimizer == "sgd"
    log = read_log(tmp_path / "log")
    np.testing.assert_allclose(log["radial"], torch.sum(before * gradient, dim=1), rtol=1e-5)


CYCLES = {
    "momentum": (RULES["momentum"], "momentum from 0.95"),
    "adamw": (RULES["adamw"], "betas from (0.95, 0.999)"),
    "nesterov": (lambda o, p: o.SGD(p, 0.1, momentum=0.9, nesterov=True), "momentum from 0.95"),
}


@pytest.mark.parametrize("every", [1, 4])
@pytest.mark.parametrize("name", CYCLES)
def test_a_momentum_that_is_cycled_is_told_and_no_rule_is_held_against_it(name, every, torch, tmp_path):
    make, words = CYCLES[name]
    report = trained(torch, tmp_path / "log", make, schedule=lambda s, o: s.OneCycleLR(o, 0.1, total_steps=100), every=every)
    setting = report.records.setting
    assert setting.optimizer == "other"
    assert words in setting.changed
    assert report.verdict == "no law of the optimiser was tested"
    assert "constants changed: " + words in report.untested
    assert law(report, "right angle").verdict == "holds"


def test_a_cycle_of_the_learning_rate_alone_changes_no_rule(torch, tmp_path):
    report = trained(torch, tmp_path / "log", RULES["momentum"],
                     schedule=lambda s, o: s.OneCycleLR(o, 0.1, total_steps=100, cycle_momentum=False))  # fmt: skip
    assert report.records.setting.changed == ""
    assert law(report, "update rule").verdict == "holds"


def decays(step, begin):
    def each(k, optimizer):
        if k == step:
            optimizer.param_groups[0]["weight_decay"] = begin
    return each


def test_decay_that_begins_is_told_and_decay_that_grows_or_ends_is_recorded(torch, tmp_path):
    begins = trained(torch, tmp_path / "begins", RULES["momentum"], each=decays(20, 0.1))
    assert "decays from False to True" in begins.records.setting.changed
    for name, later in (("grows", 0.02), ("ends", 0.0)):
        report = trained(torch, tmp_path / name, RULES["sgd"], each=decays(20, later))
        assert report.records.setting.changed == ""
        assert report.verdict == "holds"


def test_a_change_after_parts_were_written_is_told_by_the_last_part(torch, tmp_path):
    def each(k, optimizer):
        if k == 40:
            optimizer.param_groups[0]["momentum"] = 0.5

    make = RULES["momentum"]
    table = torch.nn.Parameter(torch.randn(5, 4))
    optimizer = make(torch.optim, [table])
    with NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table}, every=1, chunk=8):
        for k in range(60):
            table.grad = torch.randn(5, 4)
            optimizer.step()
            each(k, optimizer)
    log = read_log(tmp_path / "log")
    assert log.parts > 5
    assert log.setting.optimizer == "other"
    assert log.setting.changed == "momentum from 0.9 to 0.5 of 'words' by step 41"


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_a_learning_rate_that_is_a_coarser_tensor_rounds_steps_to_its_format(name, torch, tmp_path):
    kind = {"adam": "Adam", "adamw": "AdamW"}[name]
    report = trained(torch, tmp_path / "log", lambda o, p: getattr(o, kind)(p, torch.tensor(0.01), weight_decay=0.1))
    assert report.records.setting.rate_format == "float32"
    assert law(report, "update rule").verdict == "holds"
