"""An export asked for, made, announced, downloaded and forgotten."""

import os
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit.models import Entry
from once.models import new_key
from pocket.testing import HTMX
from pocket.web.queue import STRANDED as TAKEN_UP_AFTER
from pocket.web.queue import QueueWorker
from privacy import exports, personal, tasks
from privacy.models import KEPT, REMEMBERED, STRANDED, Export
from privacy.tests.conftest import PASSWORD, log_in

PAGE = "/accounts/export/"


@pytest.fixture
def queued(settings, monkeypatch):
    """The queue of production, whose tasks wait for `work`."""
    # A worker closes old connections; a test's holds its transaction.
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work() -> None:
    QueueWorker().run()


@pytest.fixture
def later(monkeypatch):
    """Set the clock forward by so much from the real time."""
    now = timezone.now

    def _later(how_much: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + how_much)

    return _later


@pytest.fixture
def breaks(monkeypatch):
    """While it is on, the disk is full."""

    def write(file, person, *, moment) -> None:
        file.write(b"half of it")
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(exports, "write", write)
        yield patch


def told(client) -> str:
    return client.get(PAGE).content.decode()


def download(export) -> str:
    return f"{PAGE}{export.pk}/download/"


def zipped(response) -> ZipFile:
    return ZipFile(BytesIO(b"".join(response)))


def actions(person) -> list[str]:
    return list(Entry.objects.about(person).of_action("privacy.").values_list("action", flat=True))


# --- Asked for -----------------------------------------------------------------------------------


def test_from_asking_to_the_file(door_of_asha, asha, ask, queued, mailoutbox):
    assert "None yet." in told(door_of_asha)
    assert ask(door_of_asha)["Location"] == PAGE
    page = told(door_of_asha)
    assert "being made" in page
    assert "/download/" not in page
    assert mailoutbox == []

    work()
    assert ">ready</span>" in told(door_of_asha)
    [mail] = mailoutbox
    assert mail.subject == "Your export is ready · Pocket"
    assert mail.to == ["asha@pocket.example"]
    assert f"http://127.0.0.1:8000{PAGE}\n" in mail.body
    assert not mail.attachments

    export = Export.objects.get()
    assert download(export) in told(door_of_asha)
    answer = door_of_asha.get(download(export))
    assert answer["Content-Type"] == "application/zip"
    day = timezone.localdate()
    assert answer["Content-Disposition"] == f'attachment; filename="pocket-asha-{day}.zip"'
    assert int(answer["Content-Length"]) == export.size
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"asha@pocket.example" in zipped(answer).read("data/accounts-account.json")
    assert export.expires_at - export.ready_at == timedelta(days=7)


def test_a_stranger_is_sent_to_log_in(client, ask):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert ask(client)["Location"] == f"/accounts/login/?next={PAGE}"


def test_who_asks_shows_first_that_it_is_them(client, asha, ask):
    log_in(client)
    assert client.get(PAGE).status_code == 200
    assert ask(client)["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fexport%2F"
    assert not Export.objects.exists()

    # What was asked for is done after the proof, without asking again.
    place = f"/accounts/reauthenticate/?next={PAGE}"
    assert client.post(place, {"password": PASSWORD, "next": PAGE})["Location"] == PAGE
    assert Export.objects.count() == 1


def test_the_proof_holds_for_ten_minutes(door_of_asha, ask, monkeypatch):
    session = door_of_asha.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 10 * 60
    session.save()
    assert ask(door_of_asha)["Location"].startswith("/accounts/reauthenticate/")


def test_a_form_sent_twice_begins_one_export(door_of_asha, asha, ask):
    key = new_key()
    for _ in range(3):
        assert ask(door_of_asha, key).status_code == 302
    assert Export.objects.count() == 1
    assert actions(asha) == ["privacy.export_asked"]


def test_one_is_made_at_a_time(door_of_asha, ask, queued):
    ask(door_of_asha)
    answer = ask(door_of_asha)
    assert answer.status_code == 422
    assert "One is being made already" in answer.content.decode()
    assert "<title>Error: Export" in answer.content.decode()
    assert Export.objects.count() == DBTaskResult.objects.count() == 1


def test_the_database_holds_that_one_is_made_at_a_time(asha, ravi):
    Export.objects.create(person=asha)
    Export.objects.create(person=ravi)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(person=asha)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_one_moment_get_one(at_once, asha):
    def ask() -> str:
        try:
            return str(Export.objects.ask(asha).pk)
        except Exception as refusal:
            return type(refusal).__name__

    answers = at_once(ask, times=4)
    assert sorted(answers)[1:] == ["ValidationError"] * 3
    assert at_once(Export.objects.count, times=1) == [1]


def test_five_in_a_week_are_enough(door_of_asha, ask, later):
    for _ in range(5):
        assert ask(door_of_asha).status_code == 302
    answer = ask(door_of_asha)
    assert answer.status_code == 422
    again = timezone.localtime(Export.objects.earliest("asked_at").asked_at + timedelta(days=7))
    assert f"You can ask again on {again:%d %b %Y, %H:%M}." in answer.content.decode()

    Export.objects.update(asked_at=timezone.now() - timedelta(days=7))
    assert ask(door_of_asha).status_code == 302


def test_those_that_failed_do_not_count(door_of_asha, asha, ask):
    for _ in range(6):
        Export.objects.create(person=asha, failed_at=timezone.now())
    assert ask(door_of_asha).status_code == 302


# --- Made ----------------------------------------------------------------------------------------


def test_one_that_cannot_be_made_says_so_and_leaves_nothing(
    door_of_asha, ask, breaks, mailoutbox, exports_root
):
    ask(door_of_asha)
    page = told(door_of_asha)
    assert ">failed</span>" in page
    assert "Please ask again" in page
    assert list(exports_root.iterdir()) == []
    assert mailoutbox[-1].subject == "Your export could not be made · Pocket"

    breaks.undo()
    ask(door_of_asha)
    assert ">ready</span>" in told(door_of_asha)
    assert "Please ask again" not in told(door_of_asha)


def test_what_a_killed_worker_began_is_made_by_the_next(door_of_asha, ask, queued, exports_root):
    ask(door_of_asha)
    exports_root.mkdir()
    exports_root.joinpath("half.part").write_bytes(b"half of it")
    began = timezone.now() - TAKEN_UP_AFTER - timedelta(seconds=1)
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, started_at=began, worker_ids=["killed"]
    )
    worker = QueueWorker()
    worker.tidy()
    worker.run()
    assert Export.objects.get().is_ready


def test_one_that_was_forgotten_fails_after_an_hour_and_bars_nobody(door_of_asha, ask, queued):
    ask(door_of_asha)
    Export.objects.update(asked_at=timezone.now() - STRANDED)
    assert ">failed</span>" in told(door_of_asha)
    assert ask(door_of_asha).status_code == 302
    first, second = Export.objects.order_by("asked_at")
    assert first.failed_at
    assert second.is_in_the_making


def test_making_it_twice_changes_nothing(asha, mailoutbox):
    export = Export.objects.create(person=asha)
    tasks.make_export.enqueue(str(export.pk))
    made = exports.path_of(export.pk).stat()
    tasks.make_export.enqueue(str(export.pk))
    assert exports.path_of(export.pk).stat() == made
    assert len(mailoutbox) == 1


def test_two_workers_make_one_file(asha, mailoutbox, exports_root):
    export = Export.objects.create(person=asha)
    same = Export.objects.get(pk=export.pk)  # as another worker saw it at the beginning
    export.make()
    same.make()
    assert len(mailoutbox) == 1
    assert [path.name for path in exports_root.iterdir()] == [f"{export.pk}.zip"]
    export.refresh_from_db()
    assert export.size == exports.path_of(export.pk).stat().st_size


def test_who_is_gone_meanwhile_gets_none(asha, mailoutbox, exports_root):
    export = Export.objects.create(person=asha)
    key = str(export.pk)
    seen = Export.objects.select_related("person").get(pk=key)
    asha.delete()
    seen.make()
    tasks.make_export.enqueue(key)
    assert mailoutbox == []
    assert list(exports_root.iterdir()) == []


def test_the_mail_goes_to_an_address_that_was_verified(asha, mailoutbox):
    EmailAddress.objects.create(user=asha, email="old@pocket.example", verified=False)
    EmailAddress.objects.create(user=asha, email="second@pocket.example", verified=True)
    Export.objects.create(person=asha).make()
    assert mailoutbox[-1].to == ["second@pocket.example"]


# --- Seen ----------------------------------------------------------------------------------------


def test_the_page_looks_again_by_itself_only_while_one_is_made(door_of_asha, ask, queued):
    assert "every 3s" not in told(door_of_asha)
    ask(door_of_asha)
    page = told(door_of_asha)
    assert 'hx-trigger="every 3s"' in page
    assert f'<a href="{PAGE}">Look again</a>' in page
    work()
    part = door_of_asha.get(PAGE, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<section class="stack" id="exports"')
    assert "every 3s" not in part
    assert "Look again" not in part


def test_the_page_costs_the_same_for_any_number(door_of_asha, asha, django_assert_num_queries):
    told(door_of_asha)  # what the log-in had to say is said
    for _ in range(3):
        Export.objects.create(person=asha, failed_at=timezone.now())
        with django_assert_num_queries(4):  # session, person, notices, exports
            door_of_asha.get(PAGE)


def test_the_account_page_tells_of_one_that_waits(door_of_asha, ask):
    assert "everything of yours, to take along" in door_of_asha.get("/accounts/").content.decode()
    ask(door_of_asha)
    until = timezone.localtime(Export.objects.get().expires_at)
    page = door_of_asha.get("/accounts/").content.decode()
    assert f"to download until {until:%d %b %Y, %H:%M}" in page


# --- Downloaded ----------------------------------------------------------------------------------


@pytest.fixture
def export(asha) -> Export:
    export = Export.objects.create(person=asha)
    export.make()
    export.refresh_from_db()
    return export


def test_a_download_is_noted_and_told(door_of_asha, asha, export, mailoutbox):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert zipped(door_of_asha.get(download(export), headers={"User-Agent": agent}))
    assert actions(asha) == ["privacy.export_downloaded"]
    mail = mailoutbox[-1]
    assert mail.subject == "Your export was downloaded · Pocket"
    assert "From: Firefox on Linux, network 127.0.0.0/24" in mail.body
    log = door_of_asha.get("/accounts/security/").content.decode()
    assert "<strong>An export of everything was downloaded</strong>" in log


def test_asking_is_in_the_log_that_the_owner_reads(door_of_asha, ask):
    ask(door_of_asha)
    log = door_of_asha.get("/accounts/security/").content.decode()
    assert "An export of everything was asked for" in log


def test_looking_whether_it_is_there_is_no_download(door_of_asha, asha, export, mailoutbox):
    del mailoutbox[:]
    answer = door_of_asha.head(download(export))
    assert (answer.status_code, b"".join(answer)) == (200, b"")
    assert actions(asha) == []
    assert mailoutbox == []


def test_who_downloads_shows_first_that_it_is_them(client, export):
    log_in(client)
    answer = client.get(download(export))
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fexport%2F"
    proof = client.get(answer["Location"])
    assert "First show that it is you" in proof.content.decode()
    done = client.post(answer["Location"], {"password": PASSWORD, "next": PAGE})
    assert done["Location"] == PAGE
    assert "README.txt" in zipped(client.get(download(export))).namelist()


def test_nobody_else_gets_it(client, asha, ravi, export):
    ravi.is_staff = ravi.is_superuser = True
    ravi.save()
    assert client.get(download(export))["Location"].startswith("/accounts/login/")
    log_in(client, "ravi")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(download(export)).status_code == 404
    assert str(export.pk) not in told(client)
    assert actions(asha) == []


@pytest.mark.parametrize("key", ["01900000-0000-7000-8000-000000000000", "x", "../../secret_key"])
def test_what_is_no_export_is_not_there(door_of_asha, key):
    assert door_of_asha.get(f"{PAGE}{key}/download/").status_code == 404


def test_only_asking_for_it_gets_it(door_of_asha, export):
    assert door_of_asha.post(download(export)).status_code == 405


def test_a_file_that_is_gone_is_said_to_be(door_of_asha, asha, export):
    exports.path_of(export.pk).unlink()
    answer = door_of_asha.get(download(export), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    page = answer.content.decode()
    assert "That file is not here any more" in page
    assert ">failed</span>" in page
    assert actions(asha) == []


@pytest.mark.parametrize("state", ["being made", "expired", "failed"])
def test_only_one_that_is_ready_can_be_had(door_of_asha, asha, export, state):
    if state == "being made":
        Export.objects.filter(pk=export.pk).update(ready_at=None, expires_at=None, size=None)
    elif state == "expired":
        Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())
    else:
        Export.objects.filter(pk=export.pk).update(failed_at=timezone.now())
    assert f"{state}</span>" in told(door_of_asha)
    assert "/download/" not in told(door_of_asha)
    assert door_of_asha.get(download(export))["Location"] == PAGE


# --- Forgotten -----------------------------------------------------------------------------------


def test_the_file_goes_after_a_week_and_the_row_after_three_months(asha, export, later):
    path = exports.path_of(export.pk)
    later(KEPT - timedelta(hours=1))
    tasks.sweep_exports.enqueue()
    assert path.exists()

    later(KEPT + timedelta(minutes=1))
    tasks.sweep_exports.enqueue()
    assert not path.exists()
    assert Export.objects.get().state == "expired"

    later(REMEMBERED + timedelta(minutes=1))
    tasks.sweep_exports.enqueue()
    assert not Export.objects.exists()


def test_what_a_crash_left_is_swept(asha, export, exports_root):
    old = (timezone.now() - timedelta(days=1)).timestamp()
    for name in (f"{export.pk}.x1.part", "01900000-0000-7000-8000-000000000000.zip"):
        exports_root.joinpath(name).write_bytes(b"x")
        os.utime(exports_root / name, (old, old))
    os.utime(exports.path_of(export.pk), (old, old))
    tasks.sweep_exports.enqueue()
    assert [path.name for path in exports_root.iterdir()] == [f"{export.pk}.zip"]


def test_the_sweeping_is_done_daily(settings):
    assert "privacy.tasks.sweep_exports" in settings.DAILY_TASKS


def test_with_the_account_its_files_go(
    asha, ravi, export, exports_root, django_capture_on_commit_callbacks
):
    his = Export.objects.create(person=ravi)
    his.make()
    with django_capture_on_commit_callbacks() as callbacks:
        personal.erase(asha, keeps_words=True)
    assert exports.path_of(export.pk).exists()  # not before it is sure
    for callback in callbacks:
        callback()
    assert [path.name for path in exports_root.iterdir()] == [f"{his.pk}.zip"]
    assert [row.person for row in Export.objects.all()] == [ravi]
