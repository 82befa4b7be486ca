import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from passport import personal
from passport.models import Passport, Stamp
from passport.tests.factories import StampFactory, fill

pytestmark = pytest.mark.django_db


def test_a_state_is_visited_or_wished_for_or_neither(asha, kerala):
    Stamp.objects.mark(asha, kerala, "wished")
    Stamp.objects.mark(asha, kerala, "visited")
    assert [stamp.kind for stamp in Stamp.objects.of(asha)] == ["visited"]
    assert Stamp.objects.clear(asha, kerala)
    assert not Stamp.objects.of(asha).exists()


def test_marking_twice_changes_nothing_not_even_the_time(asha, kerala):
    Stamp.objects.write(asha, kerala, "visited", year=2019, note="Backwaters")
    before = Stamp.objects.values().get()
    Stamp.objects.mark(asha, kerala, "visited")
    Stamp.objects.write(asha, kerala, "visited", year=2019, note="Backwaters")
    assert Stamp.objects.values().get() == before


def test_clearing_twice_is_harmless(asha, kerala):
    Stamp.objects.mark(asha, kerala, "visited")
    assert Stamp.objects.clear(asha, kerala) is True
    assert Stamp.objects.clear(asha, kerala) is False


def test_what_changes_says_when(asha, kerala):
    stamp = Stamp.objects.mark(asha, kerala, "wished")
    made, changed = stamp.made_at, stamp.changed_at
    Stamp.objects.mark(asha, kerala, "visited")
    stamp.refresh_from_db()
    assert stamp.made_at == made
    assert stamp.changed_at > changed


def test_a_wish_keeps_the_note_and_not_the_year(asha, kerala):
    Stamp.objects.write(asha, kerala, "visited", year=2019, note="Again!")
    stamp = Stamp.objects.mark(asha, kerala, "wished")
    stamp.refresh_from_db()
    assert (stamp.kind, stamp.year, stamp.note) == ("wished", None, "Again!")


def test_stamps_of_others_stay(asha, ravi, kerala):
    StampFactory(person=ravi)
    Stamp.objects.mark(asha, kerala, "wished")
    Stamp.objects.clear(asha, kerala)
    assert Stamp.objects.of(ravi).get().kind == "visited"


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "dreamt"},
        {"kind": "wished", "year": 2019},
        {"kind": "visited", "year": 1899},
    ],
)
def test_the_database_refuses_what_makes_no_sense(asha, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        StampFactory(person=asha, **broken)


def test_the_database_refuses_a_second_stamp_of_one_state(asha):
    StampFactory(person=asha)
    with pytest.raises(IntegrityError), transaction.atomic():
        StampFactory(person=asha, kind="wished")


def test_a_state_that_somebody_marked_is_not_deleted(asha, kerala):
    StampFactory(person=asha)
    with pytest.raises(ProtectedError):
        kerala.delete()


def test_a_passport_goes_with_its_person(asha, ravi):
    for person in (asha, ravi):
        StampFactory(person=person)
        Passport.objects.share(person, with_notes=True)
    User.objects.get(pk=asha.pk).delete()
    assert [stamp.person for stamp in Stamp.objects.all()] == [ravi]
    assert [passport.person for passport in Passport.objects.all()] == [ravi]


# --- Sharing ------------------------------------------------------------------------------------


def test_a_passport_is_nobody_elses_until_it_is_shared(asha):
    assert not Passport.objects.of(asha).is_shared
    assert Passport.objects.count() == 0


def test_the_code_cannot_be_guessed(asha, ravi):
    codes = {Passport.objects.share(person, with_notes=False).code for person in (asha, ravi)}
    assert len(codes) == 2
    assert all(len(code) >= 22 for code in codes)  # 128 bits


def test_sharing_twice_keeps_the_link_and_minds_the_tick(asha):
    first = Passport.objects.share(asha, with_notes=False)
    again = Passport.objects.share(asha, with_notes=True)
    assert again.code == first.code
    assert Passport.objects.of(asha).with_notes


def test_switched_off_and_on_again_it_has_another_link(asha):
    before = Passport.objects.share(asha, with_notes=True).code
    Passport.objects.unshare(asha)
    Passport.objects.unshare(asha)
    assert not Passport.objects.of(asha).is_shared
    assert Passport.objects.share(asha, with_notes=False).code != before
    assert not Passport.objects.shared_as(before).exists()


def test_the_link_names_the_configured_site(asha, settings):
    settings.SITE_URL = "https://pocket.example"
    passport = Passport.objects.share(asha, with_notes=False)
    assert passport.address == f"https://pocket.example/passport/shared/{passport.code}/"


# --- The export ---------------------------------------------------------------------------------


def test_the_export_has_all_of_mine_and_nothing_of_others(asha, ravi, kerala):
    Stamp.objects.write(asha, kerala, "visited", year=2019, note="Backwaters")
    fill(asha, wished=["bihar"])
    fill(ravi, visited=["goa"])
    passport = Passport.objects.share(asha, with_notes=True)
    told = personal.of(asha)
    assert [(s["state"], s["kind"], s["year"], s["note"]) for s in told["stamps"]] == [
        ("bihar", "wished", None, ""),
        ("kerala", "visited", 2019, "Backwaters"),
    ]
    stamp = Stamp.objects.of(asha).on("kerala").get()
    assert told["stamps"][1]["made_at"] == stamp.made_at.isoformat()
    assert told["stamps"][1]["changed_at"] == stamp.changed_at.isoformat()
    assert told["sharing"] == {"is_shared": True, "with_notes": True, "link": passport.address}


def test_the_export_of_nothing_is_empty(asha):
    assert personal.of(asha) == {
        "stamps": [],
        "sharing": {"is_shared": False, "with_notes": False, "link": None},
    }


# --- At the same moment -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_six_at_the_same_moment_make_one_stamp_and_one_link(states_loaded, asha, kerala, at_once):
    kinds = iter(["visited", "wished"] * 3)

    def act() -> str:
        Stamp.objects.mark(asha, kerala, next(kinds))
        return Passport.objects.share(asha, with_notes=False).code

    codes = at_once(act, times=6)
    [(stamps, code)] = at_once(
        lambda: (Stamp.objects.count(), Passport.objects.of(asha).code), times=1
    )
    assert stamps == 1
    assert set(codes) == {code}
