"""WordNet's files are read as their manual pages say, and whatever is off is said with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.case_study.hypernyms import depths
from derivations.case_study.wordnet import read_wordnet
from numerics.validation import InvalidInput
from tests.test_case_study import invented_wordnet

PLACE = invented_wordnet.offsets()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return invented_wordnet.write(tmp_path)


def changed(folder: Path, name: str, old: str, new: str) -> None:
    data = (folder / name).read_bytes()
    assert old.encode() in data
    (folder / name).write_bytes(data.replace(old.encode(), new.encode(), 1))


def test_concepts_have_words_groups_and_definitions_without_examples(folder: Path) -> None:
    wordnet = read_wordnet(folder)
    assert len(wordnet.synsets) == len(invented_wordnet.CONCEPTS)
    mermaid = wordnet.synsets[PLACE["mermaid"]]
    assert (mermaid.group, mermaid.words, mermaid.definition) == ("person", ("mermaid", "sea_maid"), "half fish")
    assert mermaid.senses == ("mermaid%1:18:00::", "sea_maid%1:18:01::")
    assert mermaid.hypernyms == (PLACE["fish"], PLACE["woman"])
    assert wordnet.synsets[PLACE["animal"]].definition == "what moves by itself; and eats"


def test_lemmas_list_their_concepts_most_frequent_first(folder: Path) -> None:
    wordnet = read_wordnet(folder)
    assert wordnet.lemmas["fish"] == (PLACE["fish"], PLACE["dish"])
    assert wordnet.lemmas["oslo"] == (PLACE["Oslo"],)


def test_tag_counts_are_those_of_nouns_with_hexadecimal_lex_ids_as_decimals(folder: Path) -> None:
    wordnet = read_wordnet(folder)
    assert wordnet.tagged == {key: count for key, (_, count) in invented_wordnet.TAGGED.items() if "%1:" in key}
    assert wordnet.synsets[PLACE["dish"]].senses == ("fish%1:13:10::",)


def test_the_three_files_of_tag_counts_say_the_same(folder: Path) -> None:
    expected = read_wordnet(folder).tagged
    (folder / "cntlist.rev").unlink()
    lines = [f"{count} {key} {number}\n" for key, (number, count) in invented_wordnet.TAGGED.items()]
    (folder / "cntlist").write_text("".join(lines))
    assert read_wordnet(folder).tagged == expected
    (folder / "cntlist").unlink()
    lines = [f"{key} 00000012 {number} {count}\n" for key, (number, count) in invented_wordnet.TAGGED.items()]
    (folder / "index.sense").write_text("".join(lines))
    assert read_wordnet(folder).tagged == expected


def test_depth_is_counted_along_the_shortest_way_up(folder: Path) -> None:
    found = depths(read_wordnet(folder).synsets)
    expected = {"entity": 0, "thing": 1, "animal": 2, "fish": 3, "woman": 1, "mermaid": 2, "Oslo": 3}
    assert {name: found[PLACE[name]] for name in expected} == expected


def test_a_cycle_of_hypernyms_is_refused(folder: Path) -> None:
    at = {name: f"{PLACE[name]:08d}" for name in PLACE}
    changed(folder, "data.noun", f"thing 0 001 @ {at['entity']}", f"thing 0 001 @ {at['fish']}")
    with pytest.raises(InvalidInput, match="no cycle"):
        depths(read_wordnet(folder).synsets)


@pytest.mark.parametrize("name", ["data.noun", "index.noun", "cntlist.rev"])
def test_a_missing_file_is_named_and_where_to_get_it(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InvalidInput, match=rf"has no file {name}.*wordnet-base"):
        read_wordnet(folder)


@pytest.mark.parametrize("name", ["data.noun", "index.noun", "cntlist.rev"])
def test_a_file_that_was_cut_off_or_is_empty_is_refused(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-5])
    with pytest.raises(InvalidInput, match=rf"{name} line \d+: the file ends within a line"):
        read_wordnet(folder)
    (folder / name).write_bytes(b"")
    with pytest.raises(InvalidInput, match=rf"{name} is empty"):
        read_wordnet(folder)


def test_other_line_ends_are_seen_by_the_places_of_the_lines(folder: Path) -> None:
    data = (folder / "data.noun").read_bytes()
    (folder / "data.noun").write_bytes(data.replace(b"\n", b"\r\n"))
    with pytest.raises(InvalidInput, match=r"data.noun line 2: synset_offset = 00000037 must be the place of the line, byte 38"):
        read_wordnet(folder)


WRONG = {
    "an unknown group": ("data.noun", " 03 n 01 entity", " 99 n 01 entity", "lex_filenum = 99 must be between 3 and 28"),
    "no noun": ("data.noun", " 03 n 01 entity", " 03 v 01 entity", "ss_type = 'v' must be 'n'"),
    "a count that is too large": ("data.noun", " n 01 entity 0 000", " n 02 entity 0 000", "lex_id is missing"),
    "a count that is no number": ("data.noun", " n 01 entity", " n zz entity", "w_cnt = 'zz' must be a number in base 16"),
    "a count of one digit less": ("data.noun", "entity 0 000", "entity 0 00 ", "p_cnt = '00' must be a number of 3 digits"),
    "a field too many": ("data.noun", " entity 0 000 |", " entity 0 000 x|", "1 more fields"),
    "no gloss": ("data.noun", "| whatever is", "             ", "needs a word and a gloss|more fields"),
    "a hypernym that is not there": ("data.noun", "@ 00000037", "@ 00000099", "hypernym 00000099 of synset"),
    "bytes that are no text": ("cntlist.rev", "fish%1", "fi\udcffsh%1", "UTF-8"),
    "a lemma of another concept": ("index.noun", "oslo n", "moss n", "'moss' has the synset"),
    "counts that differ": ("index.noun", "n 2 1 @ 2", "n 2 1 @ 1", "sense_cnt = 1 must be synset_cnt = 2"),
    "no key": ("cntlist.rev", "fish%1", "fish=1", "sense_key = 'fish=1:05:00::' must have a '%'"),
    "no count": ("cntlist.rev", "1:05:00:: 1 7", "1:05:00:: 1", "tag_cnt is missing"),
}


@pytest.mark.parametrize(("name", "old", "new", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_one_clear_error(folder: Path, name: str, old: str, new: str, said: str) -> None:
    data = (folder / name).read_bytes()
    assert old.encode() in data
    (folder / name).write_bytes(data.replace(old.encode(), new.encode(errors="surrogateescape"), 1))
    with pytest.raises(InvalidInput, match=said) as error:
        read_wordnet(folder)
    assert "\n" not in str(error.value)
