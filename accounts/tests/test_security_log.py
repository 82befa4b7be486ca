import pytest

from accounts.models import User
from accounts.tests.conftest import PASSWORD
from audit import chain
from audit.models import Entry
from pocket.web import current

pytestmark = pytest.mark.django_db


def log_in(client, login="meera", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def told(client) -> str:
    return client.get("/accounts/security/").content.decode()


def test_the_owner_reads_what_happened_and_from_where(client, meera):
    log_in(type(client)(REMOTE_ADDR="203.0.113.77"), password="a wrong guess")
    log_in(client)
    page = told(client)
    assert "<strong>Somebody tried to log in with a wrong password</strong>" in page
    assert "network 203.0.113.0/24" in page
    assert "203.0.113.77" not in page
    assert page.index("Logged in") < page.index("Somebody tried")


def test_each_deed_is_noted_once(client, meera):
    log_in(client)
    new = "a quite different sentence"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", changed)
    client.post("/accounts/email/", {"action_send": "", "email": "meera@pocket.example"})
    client.post("/accounts/username/", {"username": "meera.rao"})
    client.post("/accounts/sessions/end-others/")
    client.post("/accounts/logout/")
    actions = list(Entry.objects.about(meera).values_list("action", flat=True))[::-1]
    assert actions == [
        "accounts.logged_in",
        "accounts.password_changed",
        "accounts.renamed",
        "accounts.sessions_ended",
        "accounts.logged_out",
    ]
    assert chain.verify()


def test_no_secret_is_in_the_log(client, meera):
    log_in(client, password="a wrong guess")
    log_in(client)
    new = "a quite different sentence"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", changed)
    for entry in Entry.objects.in_words():
        kept = f"{entry.detail.__dict__} {entry.__dict__}"
        assert not any(secret in kept for secret in (PASSWORD, new, "a wrong guess"))


def test_a_failure_leaves_as_many_entries_for_nobody_as_for_somebody(client, meera):
    counts = []
    for login in ("meera", "nobody", "meera@pocket.example", "nobody@pocket.example"):
        before = Entry.objects.count()
        log_in(client, login, "a wrong guess")
        counts.append(Entry.objects.count() - before)
    assert counts == [1, 1, 1, 1]


def test_nobody_reads_the_log_of_another(client, meera):
    log_in(client)
    kabir = User.objects.create_user("kabir", "kabir@pocket.example", PASSWORD)
    client.force_login(kabir)
    page = told(client)
    assert page.count("<li>") - page.count('<li class="') <= 2  # his own log-in, nothing of hers
    assert "meera" not in page


def test_fifty_at_a_time_and_the_same_cost(client, meera, django_assert_max_num_queries):
    log_in(client)
    for _ in range(60):
        client.force_login(meera)
    with django_assert_max_num_queries(6):
        page = told(client)
    assert page.count("<time") == 50
    older = page.split("?before=")[1].split('"')[0]
    assert client.get(f"/accounts/security/?before={older}").content.count(b"<time") == 11
    for odd in ("x", "-1", "9" * 40, "१२"):
        assert client.get("/accounts/security/", {"before": odd}).status_code == 200


def test_the_owner_does_not_read_from_where_staff_did_something(client, meera):
    log_in(client)
    token = current._origin.set(current.Origin("id", "198.51.100.0/24"))
    meera.give_role("Editor", by=User.objects.create_user("tara", "tara@pocket.example"))
    current._origin.reset(token)
    page = told(client)
    assert "A role was given" in page
    assert "198.51.100" not in page
