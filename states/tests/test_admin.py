import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model

from pocket.web import generation
from states.loading import load
from states.models import Dish, Indicator, Source, State, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def bumps(monkeypatch):
    bumps = []
    monkeypatch.setattr(generation, "bump", lambda: bumps.append(1))
    return bumps


@pytest.fixture
def back_room(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # WhiteNoise wants a directory
    client.force_login(
        get_user_model().objects.create(
            username="root", email="root@example.org", is_staff=True, is_superuser=True
        )
    )
    return client


def typed(response):
    """What a browser would send back from an admin page, untouched."""
    context = response.context_data
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            for name, value in sent(bound):
                data[name] = value
    return data


def sent(bound):
    value = bound.value()
    if value is None or value is False:
        return []
    if hasattr(bound.field, "queryset") and isinstance(value, list):
        value = [getattr(item, "pk", item) for item in value]
    elif value is True:
        value = "on"
    else:
        value = bound.field.prepare_value(value)
    return [(bound.html_name, value)]


def test_every_list_and_page_opens(back_room):
    for model in site._registry:
        if model._meta.app_label != "states":
            continue
        address = f"/admin/states/{model._meta.model_name}/"
        assert back_room.get(address, {"q": "goa"}).status_code == 200, address
        row = model._base_manager.first()
        assert back_room.get(f"{address}{row.pk}/change/").status_code == 200, address


def test_a_state_is_saved_as_it_was_read(back_room, bumps):
    goa = State.objects.get(slug="goa")
    address = f"/admin/states/state/{goa.pk}/change/"
    response = back_room.post(address, typed(back_room.get(address)))
    assert response.status_code == 302
    assert load().changed == 0
    assert len(bumps) == 1


def test_an_edited_text_is_seen_at_once_and_kept(back_room, bumps):
    goa = State.objects.get(slug="goa")
    address = f"/admin/states/state/{goa.pk}/change/"
    data = typed(back_room.get(address)) | {"tagline": "Better words"}
    assert back_room.post(address, data).status_code == 302
    assert len(bumps) == 1
    assert load().kept == ["Goa"]
    goa.refresh_from_db()
    assert goa.tagline == "Better words"


def test_a_dish_added_by_staff_is_theirs(back_room):
    goa = State.objects.get(slug="goa")
    address = f"/admin/states/state/{goa.pk}/change/"
    data = typed(back_room.get(address))
    number = int(data["dishes-TOTAL_FORMS"])
    data |= {
        "dishes-TOTAL_FORMS": number + 1,
        f"dishes-{number}-name": "Patoleo",
        f"dishes-{number}-line": "Rice, coconut and jaggery steamed in turmeric leaves.",
        f"dishes-{number}-position": 20,
        f"dishes-{number}-state": goa.pk,
    }
    assert back_room.post(address, data).status_code == 302
    assert Dish.objects.get(name="Patoleo").prose_digest == ""
    assert load().changed == 0


def test_states_are_neither_added_nor_removed(back_room):
    goa = State.objects.get(slug="goa")
    assert back_room.get("/admin/states/state/add/").status_code == 403
    assert back_room.get(f"/admin/states/state/{goa.pk}/delete/").status_code == 403


def test_removing_something_is_seen_at_once(back_room, bumps):
    tag = Tag.objects.create(slug="nothing", meaning="Nothing")
    back_room.post(f"/admin/states/tag/{tag.pk}/delete/", {"post": "yes"})
    assert not Tag.objects.filter(pk=tag.pk).exists()
    others = [Tag.objects.create(slug=f"nothing-{n}", meaning="Nothing").pk for n in range(2)]
    back_room.post(
        "/admin/states/tag/",
        {"action": "delete_selected", "_selected_action": others, "post": "yes"},
    )
    assert not Tag.objects.filter(pk__in=others).exists()
    assert len(bumps) == 2


def test_an_indicator_of_staff_is_not_a_loaded_one(back_room):
    data = {
        "slug": "lighthouses",
        "label": "Lighthouses",
        "short_label": "Lighthouses",
        "theme": "land",
        "unit": "number",
        "as_of": "2026",
        "source": Source.objects.get(slug="geonames").pk,
        "higher_is": "neutral",
        "decimals": 0,
        "position": 40,
        "observations-TOTAL_FORMS": 1,
        "observations-INITIAL_FORMS": 0,
        "observations-0-state": State.objects.get(slug="goa").pk,
        "observations-0-value": "2",
    }
    assert back_room.post("/admin/states/indicator/add/", data).status_code == 302
    indicator = Indicator.objects.get(slug="lighthouses")
    assert not indicator.loaded
    assert indicator.observations.get().value == 2
