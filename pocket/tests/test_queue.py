"""What waits in the queue is done, in the end and not too often, and leaves nothing behind."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.tasks import TaskResultStatus, default_task_backend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from once.models import Key
from pocket.web import queue
from pocket.web.mail import PAUSES, send_mail
from pocket.web.queue import MOST_STARTS, STRANDED, QueueWorker

CODE = "ABCD-EFGH"


@pytest.fixture
def waiting(settings, db, monkeypatch):
    """The queue of production; returns its rows, the oldest first."""
    # A worker closes old connections; a test's holds its transaction.
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return DBTaskResult.objects.order_by("enqueued_at")


@pytest.fixture
def refused(monkeypatch):
    """The mail server fails with what is handed in; with None it is well again."""
    well = EmailBackend.send_messages

    def _refused(problem: Exception | None) -> None:
        def send_messages(self, messages):
            if problem:
                raise problem
            return well(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    return _refused


def mail(**changes) -> None:
    send_mail.enqueue(
        **{
            "subject": "Your code",
            "body": f"Here it is: {CODE}",
            "to": ["meera@pocket.example"],
            **changes,
        }
    )


def work() -> None:
    QueueWorker().run()


def make_due(rows) -> None:
    rows.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())


def test_a_mail_leaves_after_the_answer_and_nothing_of_it_stays(waiting, mailoutbox):
    mail(from_email="Asha <asha@pocket.example>", headers={"List-Id": "letters"})
    assert mailoutbox == []

    work()

    [sent] = mailoutbox
    assert (sent.subject, sent.body, sent.to) == (
        "Your code",
        f"Here it is: {CODE}",
        ["meera@pocket.example"],
    )
    assert sent.from_email == "Asha <asha@pocket.example>"
    assert sent.extra_headers == {"List-Id": "letters"}
    [row] = waiting
    assert row.status == TaskResultStatus.SUCCESSFUL
    assert row.args_kwargs == {"args": [], "kwargs": {}}


def test_a_mail_is_dropped_with_the_deed_it_tells_of(waiting):
    with transaction.atomic():
        mail()
        transaction.set_rollback(True)

    assert not waiting.exists()


def test_a_mail_waits_longer_and_longer_for_a_server_that_is_away(
    waiting, refused, mailoutbox, caplog
):
    refused(ConnectionRefusedError(111, "meera@pocket.example cannot be reached"))
    mail()
    for pause in PAUSES:
        before = timezone.now()
        make_due(waiting)
        work()
        again = waiting.get(status=TaskResultStatus.READY)
        assert before + pause <= again.run_after <= timezone.now() + pause
        assert CODE in str(again.args_kwargs)
    assert "ERROR" not in [record.levelname for record in caplog.records]

    make_due(waiting)
    work()

    assert [row.status for row in waiting] == ["SUCCESSFUL"] * 4 + ["FAILED"]
    for row in waiting:
        assert CODE not in f"{row.args_kwargs} {row.traceback}"
        assert "meera" not in f"{row.args_kwargs} {row.traceback}"
    [error] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "given up after 5 tries: ConnectionRefusedError 111" in str(error.exc_info[1])
    assert "meera" not in caplog.text
    assert mailoutbox == []


def test_a_mail_that_waited_leaves_once_the_server_is_back(waiting, refused, mailoutbox):
    refused(smtplib.SMTPServerDisconnected("gone"))
    mail(headers={"List-Id": "letters"})
    work()
    work()
    assert mailoutbox == []

    refused(None)
    make_due(waiting)
    work()

    assert [sent.extra_headers for sent in mailoutbox] == [{"List-Id": "letters"}]
    assert not waiting.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


@pytest.mark.parametrize(
    "problem",
    [
        smtplib.SMTPRecipientsRefused({"meera@pocket.example": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"not from you"),
        ValueError("meera@pocket.example is no address"),
    ],
)
def test_a_mail_that_is_refused_for_good_is_given_up_at_once(waiting, refused, caplog, problem):
    refused(problem)
    mail()
    work()

    [row] = waiting
    assert row.status == TaskResultStatus.FAILED
    assert type(problem).__name__ in caplog.text
    assert "meera" not in f"{row.args_kwargs} {row.traceback} {caplog.text}"


@pytest.mark.parametrize(
    "problem",
    [
        smtplib.SMTPRecipientsRefused({"meera@pocket.example": (450, b"come again")}),
        smtplib.SMTPDataError(451, b"busy"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        TimeoutError(),
    ],
)
def test_a_mail_that_may_pass_later_is_kept(waiting, refused, problem):
    refused(problem)
    mail()
    work()

    assert waiting.filter(status=TaskResultStatus.READY).count() == 1


def test_where_nothing_can_wait_a_mail_that_fails_breaks_no_page(db, refused, caplog):
    assert not default_task_backend.supports_defer
    refused(ConnectionRefusedError(111, "away"))
    mail()

    assert "given up after 1 tries" in caplog.text


def test_the_door_hands_its_mails_to_the_queue(client, waiting, mailoutbox, settings):
    settings.ACCOUNT_PREVENT_ENUMERATION = settings.VERIFY_EMAIL = True
    client.post("/accounts/password/reset/", {"email": "nobody@pocket.example"})
    assert mailoutbox == []

    work()

    assert [sent.to for sent in mailoutbox] == [["nobody@pocket.example"]]


# --- What ends a worker ---------------------------------------------------------------------------


def left_by_a_killed_worker(waiting, ago: timedelta, starts: int = 1) -> None:
    mail()
    row = waiting.get()
    row.claim("killed")
    waiting.update(started_at=timezone.now() - ago, worker_ids=["killed"] * starts)


def test_a_mail_that_a_killed_worker_held_leaves_after_all(waiting, mailoutbox):
    left_by_a_killed_worker(waiting, STRANDED + timedelta(seconds=1))
    QueueWorker().look()

    assert len(mailoutbox) == 1
    assert waiting.get(task_path=send_mail.module_path).status == TaskResultStatus.SUCCESSFUL


def test_a_mail_that_is_just_being_sent_is_left_alone(waiting, mailoutbox):
    left_by_a_killed_worker(waiting, STRANDED - timedelta(seconds=30))
    QueueWorker().look()

    assert mailoutbox == []


def test_what_ends_every_worker_is_given_up(waiting, mailoutbox, caplog):
    left_by_a_killed_worker(waiting, STRANDED + timedelta(seconds=1), starts=MOST_STARTS)
    QueueWorker().look()

    row = waiting.get(task_path=send_mail.module_path)
    assert (row.status, mailoutbox) == (TaskResultStatus.FAILED, [])
    assert CODE not in str(row.args_kwargs)
    assert "A task was given up." in caplog.text


def test_the_worker_outlives_a_database_that_is_away(waiting, mailoutbox, monkeypatch, caplog):
    worker = QueueWorker()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(queue.connection, "close", lambda: None)  # it holds the test
        meanwhile.setattr(worker, "tidy", lambda: (_ for _ in ()).throw(Error("away")))
        worker.look()
        worker.look()
    mail()
    worker.look()

    assert len(mailoutbox) == 1
    assert caplog.text.count("The queue cannot be read.") == 1


def test_a_worker_ends_after_the_task_at_hand_when_its_parent_is_gone(waiting, mailoutbox):
    mail()
    mail()
    QueueWorker(parent=1 << 30).run()

    assert len(mailoutbox) == 1


# --- Housekeeping ---------------------------------------------------------------------------------


def test_the_house_is_tidied_once_a_day(waiting, settings):
    Key.objects.create(key="old", spent_at=timezone.now() - timedelta(days=8))
    Key.objects.create(key="new")
    for _ in range(2):  # a second worker, or a restart
        QueueWorker().look()

    assert sorted(waiting.values_list("task_path", flat=True)) == sorted(settings.DAILY_TASKS)
    assert set(waiting.values_list("status", flat=True)) == {TaskResultStatus.SUCCESSFUL}
    assert Key.objects.get().key == "new"

    waiting.update(enqueued_at=timezone.now() - timedelta(hours=25))
    QueueWorker().look()
    assert waiting.count() == 2 * len(settings.DAILY_TASKS)


@pytest.mark.parametrize(("status", "days"), [("SUCCESSFUL", 2), ("FAILED", 14)])
def test_finished_tasks_are_forgotten(waiting, status, days):
    for age in (days - 0.1, days + 0.1):
        mail()
        newest = waiting.filter(status=TaskResultStatus.READY)
        newest.update(status=status, finished_at=timezone.now() - timedelta(days=age))
    QueueWorker().look()

    assert waiting.filter(task_path=send_mail.module_path).count() == 1


def test_the_back_room_does_not_know_the_queue(admin_client, waiting):
    mail()
    address = f"/admin/django_tasks_database/dbtaskresult/{waiting.get().pk}/change/"
    assert admin_client.get(address).status_code == 404


def test_an_idle_look_reads_once(waiting, django_assert_num_queries):
    worker = QueueWorker()
    worker.look()
    with django_assert_num_queries(1):
        worker.look()
