"""The data files of the case study, written with an invented encoder: whole, resumable, row for row."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from derivations.case_study import embedding
from derivations.case_study.data_files import Request, queries, write_data
from derivations.case_study.encoder import VARIANTS
from derivations.case_study.nouns import Study, study
from derivations.case_study.wordnet import Synset, WordNet, read_wordnet
from tests.test_case_study.invented_wordnet import Hashing, write


def silent(_fraction: float, _message: str) -> None:
    pass


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    (tmp_path / "wordnet").mkdir()
    return read_wordnet(write(tmp_path / "wordnet"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def request(out: Path, **changed: int) -> Request:
    return Request(out.parent / "wordnet", "hashing", None, changed.get("queries", 100), changed.get("seed", 0), permuted=True)


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["text"]: row for row in csv.DictReader(file)}


def relevant(found: Study) -> dict[str, set[str]]:
    return {found.lemmas.texts[i]: {found.glosses.texts[j] for j, _ in rows} for i, rows in enumerate(found.relevant)}


def test_a_lemma_has_the_covariates_of_its_first_sense_and_the_frequency_of_all(wordnet: WordNet, out: Path) -> None:
    write_data(out, study(wordnet), Hashing(), request(out), silent)
    rows = table(out / "lemmas.csv")
    fish = rows["fish"]
    assert (fish["group"], fish["depth"], fish["polysemy"], fish["frequency"]) == ("animal", "3", "2.0", "10")
    assert rows["mermaid"]["depth"] == "2"
    assert (rows["sea maid"]["words"], rows["sea maid"]["tokens"], rows["sea maid"]["frequency"]) == ("2", "2", "0")
    assert rows["Oslo"]["instance"] == "1"
    assert rows["Beast"]["frequency"] == "2"


def test_a_gloss_counts_the_tags_of_all_its_words_and_their_mean_polysemy(wordnet: WordNet, out: Path) -> None:
    write_data(out, study(wordnet), Hashing(), request(out), silent)
    rows = table(out / "glosses.csv")
    animal = rows["what moves by itself; and eats"]
    assert (animal["frequency"], animal["polysemy"], animal["words"]) == ("11", "1.0", "6")
    assert rows["an animal with fins"]["polysemy"] == "2.0"


def test_rows_of_embeddings_are_rows_of_covariates_whatever_the_order_they_were_encoded_in(
    wordnet: WordNet, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "PART", 3)
    encoder = Hashing()
    write_data(out, study(wordnet), encoder, request(out), silent)
    for name in ("lemmas", "glosses", "queries"):
        texts = list(table(out / f"{name}.csv"))
        for variant in VARIANTS:
            rows = np.load(out / f"{name}.{variant}.npy")
            encoder.use(variant, 0)
            assert rows.dtype == np.float32
            assert np.array_equal(rows, encoder.encode(texts))
    assert sorted(p.name for p in out.iterdir() if p.name.endswith(".parts")) == []


def test_relevance_names_the_glosses_of_every_sense(wordnet: WordNet, out: Path) -> None:
    write_data(out, study(wordnet), Hashing(), request(out), silent)
    asked, documents = list(table(out / "queries.csv")), list(table(out / "glosses.csv"))
    with (out / "relevance.csv").open(newline="") as file:
        pairs = [(asked[int(r["query"])], documents[int(r["document"])], r["relevance"], r["sense"]) for r in csv.DictReader(file)]
    assert ("fish", "an animal with fins", "1", "1") in pairs
    assert ("fish", "fish on a plate", "1", "2") in pairs
    assert ("sea maid", "half fish", "1", "1") in pairs
    assert len(pairs) == 11


def test_glosses_of_one_text_are_all_right_where_one_of_them_is(wordnet: WordNet) -> None:
    def same(synset: Synset) -> Synset:
        return replace(synset, definition="an animal with fins") if synset.words == ("woman",) else synset

    found = study(WordNet({o: same(s) for o, s in wordnet.synsets.items()}, wordnet.lemmas, wordnet.tagged))
    rows = {i for i, text in enumerate(found.glosses.texts) if text == "an animal with fins"}
    assert len(rows) == 2
    for lemma in ("fish", "woman"):
        pairs = found.relevant[found.lemmas.texts.index(lemma)]
        assert {row for row, sense in pairs if sense == 1} == rows
        assert len({row for row, _ in pairs}) == len(pairs)


def test_an_interrupted_run_goes_on_where_it_was(wordnet: WordNet, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "PART", 3)

    class Interrupted(Hashing):
        def encode(self, texts):
            if self.calls == 9:
                raise KeyboardInterrupt
            return super().encode(texts)

    whole, first, second = Hashing(), Interrupted(), Hashing()
    with pytest.raises(KeyboardInterrupt):
        write_data(out, study(wordnet), first, request(out), silent)
    assert not (out / "lemmas.permuted.npy").exists()
    write_data(out, study(wordnet), second, request(out), silent)
    (out / "again").mkdir()
    write_data(out / "again", study(wordnet), whole, request(out), silent)
    assert second.calls == whole.calls - 9
    for path in sorted((out / "again").glob("*.npy")):
        assert (out / path.name).read_bytes() == path.read_bytes()


def test_what_is_done_is_kept_only_for_the_same_texts_weights_and_seed(wordnet: WordNet, out: Path) -> None:
    write_data(out, study(wordnet), Hashing(), request(out), silent)
    again = Hashing()
    write_data(out, study(wordnet), again, request(out), silent)
    assert again.calls == 0
    before = (out / "lemmas.untrained.npy").read_bytes()
    write_data(out, study(wordnet), again, request(out, seed=1), silent)
    assert again.calls > 0
    assert (out / "lemmas.untrained.npy").read_bytes() != before


def test_embeddings_of_other_texts_do_not_stay_beside_new_tables(wordnet: WordNet, out: Path) -> None:
    class Interrupted(Hashing):
        def encode(self, _texts):
            raise KeyboardInterrupt

    write_data(out, study(wordnet), Hashing(), request(out), silent)
    with pytest.raises(KeyboardInterrupt):
        write_data(out, study(wordnet, limit=4, seed=1), Interrupted(), request(out, seed=1), silent)
    assert len(table(out / "lemmas.csv")) == 4
    assert sorted(out.glob("*.npy")) == []


def test_an_encoder_that_gives_another_number_of_rows_is_refused(wordnet: WordNet, out: Path) -> None:
    class Short(Hashing):
        def encode(self, texts):
            return super().encode(texts)[:-1]

    with pytest.raises(ValueError, match=r"shape \(9, 8\) for 10 texts"):
        write_data(out, study(wordnet), Short(), request(out), silent)
    assert not (out / "lemmas.trained.npy").exists()


def test_a_limit_draws_lemmas_and_glosses_of_theirs_by_the_seed(wordnet: WordNet) -> None:
    found, same, other = study(wordnet, limit=4, seed=3), study(wordnet, limit=4, seed=3), study(wordnet, limit=4, seed=4)
    assert len(found.lemmas) == 4
    assert 0 < len(found.glosses) <= 4
    assert found.lemmas.texts == same.lemmas.texts != other.lemmas.texts
    whole = relevant(study(wordnet))
    kept = set(found.glosses.texts)
    assert relevant(found) == {lemma: whole[lemma] & kept for lemma in found.lemmas.texts}
    assert set().union(*relevant(found).values()) == kept


def test_only_lemmas_with_a_gloss_among_the_documents_are_asked(wordnet: WordNet) -> None:
    found = study(wordnet)
    assert queries(found, 100, 0).tolist() == list(range(10))
    drawn = queries(found, 5, 0)
    assert len(set(drawn.tolist())) == 5
    assert sorted(drawn.tolist()) == drawn.tolist()
    without = Study(found.lemmas, found.glosses, ((), *found.relevant[1:]))
    assert 0 not in queries(without, 100, 0)


def test_the_record_says_what_the_files_were_made_from(wordnet: WordNet, out: Path) -> None:
    write_data(out, study(wordnet), Hashing(), request(out), silent)
    record = json.loads((out / "study.json").read_text())
    assert record["rows"] == {"lemmas": 10, "glosses": 9, "queries": 10}
    assert record["fingerprints"]["permuted"] == "hashing/permuted/0"
    assert set(record["wordnet"]) == {"data.noun", "index.noun", "cntlist.rev"}
