import pytest
from django.db.models import QuerySet

from accounts import founding
from accounts.models import Founder, User
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FILLED = {
    "username": "kabir",
    "email": "kabir@pocket.example",
    "password1": PASSWORD,
    "once": "k" * 22,
}


def sign_up(client, **changes):
    return client.post("/accounts/signup/", {**FILLED, **changes})


def test_whoever_signs_up_is_in_at_once_and_back_where_they_came_from(client, meera):
    response = client.post("/accounts/signup/?next=/states/kerala/", FILLED)
    assert (response.status_code, response["Location"]) == (302, "/states/kerala/")
    assert client.get("/accounts/").status_code == 200
    person = User.objects.get(username="kabir")
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_another_site_is_never_next(client, meera):
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        client.logout()
        User.objects.filter(username="kabir").delete()
        response = client.post(f"/accounts/signup/?next={elsewhere}", FILLED | {"once": ""})
        assert (response.status_code, response["Location"]) == (302, "/")


def test_a_wrong_form_comes_back_with_what_was_typed(client, meera):
    response = sign_up(client, password1="short", first_name="Kabir")
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Sign up · Pocket</title>" in page
    assert 'value="kabir@pocket.example"' in page
    assert 'value="Kabir"' in page
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert '<a href="#id_password1">' in page
    assert 'aria-invalid="true"' in page
    assert "short" not in page.replace("too short", "")
    assert f'value="{FILLED["once"]}"' in page


def test_a_form_sent_twice_makes_one_account(client, meera):
    sign_up(client)
    client.logout()
    response = client.post(
        "/accounts/signup/", FILLED | {"username": "other", "email": "k2@p.example"}
    )
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert "your account stands" in client.get("/accounts/login/").content.decode()
    assert not User.objects.filter(username="other").exists()


@pytest.mark.parametrize("name", ["MEERA", "meera", "Meera"])
def test_a_name_that_is_taken_is_said_to_be(client, meera, name):
    response = sign_up(client, username=name)
    assert response.status_code == 422
    assert "This user name is taken" in response.content.decode()


def test_an_address_that_has_an_account_gets_the_same_answer_as_any_other(
    client, meera, verifying, mailoutbox
):
    answers = []
    for address in ("kabir@pocket.example", "Meera@Pocket.example"):
        client.logout()
        response = sign_up(client, email=address, username=f"visitors{len(answers)}", once="")
        page = client.get(response["Location"]).content.decode()
        answers.append((response.status_code, response["Location"], page.count("<form")))
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailoutbox] == [["kabir@pocket.example"], ["meera@pocket.example"]]
    assert "has an account already" in mailoutbox[1].body
    assert User.objects.count() == 2


def test_with_a_mail_server_a_code_opens_the_account(client, meera, verifying, last_code):
    response = client.post("/accounts/signup/?next=/states/goa/", FILLED)
    assert response["Location"] == "/accounts/confirm-email/"
    assert client.get("/accounts/").status_code == 302  # not in yet
    wrong = client.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    assert wrong.status_code == 422
    response = client.post("/accounts/confirm-email/", {"code": last_code()})
    assert (response.status_code, response["Location"]) == (302, "/states/goa/")
    assert User.objects.get(username="kabir").emailaddress_set.get().verified


def test_a_code_works_only_in_the_session_that_asked(client, meera, verifying, last_code):
    sign_up(client)
    stranger = type(client)()
    response = stranger.post("/accounts/confirm-email/", {"code": last_code()})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")


def test_who_is_logged_in_is_sent_away(client, meera):
    client.force_login(meera)
    for path in ("/accounts/signup/", "/accounts/login/"):
        assert client.get(path)["Location"] == "/"


# --- The first account --------------------------------------------------------------------------


@pytest.fixture
def alone(settings, client):
    """A site that only its own machine can reach."""
    settings.ALLOWED_HOSTS = settings.LOOPBACK_HOSTS
    client.defaults["SERVER_NAME"] = "127.0.0.1"


def test_the_first_account_runs_the_site(client, alone):
    assert "the first one runs the site" in client.get("/accounts/signup/").content.decode()
    response = sign_up(client)
    assert response["Location"] in ("/dashboard/", "/admin/")
    first = User.objects.get()
    assert (first.is_staff, first.is_superuser) == (True, True)
    assert [group.name for group in first.groups.all()] == ["Admin"]
    assert client.get("/admin/").status_code == 200


def test_the_second_does_not(client, alone):
    sign_up(client)
    client.logout()
    assert "runs the site" not in client.get("/accounts/signup/").content.decode()
    sign_up(client, username="second", email="second@pocket.example", once="")
    assert not User.objects.get(username="second").is_superuser


def test_createsuperuser_closes_the_door(client, alone):
    User.objects.create_superuser("root", "root@pocket.example", PASSWORD)
    sign_up(client)
    assert not User.objects.get(username="kabir").is_superuser


def test_there_is_never_a_second_founder(db, meera):
    Founder.objects.create(person=meera)
    kabir = User.objects.create_user("kabir", "kabir@pocket.example")
    assert founding.found(kabir) is False
    User.objects.filter(pk=meera.pk).delete()  # and with her the name in the row
    asha = User.objects.create_user("asha", "asha@pocket.example")
    assert founding.found(asha) is False
    assert not User.objects.admins().exists()


def test_when_all_are_gone_the_next_account_runs_the_site(client, alone):
    sign_up(client)
    client.logout()
    QuerySet.delete(User.objects.all())
    assert "the first one runs the site" in client.get("/accounts/signup/").content.decode()
    sign_up(client, username="asha", email="asha@pocket.example", once="")
    assert User.objects.get().is_admin
    assert Founder.objects.get().person.username == "asha"


@pytest.fixture
def reachable(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["pocket.example", *settings.ALLOWED_HOSTS]
    return founding.ready_code()


def test_where_others_can_reach_the_site_the_first_needs_the_code(client, reachable, tmp_path):
    assert (tmp_path / "setup_code").stat().st_mode & 0o777 == 0o600
    assert reachable not in client.get("/accounts/signup/").content.decode()
    for code in ("", "wrong", "नमस्ते"):
        response = sign_up(client, setup_code=code)
        assert response.status_code == 422
        assert not User.objects.exists()
    assert sign_up(client, setup_code=f" {reachable.upper()} ").status_code == 302
    assert User.objects.get().is_superuser


def test_the_code_is_gone_when_it_was_used(
    client, reachable, tmp_path, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(client, setup_code=reachable)
    assert not (tmp_path / "setup_code").exists()
    assert founding.ready_code() == ""
    client.logout()
    assert "setup_code" not in client.get("/accounts/signup/").content.decode()
