"""Sessions of people of a test site or a bench, without the way through the log-in."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore


def begin(name: str, *, superuser: bool = False) -> str:
    """Make a person who is signed in, and return the key of the session."""
    people = get_user_model().objects
    maker = people.create_superuser if superuser else people.create_user
    person = maker(name, f"{name}@pocket.example")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key
