import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms import modelform_factory

from states.fields import MonthsField, in_calendar_order
from states.models import Produce, State

pytestmark = pytest.mark.django_db


def test_months_are_kept_and_come_back_as_a_season_runs():
    state = State.objects.get(slug="kerala")
    produce = Produce.objects.create(
        state=state, name="Test fruit", gi=False, season=(1, 2, 11, 12)
    )
    produce.refresh_from_db()
    assert produce.season == (11, 12, 1, 2)


def test_no_season_is_no_season():
    state = State.objects.get(slug="kerala")
    produce = Produce.objects.create(state=state, name="Test fruit", gi=False, season=None)
    produce.refresh_from_db()
    assert produce.season is None


@pytest.mark.parametrize(
    ("months", "season"),
    [
        ([3, 1, 2], (1, 2, 3)),
        ([12, 1], (12, 1)),
        ([10, 11, 12, 1, 2, 3], (10, 11, 12, 1, 2, 3)),
        (range(1, 13), tuple(range(1, 13))),
        ([], ()),
    ],
)
def test_a_season_over_new_year_begins_in_autumn(months, season):
    assert in_calendar_order(months) == season


@pytest.mark.parametrize("typed", ["11 12 1", "1, 11, 12", [12, 11, 1]])
def test_months_are_understood_as_typed(typed):
    assert MonthsField().to_python(typed) == (11, 12, 1)


@pytest.mark.parametrize("typed", ["13", "0", "June", [1, None], 7])
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ValidationError, match="1 to 12"):
        MonthsField().to_python(typed)


@pytest.mark.parametrize("typed", ["", None, []])
def test_nothing_typed_is_no_season(typed):
    assert MonthsField().to_python(typed) is None


def test_produce_of_a_month_can_be_found():
    in_june = Produce.objects.annotate(hit=F("season").bitand(MonthsField.bit(6))).filter(hit__gt=0)
    assert in_june
    assert all(6 in produce.season for produce in in_june)
    assert in_june.count() == sum(6 in (p.season or ()) for p in Produce.objects.all())


def test_a_form_shows_the_months_and_takes_them_back():
    produce = Produce.objects.filter(season__isnull=False).first()
    form_class = modelform_factory(Produce, fields=["season"])
    shown = form_class(instance=produce)["season"].value()
    assert shown == " ".join(map(str, produce.season))

    form = form_class({"season": shown}, instance=produce)
    assert not form.has_changed()
    form = form_class({"season": "2 1 12"}, instance=produce)
    form.save()
    produce.refresh_from_db()
    assert produce.season == (12, 1, 2)

    form_class({"season": ""}, instance=produce).save()
    produce.refresh_from_db()
    assert produce.season is None

    form = form_class({"season": "13"}, instance=produce)
    assert form.errors == {"season": ["Give months as numbers from 1 to 12."]}
