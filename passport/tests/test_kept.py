"""Readers share what looks alike in their passports; nobody may see in it what is another's."""

import re

import pytest

from passport.models import Stamp
from pocket.testing import HTMX
from pocket.web import fragments, generation
from states.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def cookie_of(client):
    def _cookie_of(person) -> dict[str, str]:
        client.force_login(person)
        return {"Cookie": "; ".join(f"{n}={m.value}" for n, m in client.cookies.items())}

    return _cookie_of


def without_tokens(html: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", html)


def tokens(html: str) -> set[str]:
    return set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html))


@pytest.fixture
def full(asha, ravi):
    """Two passports, alike in places."""
    for slug, kind, year, note in (
        ("kerala", "visited", 2019, "The backwaters"),
        ("goa", "visited", None, ""),
        ("bihar", "wished", None, "Nalanda"),
        ("assam", "wished", None, ""),
    ):
        Stamp.objects.write(asha, State.objects.get(slug=slug), kind, year=year, note=note)
    Stamp.objects.write(ravi, State.objects.get(slug="goa"), "visited", year=2001, note="")


@pytest.mark.parametrize("path", ["/passport/", "/passport/?region=South", "/states/goa/"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_each_sees_what_they_would_see_if_nothing_were_kept(
    door, settings, full, asha, ravi, cookie_of, path, headers
):
    for person in (asha, ravi, asha, ravi):
        theirs = cookie_of(person) | headers
        settings.PAGE_CACHE = True
        kept = door(path, headers=theirs).text
        settings.PAGE_CACHE = False
        made = door(path, headers=theirs).text
        assert without_tokens(kept) == without_tokens(made)
        assert ("2001" in kept) == (person == ravi)


def test_the_forms_are_each_readers_own(door, asha, ravi, cookie_of):
    seen = []
    for person in (asha, ravi):
        mine = tokens(door("/passport/", headers=cookie_of(person)).text)
        assert len(mine) == 1
        seen += mine
    assert len(set(seen)) == 2
    assert len(fragments.shelf) > 36


def test_no_note_is_kept(door, full, asha, cookie_of):
    assert "Nalanda" in door("/passport/", headers=cookie_of(asha)).text
    assert "Nalanda" not in "".join(entry[0] for entry in fragments.shelf._entries.values())


def test_a_change_of_a_state_is_seen_at_once(door, asha, cookie_of, monkeypatch):
    theirs = cookie_of(asha)
    assert "God’s own" not in door("/passport/", headers=theirs).text
    State.objects.filter(slug="kerala").update(name="God’s own")
    generation._bump_now()
    monkeypatch.setattr(generation, "_seen", generation.UNREAD)
    page = door("/passport/", headers=theirs).text
    assert "God’s own: not yet" in page
    assert ">Kerala<" not in page
