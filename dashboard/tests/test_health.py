"""How the site is doing, for admins."""

import os
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from accounts.roles import ADMIN, EDITOR, MODERATOR
from audit.models import Entry
from dashboard import health_checks
from dashboard.models import ChainCheck

pytestmark = pytest.mark.django_db
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def queue(settings):
    settings.TASKS = QUEUE


@pytest.fixture
def task():
    """Put a row into the queue as it would lie there."""

    def _task(status="READY", **values) -> DBTaskResult:
        asked = values.pop("enqueued_at", timezone.now())
        row = DBTaskResult.objects.create(
            status=status,
            args_kwargs={"args": [], "kwargs": {}},
            task_path=values.pop("task_path", "a.task"),
            backend_name="default",
            **values,
        )
        DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=asked)
        return row

    return _task


def page(client) -> str:
    response = client.get("/dashboard/health/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_versions_and_the_database_are_told(desk, settings):
    html = page(desk)
    assert f"Pocket {settings.VERSION}" in html
    assert "Django 6." in html
    assert "SQLite 3." in html or "PostgreSQL 1" in html
    assert "All migrations are applied." in html


@pytest.mark.parametrize("role", ["", EDITOR, MODERATOR])
def test_it_is_for_admins(client, somebody, role):
    client.force_login(somebody("asha", role))
    assert client.get("/dashboard/health/").status_code == 404
    assert client.post("/dashboard/health/mail/").status_code == 404
    assert mail.outbox == []


def test_an_admin_by_role_opens_it(client, somebody):
    client.force_login(somebody("asha", ADMIN))
    assert "Health" in page(client)


def test_a_stranger_is_led_to_log_in(client):
    for answer in (client.get("/dashboard/health/"), client.post("/dashboard/health/mail/")):
        assert answer["Location"] == "/accounts/login/?next=/dashboard/health/"


def test_a_check_that_fails_does_not_take_the_page_with_it(desk, monkeypatch):
    def broken():
        raise ConnectionError("nobody answers")

    monkeypatch.setitem(health_checks.health.CHECKS, "cache", broken)
    html = page(desk)
    assert "ConnectionError: nobody answers" in html
    assert "This could not be found out." in html


def test_migrations_that_wait_are_told(monkeypatch):
    def missing():
        raise RuntimeError("2 not applied")

    monkeypatch.setitem(health_checks.health.CHECKS, "migrations", missing)
    found = health_checks.database()
    assert "Migrations: 2 not applied" in found.facts
    assert (found.is_broken, "manage.py migrate" in found.to_do) == (True, True)


# --- Mail ---------------------------------------------------------------------------------------


def test_a_test_mail_goes_to_whoever_asks(desk, admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post("/dashboard/health/mail/", follow=True)
    assert "A mail to kavya@pocket.example is on its way" in answer.content.decode()
    assert [(it.to, it.subject) for it in mail.outbox] == [
        (["kavya@pocket.example"], "A test from Pocket")
    ]
    assert Entry.objects.by(admin).filter(action="dashboard.test_mail_sent").count() == 1


def test_the_fourth_test_in_an_hour_waits(desk):
    for _time in range(3):
        assert desk.post("/dashboard/health/mail/").status_code == 302
    answer = desk.post("/dashboard/health/mail/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Three tests an hour are enough." in answer.content.decode()
    assert len(mail.outbox) == 3


def test_who_has_no_address_is_told_so(desk, admin):
    User.objects.filter(pk=admin.pk).update(email="")
    answer = desk.post("/dashboard/health/mail/")
    assert answer.status_code == 422
    assert "You have no e-mail address to send it to." in answer.content.decode()


def test_how_mail_leaves_is_told_without_its_password(settings, task):
    assert "into files" in health_checks.mail().facts[0]
    options = {"host": "mail.example", "port": 587, "use_tls": True, "use_ssl": False}
    settings.MAILERS = {"default": {"OPTIONS": {**options, "password": "hush"}}}
    settings.EMAIL_URL = "smtp+tls://pocket:hush@mail.example:587"
    found = health_checks.mail()
    assert found.facts == ["By mail.example:587, over STARTTLS."]
    assert found.is_well
    task("FAILED", task_path="pocket.web.mail.send_mail", finished_at=timezone.now())
    assert health_checks.mail().facts[1] == "Given up in two weeks: 1"


# --- Tasks --------------------------------------------------------------------------------------


def test_without_a_queue_that_is_said():
    assert health_checks.tasks().facts == ["They are done at once: there is no queue."]


def test_a_queue_that_is_served_is_well(queue, task):
    now = timezone.now()
    task("SUCCESSFUL", finished_at=now - timedelta(minutes=5))
    task(enqueued_at=now - timedelta(minutes=2))
    task(enqueued_at=now - timedelta(days=2), run_after=now + timedelta(hours=1))
    found = health_checks.tasks()
    assert found.is_well
    assert [fact.replace("\xa0", " ") for fact in found.facts] == [
        "Waiting: 1",
        "The oldest has waited for 2 minutes.",
        "The last one ended 5 minutes ago.",
        "Failed in two weeks: 0",
    ]


@pytest.mark.parametrize("waiting", [True, False])
def test_a_queue_that_nobody_serves_is_broken(queue, task, waiting):
    now = timezone.now()
    if waiting:
        task("SUCCESSFUL", finished_at=now)
        task(enqueued_at=now - timedelta(minutes=20))
    found = health_checks.tasks()
    assert found.is_broken
    assert "manage.py work" in found.to_do


def test_what_failed_is_to_be_looked_after(queue, task):
    task("FAILED", finished_at=timezone.now())
    found = health_checks.tasks()
    assert (found.facts[-1], found.is_broken, found.is_well) == (
        "Failed in two weeks: 1",
        False,
        False,
    )


# --- Disk, backups, log -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "is_well", "is_broken"), [(50, True, False), (10, False, False), (2, False, True)]
)
def test_a_disk_that_fills_is_told(monkeypatch, free, is_well, is_broken):
    usage = health_checks.shutil._ntuple_diskusage(100, 100 - free, free)
    monkeypatch.setattr(health_checks.shutil, "disk_usage", lambda folder: usage)
    found = health_checks.disk()
    assert (found.is_well, found.is_broken) == (is_well, is_broken)


def test_backups_that_nobody_named_are_asked_for(settings):
    settings.BACKUP_DIR = None
    found = health_checks.backups()
    assert found.facts == ["Pocket knows of none."]
    assert "BACKUP_DIR" in found.to_do


def test_the_newest_backup_tells_its_age(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    assert health_checks.backups().is_broken
    for name, hours in (("old.gz", 90), ("new.gz", 40)):
        (tmp_path / name).write_text("")
        at = time.time() - hours * 3600
        os.utime(tmp_path / name, (at, at))
    found = health_checks.backups()
    assert found.facts[0].replace("\xa0", " ") == "The newest is 1 day, 16 hours old."
    assert found.is_broken
    (tmp_path / "today.gz").write_text("")
    assert health_checks.backups().is_well
    settings.BACKUP_DIR = tmp_path / "gone"
    assert health_checks.backups().is_broken


def test_the_last_check_of_the_log_is_told(db):
    assert "Nobody has had it checked yet." in health_checks.log().facts
    now = timezone.now()
    check = ChainCheck.objects.create(done_at=now - timedelta(days=9))
    assert not health_checks.log().is_well
    ChainCheck.objects.filter(pk=check.pk).update(done_at=now)
    assert health_checks.log().is_well
    ChainCheck.objects.filter(pk=check.pk).update(problem="Entry 4 is not as it was.")
    found = health_checks.log()
    assert (found.is_broken, found.facts[1]) == (True, "Entry 4 is not as it was.")


def test_it_costs_the_same_with_many_tasks(desk, queue, task, django_assert_max_num_queries):
    for _number in range(5):
        task("SUCCESSFUL", finished_at=timezone.now())
        task("FAILED", finished_at=timezone.now())
    page(desk)  # notes that kavya is there, which happens once a while
    with django_assert_max_num_queries(17):
        page(desk)
