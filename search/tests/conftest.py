import pytest

from search import index
from search.models import Document, Spelling
from search.tests.factories import INDIA


@pytest.fixture
def india(db):
    index.put(INDIA)


@pytest.fixture(autouse=True)
def only_what_the_test_puts(request):
    """Start with an empty index: the facts of the states are every other test's."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        Document.objects.all().delete()
        Spelling.objects.all().delete()
