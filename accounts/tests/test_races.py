"""Many at the same moment, over real HTTP against several processes, on the database of the run."""

import http.cookiejar
import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from random import randrange
from threading import Barrier

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from tools.serving import serve

pytestmark = pytest.mark.database


@pytest.fixture
def fresh_database(request, worker_id):
    """Settings for a database of its own of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield {}
        return
    name = f"race_{worker_id}"
    server = settings.DATABASE_URL.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as session:
        session.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        session.execute(f'CREATE DATABASE "{name}"')
        yield {"DATABASE_URL": f"{server}/{name}"}
        session.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def site(tmp_path, fresh_database):
    # Behind a proxy of ours, so that each visitor has an address, and with it limits, of their own.
    processes = {"WEB_CONCURRENCY": "3", "TRUSTED_PROXIES": "1"}
    # The real hash would take most of the time, and space out those who are to meet.
    quick = {"DJANGO_SETTINGS_MODULE": "accounts.tests.settings_quick_hash"}
    with serve(tmp_path, **processes, **quick, **fresh_database) as site:
        yield site


def visitor(site):
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"203.0.{randrange(256)}.{randrange(256)}"
    opener.addheaders = [("X-Forwarded-For", address), ("X-Forwarded-Proto", "http")]
    opener.open(f"{site.url}/accounts/signup/").read()
    return opener, next(cookie.value for cookie in jar if cookie.name == "csrftoken")


def send(opener, site, token: str, **filled) -> tuple[int, str]:
    """Send the sign-up form; return the status and the errors beside the fields."""
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **filled}).encode()
    try:
        reply = opener.open(f"{site.url}/accounts/signup/", body)
    except urllib.error.HTTPError as refused:
        reply = refused
    return reply.status, " ".join(re.findall(r'class="error">([^<]+)', reply.read().decode()))


def all_at_once(site, forms: list[dict]) -> list[tuple[int, str]]:
    start = Barrier(len(forms))

    def go(form):
        opener, token = visitor(site)
        start.wait()
        return send(opener, site, token, password1="monsoon over Kaveri 1924", **form)

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(go, forms))


def test_of_many_who_come_first_exactly_one_runs_the_site(site, inside):
    def people_and_admins() -> tuple[int, int]:
        with inside(site):
            return User.objects.count(), User.objects.filter(is_superuser=True).count()

    names = [f"person{at}" for at in range(50)]
    forms = [{"username": it, "email": f"{it}@pocket.example", "once": ""} for it in names]
    answers = all_at_once(site, forms)
    assert {status for status, _ in answers} == {200}
    assert people_and_admins() == (50, 1)

    # Eight for one name, eight for one address, and one form seven times.
    names = [{"username": "Kabir", "email": f"k{at}@pocket.example"} for at in range(8)]
    addresses = [{"username": f"asha{at}", "email": "asha@pocket.example"} for at in range(8)]
    for forms, words in [(names, "This user name is taken"), (addresses, "has an account")]:
        answers = all_at_once(site, [form | {"once": ""} for form in forms])
        assert sorted(status for status, _ in answers) == [200] + [422] * 7
        assert all(words in error for status, error in answers if status == 422)
    twice = {"username": "meera", "email": "meera@pocket.example", "once": "o" * 22}
    answers = all_at_once(site, [twice] * 7)
    assert {status for status, _ in answers} <= {200, 422}
    assert people_and_admins() == (53, 1)

    # All are gone, and many come anew.
    with inside(site):  # past the rule that an admin stays, as the database's owner could
        QuerySet.delete(User.objects.all())
    forms = [{"username": f"p{at}x", "email": f"p{at}@pocket.example"} for at in range(20)]
    answers = all_at_once(site, [form | {"once": ""} for form in forms])
    assert {status for status, _ in answers} == {200}
    assert people_and_admins() == (20, 1)
