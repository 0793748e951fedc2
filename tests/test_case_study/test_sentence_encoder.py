"""The real encoder, where the extra ``case-study`` is installed: what is read off before the normalisation, and the controls."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from derivations.case_study.encoder import DEFAULT_MODEL, SentenceEncoder, model_folder

MISSING = [name for name in ("sentence_transformers", DEFAULT_MODEL) if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}: the extra case-study")
TEXTS = ["dog", "domestic dog", "a member of the genus Canis that has been domesticated by man since prehistoric times"]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(DEFAULT_MODEL)


def test_rows_are_those_of_the_model_before_it_normalises_them(encoder: SentenceEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    encoder.use("trained", 0)
    rows = encoder.encode(TEXTS)
    norms = np.linalg.norm(rows, axis=1)
    whole = SentenceTransformer(str(model_folder(DEFAULT_MODEL)), device="cpu", local_files_only=True)
    shipped = whole.encode(TEXTS)
    assert norms.max() > norms.min() * 1.1
    # the same batch goes through the same network; then the norm is a root of a float32 sum of d squares, here and there, and a quotient
    bound = 2 * (rows.shape[1] / 2 + 3) * 2.0**-24
    assert np.abs(np.linalg.norm(shipped.astype(float), axis=1) - 1).max() < bound
    assert np.abs(rows / norms[:, None] - shipped).max() < bound


def test_controls_are_other_networks_of_the_same_architecture_and_repeat_with_the_seed(encoder: SentenceEncoder) -> None:
    made = {}
    for variant, seed in (("trained", 0), ("untrained", 0), ("untrained", 1), ("permuted", 0), ("permuted", 1)):
        encoder.use(variant, seed)
        made[variant, seed] = encoder.encode(TEXTS)
        encoder.use("trained", 0)
        encoder.use(variant, seed)
        assert np.array_equal(encoder.encode(TEXTS), made[variant, seed])
    rows = list(made.values())
    assert all(a.shape == b.shape and not np.array_equal(a, b) for i, a in enumerate(rows) for b in rows[:i])


def test_permuted_weights_have_the_same_entries_and_fresh_ones_the_spread_of_their_initialisation(encoder: SentenceEncoder) -> None:
    def weights() -> dict[str, np.ndarray]:
        return {name: tensor.numpy().copy() for name, tensor in encoder._transformer.state_dict().items() if tensor.is_floating_point()}

    encoder.use("trained", 0)
    trained = weights()
    encoder.use("permuted", 0)
    for name, entries in weights().items():
        assert np.array_equal(np.sort(entries, axis=None), np.sort(trained[name], axis=None))
    encoder.use("untrained", 0)
    fresh = {name: w for name, w in weights().items() if name.endswith("intermediate.dense.weight")}
    assert len(fresh) == 6
    for entries in fresh.values():  # 384 * 1536 draws of N(0, 0.02^2): the standard deviation is off by 1/sqrt(2n), five times that at most
        assert abs(entries.std() / 0.02 - 1) < 5 / np.sqrt(2 * entries.size)


def test_tokens_are_counted_without_the_special_ones(encoder: SentenceEncoder) -> None:
    assert encoder.tokens(["dog", "domestic dog", "Bergen-op-Zoom"]).tolist() == [1, 2, 5]


def test_the_fingerprint_changes_with_what_the_rows_depend_on(encoder: SentenceEncoder) -> None:
    assert encoder.fingerprint("trained", 0) == encoder.fingerprint("trained", 1)
    assert encoder.fingerprint("untrained", 0) != encoder.fingerprint("untrained", 1)
    assert len({encoder.fingerprint(v, 0) for v in ("trained", "untrained", "permuted")}) == 3
