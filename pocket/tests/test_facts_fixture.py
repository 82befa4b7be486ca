import pytest

from states.models import State


@pytest.mark.django_db
def test_every_test_with_a_database_sees_the_states():
    assert State.objects.count() == 36


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("states_loaded")
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_transactional_test_finds_them_too(time):
    assert State.objects.count() == 36
