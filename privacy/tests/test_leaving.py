"""Deleting an account: what goes, what stays, and the way back for seven days."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import personal
from accounts.models import Agreement, FormerName, Profile, User
from accounts.roles import ADMIN
from accounts.security_log import note
from accounts.tests.test_pictures import drawn
from audit import chain
from audit.models import Entry
from passport.models import Passport, Stamp
from pocket.web import mail
from privacy import erasing
from privacy.tests.conftest import PASSWORD, log_in
from states.models import State

pytestmark = pytest.mark.django_db

DELETE = "/accounts/delete/"


def leave(client, words="stay"):
    return client.post(DELETE, {"words": words})


def a_week_passes(person) -> None:
    User.objects.filter(pk=person.pk).update(
        removed_at=timezone.now() - timedelta(days=7, seconds=1)
    )


def test_the_page_says_what_goes_and_what_stays(door_of_asha, asha):
    Stamp.objects.mark(asha, State.objects.get(slug="goa"), "visited")
    page = door_of_asha.get(DELETE).content.decode()
    goes, stays = page.split("What stays")
    assert "Your passport with its one stamp." in goes
    assert "your password and your second proofs" in goes
    assert "without your name, your network or any word of it" in stays


def test_to_look_needs_no_proof(client, asha):
    log_in(client)
    assert [client.get(DELETE).status_code, client.head(DELETE).status_code] == [200, 200]


def test_who_leaves_has_to_prove_who_they_are_and_does_not_choose_again(client, asha):
    log_in(client)
    asked = leave(client, words="go")
    assert asked.url == "/accounts/reauthenticate/?next=%2Faccounts%2Fdelete%2F"
    assert not User.objects.get().is_removed
    done = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert "Your account is deleted" in done.content.decode()
    left = User.objects.get()
    assert (left.is_removed, left.words_stay) == (True, False)


def test_who_does_not_choose_what_becomes_of_their_words_is_asked(door_of_asha, asha):
    answer = leave(door_of_asha, words="")
    assert answer.status_code == 422
    assert "Choose what becomes of what you said." in answer.content.decode()
    assert not User.objects.get().is_removed


def test_nobody_sees_who_left(door_of_asha, asha):
    shared = Passport.objects.share(asha, with_notes=True)
    asha.rename("asha.rao", by=asha)
    leave(door_of_asha)
    for address in ("/people/asha.rao/", "/people/asha/", f"/passport/shared/{shared.code}/"):
        assert Client().get(address).status_code == 404, address


def test_all_other_sessions_end_and_a_mail_says_until_when(door_of_asha, asha, mailoutbox):
    elsewhere = Client()
    log_in(elsewhere)
    leave(door_of_asha)
    assert elsewhere.get("/accounts/").status_code == 302
    [told] = [it for it in mailoutbox if "Your account is deleted" in it.subject]
    until = timezone.localtime(User.objects.get().erased_after)
    assert until.strftime("%d %b %Y, %H:%M") in told.body
    assert told.to == ["asha@pocket.example"]


@pytest.mark.parametrize("path", ["/accounts/", "/passport/", "/people/asha/", "/states/goa/"])
def test_who_left_finds_the_way_back_at_every_address(door_of_asha, path):
    leave(door_of_asha)
    assert door_of_asha.get(path).url == DELETE


def test_who_left_reads_the_privacy_page_and_what_they_agreed_to(door_of_asha):
    leave(door_of_asha)
    assert door_of_asha.get("/privacy/").status_code == 200
    assert door_of_asha.get("/accounts/privacy/").status_code == 200


def test_who_logs_in_within_a_week_comes_back_to_everything(door_of_asha, asha):
    Stamp.objects.mark(asha, State.objects.get(slug="goa"), "visited")
    leave(door_of_asha)
    door_of_asha.post("/accounts/logout/")
    page = log_in_and_follow(door_of_asha)
    assert "Keep my account" in page
    assert 'href="/accounts/export/"' in page
    back = door_of_asha.post("/accounts/delete/undo/", follow=True)
    assert "Welcome back." in back.content.decode()
    assert not User.objects.get().is_removed
    assert door_of_asha.get("/people/asha/").status_code == 200
    assert Stamp.objects.of(asha).count() == 1


def log_in_and_follow(client) -> str:
    answer = client.post("/accounts/login/", {"login": "asha", "password": PASSWORD}, follow=True)
    return answer.content.decode()


def test_what_is_done_twice_counts_once(door_of_asha, asha):
    leave(door_of_asha)
    assert leave(door_of_asha, words="go").status_code == 200  # the page that is left
    assert User.objects.get().words_stay is True
    door_of_asha.post("/accounts/delete/undo/")
    assert door_of_asha.post("/accounts/delete/undo/").url == "/accounts/"
    actions = Entry.objects.about(asha).values_list("action", flat=True)
    assert list(actions).count("accounts.user_removed") == 1
    assert list(actions).count("accounts.user_restored") == 1


def test_the_owner_reads_it_in_their_log(door_of_asha):
    leave(door_of_asha)
    door_of_asha.post("/accounts/delete/undo/")
    page = door_of_asha.get("/accounts/security/").content.decode()
    assert "The account was deleted, to be erased in 7 days" in page
    assert "The deletion of the account was undone" in page


@pytest.mark.parametrize("taken", [{"username": "asha"}, {"email": "asha@pocket.example"}])
def test_name_and_address_are_nobody_elses_in_that_week(door_of_asha, asha, taken):
    leave(door_of_asha)
    form = {"username": "ravi", "email": "ravi@pocket.example", "password1": PASSWORD} | taken
    assert Client().post("/accounts/signup/", form).status_code == 422
    assert User.objects.count() == 1


def test_the_last_admin_cannot_leave(door_of_asha, asha):
    asha.give_role(ADMIN, by=None)
    answer = leave(door_of_asha)
    assert answer.status_code == 422
    assert "Somebody must run the site" in answer.content.decode()
    assert not User.objects.get().is_removed


def test_who_alone_runs_the_site_is_told_before_they_try(door_of_asha, asha):
    asha.give_role(ADMIN, by=None)
    page = door_of_asha.get(DELETE).content.decode()
    assert "You alone run this site." in page
    assert 'name="words"' not in page


def test_an_admin_who_left_does_not_count_as_one(door_of_asha, asha):
    ravi = User.objects.create_user("ravi", "ravi@pocket.example", PASSWORD)
    for person in (asha, ravi):
        person.give_role(ADMIN, by=None)
    leave(door_of_asha)
    assert list(User.objects.admins()) == [ravi]


def test_whom_staff_removed_cannot_come_back_by_themselves(client, asha):
    asha.remove(by=None, why="spam")
    page = log_in_and_follow(client)
    assert "The people who run this site closed it." in page
    assert "Keep my account" not in page
    assert client.post("/accounts/delete/undo/").url == DELETE
    assert User.objects.get().is_removed


def test_what_staff_sent_before_they_were_removed_does_not_act_after_a_proof(client, asha, ravi):
    for person in (asha, ravi):
        person.give_role(ADMIN, by=None)
    meera = User.objects.create_user("meera", "meera@pocket.example", PASSWORD)
    log_in(client)
    asked = client.post(f"/admin/accounts/user/{meera.pk}/delete/", {"post": "yes"})
    assert asked.url.startswith("/accounts/reauthenticate/?next=%2Fadmin%2F")
    asha.remove(by=ravi)
    client.post(asked.url, {"password": PASSWORD})
    assert User.living.filter(pk=meera.pk).exists()


def test_who_left_still_asks_for_an_export_in_one_go(client, asha, ask):
    log_in(client)
    asha.remove(by=asha)
    asked = ask(client)
    done = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert "Your export is asked for." in done.content.decode()


# --- A week later -------------------------------------------------------------------------------


def everything_stored(settings) -> str:
    """Every value of every table and every small file, as one text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            told += [f"{table}: {row}" for row in cursor.fetchall()]
    for folder in (settings.MEDIA_ROOT, settings.MAILERS["default"]["OPTIONS"]["file_path"]):
        told += [f"{path}: {path.read_bytes()!r}" for path in folder.rglob("*") if path.is_file()]
    return "\n".join(told)


def send_now(subject: str, body: str, to: list[str]) -> None:
    EmailMessage(subject, body, to=to).send()


@pytest.fixture
def in_folders(settings, tmp_path):
    """Files and mails go to folders of this test; mails wait in the queue first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAILERS = {
        "default": {
            "BACKEND": "pocket.web.mail_files.MailFiles",
            "OPTIONS": {"file_path": tmp_path / "mail"},
        }
    }
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_a_week_later_nothing_in_database_or_files_names_the_person(
    in_folders, settings, door_of_asha, asha, django_capture_on_commit_callbacks
):
    marks = ["'asha'", "asha.rao", "asha@pocket.example", "Asha Rao", "Mandya", "918022223333"]
    Profile.of(asha).write(by=asha, bio="from Mandya", phone="+918022223333", shown_name="Asha Rao")
    Stamp.objects.mark(asha, State.objects.get(slug="goa"), "visited")
    Passport.objects.share(asha, with_notes=True)
    asha.rename("asha.rao", by=asha)
    Client().post("/accounts/password/reset/", {"email": "asha@pocket.example"})
    with django_capture_on_commit_callbacks(execute=True):
        send_now("Hello", "to asha", ["Asha Rao <asha@pocket.example>"])
        leave(door_of_asha)
    assert all(mark in everything_stored(settings) for mark in marks[:5])

    a_week_passes(asha)
    with django_capture_on_commit_callbacks(execute=True):
        assert erasing.erase_due() == 1
    left = everything_stored(settings)
    assert [line for line in left.splitlines() if any(mark in line for mark in marks)] == []
    assert str(asha.pk) in left  # the log names the key
    assert chain.verify()


def test_what_was_said_goes_only_where_the_person_chose_so_this_time(
    door_of_asha, asha, monkeypatch
):
    chosen = []
    monkeypatch.setattr(
        "accounts.personal.erase", lambda person, keeps_words: chosen.append(keeps_words)
    )
    leave(door_of_asha, words="go")
    assert not User.objects.get().keeps_words
    door_of_asha.post("/accounts/delete/undo/")
    asha.remove(by=None, why="spam")
    a_week_passes(asha)
    erasing.erase_due()
    assert chosen == [True]


def test_the_picture_of_who_left_is_erased(
    in_folders, settings, door_of_asha, asha, django_capture_on_commit_callbacks
):
    sent = SimpleUploadedFile("me.jpg", drawn().getvalue(), "image/jpeg")
    with django_capture_on_commit_callbacks(execute=True):
        door_of_asha.post("/accounts/profile/", {"avatar": sent})
    assert len(list(settings.MEDIA_ROOT.rglob("*.webp"))) == 2
    leave(door_of_asha)
    a_week_passes(asha)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_due()
    assert list(settings.MEDIA_ROOT.rglob("*.webp")) == []


def test_mails_to_addresses_of_before_go_too_unless_they_are_somebody_elses_now(
    in_folders, settings, client, asha, ravi, django_capture_on_commit_callbacks
):
    for address in ("old@pocket.example", "given@pocket.example"):
        theirs = EmailAddress.objects.create(user=asha, email=address, verified=True)
        note("accounts.address_removed", asha, actor=asha, what=theirs.email)
        theirs.delete()
        send_now("Hello", "waits", [address])
    EmailAddress.objects.create(user=ravi, email="given@pocket.example", verified=True)
    with django_capture_on_commit_callbacks(execute=True):
        personal.erase(asha, keeps_words=True)
    assert "old@pocket.example" not in everything_in(settings.MAILERS["default"]["OPTIONS"])
    assert "given@pocket.example" in everything_in(settings.MAILERS["default"]["OPTIONS"])


def everything_in(options: dict) -> str:
    return " ".join(path.read_text() for path in options["file_path"].glob("*.log"))


@pytest.mark.parametrize("address", ["asha@डाटामेल.भारत", "Asha@EXÄMPLE.in"])
def test_mails_go_whatever_script_the_address_is_in(
    in_folders, settings, address, django_capture_on_commit_callbacks
):
    mail.send_mail.enqueue("Hello", "waits", [address])
    send_now("Hello", "lies in var/mail", [address])
    with django_capture_on_commit_callbacks(execute=True):
        mail.forget({address})
    assert not mail.DBTaskResult.objects.exists()
    assert everything_in(settings.MAILERS["default"]["OPTIONS"]) == ""


def test_each_mail_has_a_file_of_its_own(in_folders, settings):
    for number in range(20):
        send_now("Hello", "in one second", [f"reader{number}@pocket.example"])
    assert len(list(settings.MAILERS["default"]["OPTIONS"]["file_path"].iterdir())) == 20


def test_mails_to_others_stay(in_folders, settings, asha, django_capture_on_commit_callbacks):
    for address in ("asha@pocket.example", "ravi@pocket..example"):
        mail.send_mail.enqueue("Hello", "waits", [address])
    with django_capture_on_commit_callbacks(execute=True):
        mail.forget({"ASHA@pocket.example"})
    [row] = mail.DBTaskResult.objects.all()
    assert row.args_kwargs["args"][2] == ["ravi@pocket..example"]


def test_nobody_is_erased_before_the_week_is_over_nor_after_coming_back(door_of_asha, asha):
    leave(door_of_asha)
    assert erasing.erase_due() == 0
    a_week_passes(asha)
    [due] = User.objects.due()
    door_of_asha.post("/accounts/delete/undo/")
    assert erasing.erase(due) is False
    assert User.objects.filter(pk=asha.pk).exists()


def test_who_comes_back_a_moment_too_late_is_erased(door_of_asha, asha, monkeypatch):
    leave(door_of_asha)
    a_week_passes(asha)
    come_back = User.come_back

    def too_late(person, **how):
        assert erasing.erase_due() == 1
        return come_back(person, **how)

    monkeypatch.setattr(User, "come_back", too_late)
    assert door_of_asha.post("/accounts/delete/undo/").url == DELETE
    assert door_of_asha.get(DELETE).url == "/accounts/login/?next=/accounts/delete/"


def test_one_who_cannot_be_erased_does_not_keep_the_others(door_of_asha, asha, monkeypatch, caplog):
    ravi = User.objects.create_user("ravi", "ravi@pocket.example", PASSWORD)
    for person in (asha, ravi):
        person.remove(by=person)
        a_week_passes(person)

    def stumble(person, **how):
        if person == asha:
            raise OSError("the disk is away")

    monkeypatch.setattr("accounts.personal.erase", stumble)
    assert erasing.erase_due() == 1
    assert list(User.objects.all()) == [asha]
    assert "an account could not be erased" in caplog.text


def test_what_was_agreed_to_goes_with_the_account(door_of_asha, asha):
    Agreement.objects.agree(asha, erasing_version())
    asha.rename("asha.rao", by=asha)
    leave(door_of_asha)
    a_week_passes(asha)
    erasing.erase_due()
    assert not Agreement.objects.exists()
    assert not FormerName.objects.exists()


def erasing_version():
    from accounts import agreements

    return agreements.newest()


def test_the_daily_round_erases(door_of_asha, asha, settings):
    assert "privacy.tasks.erase_leavers" in settings.DAILY_TASKS
    from privacy.tasks import erase_leavers

    leave(door_of_asha)
    a_week_passes(asha)
    erase_leavers.call()
    assert not User.objects.exists()


def test_the_page_is_asked_with_few_queries(door_of_asha, asha, django_assert_max_num_queries):
    door_of_asha.get(DELETE)
    with django_assert_max_num_queries(10):  # what goes is counted app by app
        assert re.search("Delete my account", door_of_asha.get(DELETE).content.decode())
