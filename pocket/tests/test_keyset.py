"""Pages from a place in the order: links stay true while rows come and go."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from once.models import Key
from pocket.web.keyset import keyset_page

pytestmark = pytest.mark.django_db
ORDER = ("-spent_at", "-key")


@pytest.fixture
def rows():
    """Ten keys, three of them of one moment."""
    now = timezone.now()
    moments = [now - timezone.timedelta(minutes=n) for n in (0, 1, 2, 2, 2, 3, 4, 5, 6, 7)]
    return Key.objects.bulk_create(
        Key(key=f"k{9 - number}", spent_at=moment) for number, moment in enumerate(moments)
    )


def page(query="", order=ORDER, size=3):
    return keyset_page(Key.objects.all(), QueryDict(query), order, size=size)


def names(found) -> str:
    return "".join(row.key[1] for row in found)


def test_all_rows_come_once_forwards_and_backwards(rows):
    there, found = [names(page())], page()
    while found.following:
        found = page(f"after={found.following}")
        there.append(names(found))
    assert there == ["987", "654", "321", "0"]
    back = []
    while found.previous:
        found = page(f"before={found.previous}")
        back.append(names(found))
    assert back == ["321", "654", "987"]
    assert found.is_first


def test_upwards_too(rows):
    first = page(order=("spent_at", "key"))
    assert names(first) == "012"
    assert names(page(f"after={first.following}", ("spent_at", "key"))) == "345"


def test_a_link_stays_true_when_something_new_comes_on_top(rows):
    link = page().following
    Key.objects.create(key="kX")
    assert names(page(f"after={link}")) == "654"


def test_a_link_stays_true_when_its_row_is_gone(rows):
    link = page().following
    Key.objects.filter(key="k7").delete()
    assert names(page(f"after={link}")) == "654"


@pytest.mark.parametrize(
    "link",
    ["x", "%00", "e30", "bnVsbA", "W10", "WzEsMl0", "W251bGwsbnVsbF0", "A" * 600, "WyJ4IiwieSJd"],
)
def test_a_link_that_nobody_of_ours_wrote_leads_to_the_start(rows, link):
    assert names(page(f"after={link}")) == "987"
    assert names(page(f"before={link}")) == "987"


def test_no_rows_are_an_empty_page(db):
    empty = page()
    assert (len(empty), empty.following, empty.previous) == (0, "", "")


def test_one_query_a_page_however_deep(rows, django_assert_num_queries):
    link = page().following
    with django_assert_num_queries(1):
        page(f"after={link}")
