import pytest
from django.db import transaction
from django.utils import timezone

from once import models
from once.forms import OnceForm
from once.models import KEPT, AlreadySpentError, forget_old, new_key, spend


def test_a_key_is_spent_once_and_the_first_answer_remembered(db):
    key = new_key()
    with transaction.atomic():
        spend(key, "/blog/first/")
    with pytest.raises(AlreadySpentError) as again, transaction.atomic():
        spend(key, "/blog/second/")
    assert again.value.answer == "/blog/first/"


def test_a_deed_that_fails_leaves_the_key_whole(db):
    key = new_key()
    with transaction.atomic():
        spend(key)
        transaction.set_rollback(True)
    with transaction.atomic():
        spend(key)


@pytest.mark.django_db(transaction=True)
def test_a_key_outside_of_a_deed_is_refused():
    with pytest.raises(RuntimeError):
        spend(new_key())


def test_old_keys_are_forgotten(db, monkeypatch):
    with transaction.atomic():
        spend(new_key())
    assert forget_old() == 0
    now = timezone.now()
    monkeypatch.setattr(models.timezone, "now", lambda: now + KEPT * 2)
    assert forget_old() == 1


@pytest.mark.parametrize("sent", ["", "short", "x" * 200, "नमस्ते" * 4, "a b c d e f g h i j"])
def test_what_cannot_be_a_key_is_replaced(sent):
    form = OnceForm({"once": sent})
    assert form.is_valid()
    assert len(form.cleaned_data["once"]) == 22


def test_a_form_keeps_its_key_when_it_comes_back():
    key = new_key()
    assert f'value="{key}"' in str(OnceForm({"once": key}))
    assert str(OnceForm()) != str(OnceForm())
