"""Real models in PyTorch and JAX, recorded and checked: verdicts are those that the theory gives beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.log_demo.__main__ import main, verdicts
from derivations.log_demo.cases import CASES, case
from derivations.log_demo.pairs import pairs
from numerics.training_log import NormRecorder, Setting, read_log
from numerics.validation import InvalidInput

pytestmark = pytest.mark.peers
NEEDS = {"torch": ("torch",), "jax": ("jax", "optax")}


@pytest.fixture(scope="module")
def text():
    return pairs(48)


def trainer(framework):
    for library in NEEDS[framework]:
        pytest.importorskip(library, reason=f"{library} is in the extra bench, which the tests do not need")
    import importlib

    return importlib.import_module(f"derivations.log_demo.with_{'torch' if framework == 'torch' else 'optax'}")


@pytest.mark.parametrize("name", [c.name for c in CASES])
@pytest.mark.parametrize("framework", NEEDS)
def test_a_real_training_passes_or_fails_as_the_theory_says(framework, name, text, tmp_path):
    made = trainer(framework)
    found = verdicts(case(name), made, text, tmp_path / "log", steps=400, seed=0)
    expected = case(name).expected
    assert {law: found[law] for law in expected} == dict(expected)
    read = read_log(tmp_path / "log").setting
    assert read.versions[framework]
    assert read.precision == case(name).precision


def test_the_demonstration_runs_from_the_command_line(tmp_path, capsys):
    trainer("torch")
    assert main(["sgd", "--out", str(tmp_path), "--no-color"]) == 0
    assert "every verdict is as the theory says" in capsys.readouterr().out
    assert read_log(tmp_path / "sgd").closed


def small():
    torch = pytest.importorskip("torch", reason="torch is in the extra bench, which the tests do not need")
    torch.manual_seed(0)
    return torch, torch.nn.Embedding(10, 4, padding_idx=0)


def test_a_sparse_gradient_and_a_padding_row_are_recorded(tmp_path):
    torch, _ = small()
    table = torch.nn.Embedding(10, 4, padding_idx=0, sparse=True)
    optimizer = torch.optim.SGD(table.parameters(), 0.1)
    with NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table.weight}, every=1):
        before = table.weight.detach().clone()
        table(torch.tensor([1, 2, 2])).square().sum().backward()
        optimizer.step()
    log = read_log(tmp_path / "log")
    assert log.row.tolist() == list(range(1, 10))  # 0 is the padding
    np.testing.assert_allclose(log["norm"], before[1:].norm(dim=1), rtol=1e-6)
    np.testing.assert_allclose(log["radial"][:2], [2 * before[1].square().sum(), 4 * before[2].square().sum()], rtol=1e-6)
    assert not log["radial"][2:].any()


def test_nothing_but_the_recorder_changes_in_the_training(tmp_path):
    torch, _ = small()

    def trained(record):
        torch.manual_seed(1)
        table = torch.nn.Embedding(10, 4)
        optimizer = torch.optim.AdamW(table.parameters(), 0.1)
        recorder = NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table.weight}, every=2) if record else None
        for k in range(10):
            optimizer.zero_grad()
            (table.weight[k % 3] - 1).square().sum().backward()
            optimizer.step()
        if recorder:
            recorder.close()
        return table.weight.detach().numpy()

    np.testing.assert_array_equal(trained(True), trained(False))
    assert len(np.unique(read_log(tmp_path / "log").step)) == 5


def test_probes_of_a_network_are_recorded_without_gradients(tmp_path):
    torch, _ = small()
    model, texts = torch.nn.Linear(3, 4), torch.randn(5, 3)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with NormRecorder.for_torch(tmp_path / "log", optimizer, {"probes": lambda: model(texts)}, every=1):
        start = model(texts).detach()
        model(texts).square().mean().backward()
        optimizer.step()
    log = read_log(tmp_path / "log")
    assert log.setting.encoder == "shared"
    np.testing.assert_allclose(log["norm"], start.norm(dim=1), rtol=1e-6)
    np.testing.assert_allclose(log["next_norm"], model(texts).detach().norm(dim=1), rtol=1e-6)
    assert np.isnan(log["radial"]).all()


RULES = {
    "sgd": (lambda o, p: o.SGD(p, 0.1), {"optimizer": "sgd", "decay": "none", "momentum": 0.0}),
    "decay": (lambda o, p: o.SGD(p, 0.1, weight_decay=0.1), {"optimizer": "sgd", "decay": "coupled"}),
    "heavy ball": (lambda o, p: o.SGD(p, 0.1, momentum=0.9), {"optimizer": "heavy_ball", "momentum": 0.9, "burst": 2}),
    "nesterov": (lambda o, p: o.SGD(p, 0.1, momentum=0.9, nesterov=True), {"optimizer": "nesterov", "burst": 2}),
    "dampening": (lambda o, p: o.SGD(p, 0.1, momentum=0.9, dampening=0.5), {"optimizer": "other"}),
    "adam": (lambda o, p: o.Adam(p, 0.1, weight_decay=0.1), {"optimizer": "adam", "decay": "coupled", "second_momentum": 0.999}),
    "adamw": (lambda o, p: o.AdamW(p, 0.1), {"optimizer": "adam", "decay": "decoupled", "epsilon": 1e-8}),
    "amsgrad": (lambda o, p: o.AdamW(p, 0.1, amsgrad=True), {"optimizer": "other"}),
    "rmsprop": (lambda o, p: o.RMSprop(p, 0.1), {"optimizer": "rmsprop", "second_momentum": 0.99, "burst": 2}),
    "adagrad": (lambda o, p: o.Adagrad(p, 0.1), {"optimizer": "other"}),
}


@pytest.mark.parametrize("name", RULES)
def test_an_optimiser_says_what_it_is(name, tmp_path):
    torch, table = small()
    make, expected = RULES[name]
    with NormRecorder.for_torch(tmp_path / "log", make(torch.optim, table.parameters()), {"words": table.weight}) as recorder:
        found = {key: getattr(recorder.setting, key) for key in expected}
    assert found == expected


def test_an_optimiser_that_has_made_steps_is_not_fresh(tmp_path):
    torch, table = small()
    optimizer = torch.optim.AdamW(table.parameters(), 0.1)
    with NormRecorder.for_torch(tmp_path / "first", optimizer, {"words": table.weight}) as recorder:
        assert recorder.setting.fresh is True
    table.weight.square().sum().backward()
    optimizer.step()
    with NormRecorder.for_torch(tmp_path / "resumed", optimizer, {"words": table.weight}) as recorder:
        assert recorder.setting.fresh is False


def test_a_lion_of_any_package_is_known_by_its_name(tmp_path):
    torch, table = small()
    kind = type("Lion", (torch.optim.SGD,), {})
    optimizer = kind([{"params": table.parameters(), "betas": (0.9, 0.99)}], 0.1, weight_decay=0.1)
    with NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table.weight}) as recorder:
        s = recorder.setting
    assert (s.optimizer, s.decay, s.momentum, s.second_momentum) == ("lion", "decoupled", 0.9, 0.99)


def test_both_frameworks_record_the_same_columns_as_numpy(tmp_path):
    torch, jnp = small()[0], pytest.importorskip("jax.numpy", reason="jax is in the extra bench, which the tests do not need")
    rng = np.random.default_rng(0)
    u, g = (rng.standard_normal((10, 4)).astype(np.float32) for _ in range(2))
    v = (u - np.float32(0.5) * g).astype(np.float32)
    with NormRecorder(tmp_path / "numpy", Setting(precision="float32")) as recorder:
        recorder.record(0, u, g, 0.5, after=v)
    table = torch.nn.Parameter(torch.from_numpy(u.copy()))
    optimizer = torch.optim.SGD([table], 0.5)
    with NormRecorder.for_torch(tmp_path / "torch", optimizer, {"rows": table}, every=1):
        table.grad = torch.from_numpy(g)
        optimizer.step()
    with NormRecorder.for_optax(tmp_path / "jax", Setting(precision="float32"), lambda x: {"rows": x}, every=1) as recorder:
        recorder.step(*(jnp.asarray(x) for x in (u, g, v)), 0.5)
    logs = [read_log(tmp_path / name) for name in ("numpy", "torch", "jax")]
    for name, exact in logs[0].figures.items():
        np.testing.assert_allclose(logs[1][name], exact, rtol=1e-6, atol=1e-6, err_msg=name)
        np.testing.assert_allclose(logs[2][name], exact, rtol=1e-5, atol=1e-5, err_msg=name)


def test_what_cannot_be_watched_is_refused(tmp_path):
    torch, table = small()
    other = torch.nn.Embedding(3, 4)
    optimizer = torch.optim.SGD(table.parameters(), 0.1)
    for watched, words in (
        ({}, "must name at least one table"), ({"other": other.weight}, "is not a parameter of the optimiser"),
        ({"words": table.weight, "probes": lambda: other.weight}, "or else probe sets only"),
        ({"probes": lambda: other.weight[0]}, "must return embeddings"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            NormRecorder.for_torch(tmp_path / "log", optimizer, watched)
    with pytest.raises(InvalidInput, match="rows has 10, must be between 0 and 9"):
        NormRecorder.for_torch(tmp_path / "log", optimizer, {"words": table.weight}, rows=[3, 10])
    assert not (tmp_path / "log").exists()


def test_a_jax_table_of_another_precision_than_the_log_says_is_refused(tmp_path):
    jnp = pytest.importorskip("jax.numpy", reason="jax is in the extra bench, which the tests do not need")
    table = {"words": jnp.ones((3, 4), dtype=jnp.float32)}
    recorder = NormRecorder.for_optax(tmp_path / "log", Setting(precision="bfloat16"), lambda tree: tree, every=1)
    with pytest.raises(InvalidInput, match="precision = 'bfloat16' of the setting"):
        recorder.step(table, table, table, 0.1)
