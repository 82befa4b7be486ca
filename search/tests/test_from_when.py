"""What may be found from a moment on, and gives nothing of itself away before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from search import index, spelling
from search.index import find
from search.models import Spelling
from search.tests.factories import KERALA, entry

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SOON, LATER, BEFORE = (NOW + timedelta(hours=n) for n in (1, 2, -1))


def quokka(title="Quokka", **values):
    return entry(title, "place", **values)


@pytest.fixture
def at(monkeypatch):
    def _at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return _at


def forgiven(word: str) -> list[str]:
    return spelling.near([word]).get(word, [])


def test_it_is_found_from_its_moment_on(at):
    index.put([quokka(from_when=SOON)])
    assert not find("quokka")
    at(SOON)
    assert find("quokka").total == 1


def test_what_has_no_moment_or_a_past_one_is_found():
    index.put([quokka(), quokka("Quokka past", from_when=BEFORE)])
    assert find("quokka").total == 2


def test_it_counts_for_nothing_before(at):
    index.put([KERALA, quokka("Kerala quokka", from_when=SOON)])
    assert find("kerala").total == 1
    at(SOON)
    assert find("kerala").total == 2


def test_its_words_help_nobody_before(at):
    index.put([quokka("Quokka", from_when=SOON)])
    assert forgiven("quoka") == []
    at(SOON)
    assert forgiven("quoka") == ["quokka"]


def test_a_word_of_its_that_is_typed_right_is_unknown_before():
    index.put([quokka("Keralla", from_when=SOON), KERALA])
    assert forgiven("keralla") == ["kerala"]


def test_a_word_is_known_as_soon_as_the_first_that_has_it():
    index.put([quokka("Quokka one", from_when=LATER)])
    index.put([quokka("Quokka two", from_when=SOON)])
    assert set(Spelling.objects.filter(word="quokka").values_list("from_when")) == {(SOON,)}
    index.put([quokka("Quokka three")])
    assert forgiven("quoka") == ["quokka"]


@pytest.mark.parametrize("way", ["drop", "put off"])
def test_a_word_is_forgotten_as_far_as_nothing_else_has_it(way):
    index.put([quokka("Quokka one"), quokka("Quokka two", from_when=LATER)])
    if way == "drop":
        index.drop("place", ["quokka-one"])
    else:
        index.put([quokka("Quokka one", from_when=LATER)])
    assert set(Spelling.objects.filter(word="quokka").values_list("from_when")) == {(LATER,)}
    index.drop("place", ["quokka-one", "quokka-two"])
    assert not Spelling.objects.filter(word="quokka").exists()


def test_a_word_that_others_have_now_stays_when_one_is_put_off():
    index.put([quokka("Quokka one"), quokka("Quokka two")])
    index.put([quokka("Quokka one", from_when=LATER)])
    assert forgiven("quoka") == ["quokka"]


def test_learning_all_anew_comes_to_the_same():
    index.put([KERALA, quokka("Quokka one", from_when=SOON), quokka("Two quokka", from_when=LATER)])
    before = set(Spelling.objects.values_list("form", "word", "from_when"))
    Spelling.objects.update(from_when=None)
    spelling.learn()
    assert set(Spelling.objects.values_list("form", "word", "from_when")) == before


def test_a_changed_moment_is_a_change():
    assert index.put([quokka(from_when=SOON)]) == 1
    assert index.put([quokka(from_when=SOON)]) == 0
    assert index.put([quokka(from_when=LATER)]) == 1
    assert index.put([quokka()]) == 1
    assert find("quokka")
