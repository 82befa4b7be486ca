import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import WRITTEN, fold, one_typo_apart, shortened


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Jammu & Kashmir", ["jammu", "kashmir"]),
        ("karnāṭaka KARNATAKA", ["karnataka", "karnataka"]),
        ("ಕರ್ನಾಟಕ", ["ಕರ್ನಾಟಕ"]),
        ("ಕರ್\u200cನಾಟಕ", ["ಕರ್ನಾಟಕ"]),
        ("ꯃꯅꯤꯄꯨꯔ བོད་ཡིག ᱥᱟᱱᱛᱟᱲᱤ", ["ꯃꯅꯤꯄꯨꯔ", "བོད", "ཡིག", "ᱥᱟᱱᱛᱟᱲᱤ"]),
        ("पहाड़ पहाड\u093c", ["पहाड", "पहाड"]),
        ("کَشمیر", ["کشمیر"]),
        ("snake_case, it's ½", ["snake", "case", "it", "s", "1", "2"]),
        ('"*^:-( \0 😀', []),
        ("", []),
    ],
)
def test_words_are_folded_and_whole(written, words):
    assert fold(written) == words


@given(st.text())
def test_normal_forms_and_case_do_not_matter(text):
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert len({tuple(fold(form)) for form in forms}) == 1
    assert fold(" ".join(fold(text))) == fold(text)


@given(st.text(alphabet=st.characters(categories=["L", "M", "N"]), min_size=1))
def test_a_folded_word_is_one_written_word(text):
    assert all(WRITTEN.fullmatch(word) for word in fold(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("karnatka", "karnataka"), ("keralla", "kerala"), ("kerela", "kerala"), ("kearla", "kerala")],
)
def test_one_typo(typed, meant):
    assert one_typo_apart(typed, meant)
    assert one_typo_apart(meant, typed)
    assert shortened(typed) & shortened(meant)


@pytest.mark.parametrize(("a", "b"), [("kerala", "krla"), ("goa", "agra"), ("abcd", "bcda")])
def test_two_typos_are_too_many(a, b):
    assert not one_typo_apart(a, b)


def test_marks_without_end_take_no_time():
    begun = time.perf_counter()
    assert fold("rain " + "a\u0327\u0301" + "\u0327\u0301" * 25_000 + " sun")[0::2] == [
        "rain",
        "sun",
    ]
    assert time.perf_counter() - begun < 1
