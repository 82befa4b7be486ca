"""User names and shown names, in the forms and in the database."""

import io

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from accounts.usernames import chosen

pytestmark = pytest.mark.django_db


# --- Choosing a user name -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["abc", "Asha", "asha.k", "a-b_c.d", "7up", "x" * 30, "A1b"])
def test_letters_digits_and_three_signs_make_a_user_name(name):
    assert chosen(name) == name


def test_full_width_letters_become_plain_ones():
    assert chosen("  ａｓｈａ．ｋ７ ") == "asha.k7"


LETTERS = (
    "Use the English letters a to z and the digits 0 to 9. "
    "In between, full stop, hyphen and underscore are allowed too."
)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", LETTERS),
        ("ab", "Use at least 3 characters."),
        ("x" * 31, "Use at most 30 characters."),
        ("x" * 1_000_000, "Use at most 30 characters."),
        (".asha", LETTERS),
        ("asha-", LETTERS),
        ("_asha", LETTERS),
        ("asha k", LETTERS),
        ("as\nha", LETTERS),
        ("asha@example.org", LETTERS),
        ("\u0430sha", LETTERS),  # Cyrillic a
        ("ash\u00e1", LETTERS),
        ("आशा", LETTERS),
        ("asha\u200b7", LETTERS),
        ("asha\x00x", LETTERS),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(name, said):
    with pytest.raises(ValidationError) as refusal:
        chosen(name)
    assert refusal.value.messages == [said]


@pytest.mark.parametrize(
    "name",
    ["admin", "ROOT", "ad.min", "Pocket", "p-o_c.ket", "ｍｏｄｅｒａｔｏｒ", "deleted", "api"],
)
def test_nobody_signs_up_as_the_site_or_its_staff(name):
    with pytest.raises(ValidationError, match="kept for the site itself"):
        chosen(name)


def test_a_name_that_only_contains_a_reserved_one_is_free():
    assert chosen("badminton") == "badminton"
    assert chosen("meena") == "meena"


# --- What the database keeps --------------------------------------------------------------------


def put(name):
    with transaction.atomic():
        User.objects.bulk_create([User(username=name, email=f"{abs(hash(name))}@example.org")])


def test_bob_and_BOB_are_one_name_for_the_database():  # noqa: N802
    put("bob")
    for name in ("bob", "BOB", "Bob"):
        with pytest.raises(IntegrityError):
            put(name)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["ab", "a b", "\u0430sha", "आशा", "asha@example", "-asha", "asha.", "a\nb", "'; --", "%_%"],
)
def test_the_database_refuses_what_no_form_would_send(name):
    with pytest.raises(IntegrityError):
        put(name)


@pytest.mark.parametrize("name", ["abc", "A-b_c.9", "x" * 30, "0__0", "a..b"])
def test_the_database_takes_what_the_rules_allow(name):
    put(name)
    assert User.objects.get().username == name


def test_full_width_letters_are_plain_ones_in_the_database():
    put("ｂｏｂ")
    assert User.objects.get(username="ｂｏｂ").username == "bob"


@pytest.mark.parametrize("name", ["bob", "BOB"])
def test_a_form_is_told_once_that_a_name_is_taken(name):
    put("bob")
    with pytest.raises(ValidationError) as refusal:
        User(username=name, email="other@example.org", password="x").full_clean()
    assert refusal.value.messages == ["Someone has this user name. Choose another."]


def test_a_form_is_told_once_what_a_name_may_be():
    with pytest.raises(ValidationError) as refusal:
        User(username="\u0430sha", email="other@example.org", password="x").full_clean()
    assert refusal.value.message_dict == {"username": [LETTERS]}


def test_the_back_room_folds_and_refuses(client):
    client.force_login(User.objects.create_superuser("root", "root@example.org"))
    form = {"usable_password": "false", "password1": "", "password2": ""}
    sent = {"username": "ｂｏｂ", "email": "bob@example.org", **form}
    assert client.post("/admin/accounts/user/add/", sent).status_code == 302
    assert User.objects.get(email="bob@example.org").username == "bob"

    again = {"username": "BOB", "email": "other@example.org", **form}
    answer = client.post("/admin/accounts/user/add/", again)
    assert answer.content.decode().count("Someone has this user name. Choose another.") == 1


# --- createsuperuser ----------------------------------------------------------------------------


def create_superuser(name, email, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "chai & monsoon, 7 boats")
    call_command(
        "createsuperuser", interactive=False, username=name, email=email, stdout=io.StringIO()
    )


def test_whoever_runs_the_site_may_be_admin(monkeypatch):
    create_superuser("admin", "admin@example.org", monkeypatch)
    person = authenticate(username="admin", password="chai & monsoon, 7 boats")
    assert person.is_superuser


def test_createsuperuser_says_what_is_wrong(monkeypatch):
    create_superuser("admin", "admin@example.org", monkeypatch)
    with pytest.raises(CommandError, match="already taken"):
        create_superuser("Admin", "other@example.org", monkeypatch)
    with pytest.raises(CommandError, match="English letters"):
        create_superuser("\u0430dmin", "other@example.org", monkeypatch)
    assert User.objects.count() == 1


# --- Logging in ---------------------------------------------------------------------------------


@pytest.fixture
def asha():
    User.objects.create_user("ravi", "ravi@example.org")
    return User.objects.create_user("Asha.K", "Asha@Example.org", "chai & monsoon, 7 boats")


@pytest.mark.parametrize(
    "login",
    ["Asha.K", "asha.k", " ASHA.K ", "ａｓｈａ．ｋ", "asha@example.ORG", "ASHA@example.org"],
)
def test_name_or_address_in_any_case_finds_the_person(asha, login, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert User.objects.by_login(login).get() == asha
    assert authenticate(username=login, password="chai & monsoon, 7 boats") == asha


@pytest.mark.parametrize(
    "login", ["", "asha", "asha@", "@", "%", "Asha_K", "a\x00b", "a\x00@b", "\ud800@x", "x" * 10**6]
)
def test_anything_else_finds_nobody(asha, login):
    assert not User.objects.by_login(login).exists()
    assert authenticate(username=login, password="chai & monsoon, 7 boats") is None


def test_the_asynchronous_way_in_is_the_same(asha):
    assert async_to_sync(User.objects.aget_by_natural_key)("ASHA@example.org") == asha


@pytest.mark.parametrize(
    ("login", "index"),
    [("asha.k", "accounts_user_username_once"), ("asha@example.org", "accounts_user_email_once")],
)
def test_a_log_in_reads_one_index(asha, login, index):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in User.objects.by_login(login).explain()


# --- The shown name -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Asha \t Kumari\n", "Asha Kumari"),
        ("आशा कुमारी", "आशा कुमारी"),
        ("ಆಶಾ", "ಆಶಾ"),
        ("Rene\u0301e", "Ren\u00e9e"),
        ("\u0958मर", "क\u093cमर"),
        ("ന\u200dആശ", "ന\u200dആശ"),
        ("   ", ""),
    ],
)
def test_a_shown_name_may_be_in_any_script_and_is_kept_tidy(typed, kept):
    person = User(username="asha", email="asha@example.org", password="x", shown_name=typed)
    person.full_clean()
    person.save()
    person.refresh_from_db()
    assert person.shown_name == kept
    assert person.display_name == person.get_full_name() == (kept or "asha")
    assert str(person) == "asha"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Asha\u202etset", "characters that cannot be seen"),
        ("\u2066Asha\u2069", "characters that cannot be seen"),
        ("Asha\x00", "characters that cannot be seen"),
        ("As\u200bha", "characters that cannot be seen"),
        ("As\x07ha", "characters that cannot be seen"),
        ("\u200d", "at least one letter"),
        ("\u3164", "at least one letter"),
        ("...", "at least one letter"),
        ("x" * 81, "at most 80 characters"),
        ("\u0958" * 41, "at most 80 characters"),  # two signs each, as kept
    ],
)
def test_a_shown_name_hides_nothing_and_turns_nothing(typed, said):
    person = User(username="asha", email="asha@example.org", password="x", shown_name=typed)
    with pytest.raises(ValidationError, match=said) as refusal:
        person.full_clean()
    assert list(refusal.value.message_dict) == ["shown_name"]


def test_first_and_last_name_are_not_shown():
    person = User(username="asha", first_name="Asha", last_name="Kumari")
    assert person.get_full_name() == person.get_short_name() == "asha"


# --- The migration ------------------------------------------------------------------------------


@pytest.fixture
def before(transactional_db):
    """People as they were before the migration; afterwards all is brought forward again."""
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", "0001_initial")])
    yield executor.loader.project_state([("accounts", "0001_initial")]).apps.get_model(
        "accounts", "User"
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user")
    call_command("migrate", verbosity=0)


def test_names_that_collide_or_do_not_fit_stop_the_migration_by_name(before):
    for name in ("bob", "asha", "BOB", "\u0430dmin", "al"):
        before.objects.create(username=name, email=f"{name.encode().hex()}@example.org")

    with pytest.raises(CommandError) as stopped:
        call_command("migrate", "accounts", verbosity=0)

    assert str(stopped.value).splitlines() == [
        "Nothing was changed. Give these people another user name, then migrate again:",
        "  'BOB' differs from 'bob' only in case",
        "  '\u0430dmin' is not 3 to 30 English letters, digits and . - _ between them",
        "  'al' is not 3 to 30 English letters, digits and . - _ between them",
    ]
    assert before.objects.count() == 5

    before.objects.exclude(username__in=["bob", "asha"]).delete()
    call_command("migrate", "accounts", verbosity=0)
    assert sorted(User.objects.values_list("username", "shown_name")) == [("asha", ""), ("bob", "")]
