"""What is in the zip, what is not, and that it opens in every program."""

import csv
import json
import re
import stat
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Agreement, FormerName, Founder, Profile, User
from accounts.pictures import Picture
from audit import trail
from blog.models import Ban, Draft, Report
from blog.tests.comment_factories import shown
from blog.tests.factories import story
from contact.models import Message
from dashboard.models import SavedView
from passport.models import Passport, Stamp
from pocket.testing import settings_with
from privacy import exports
from privacy.models import Export
from states.models import State

MOMENT = datetime(2026, 8, 15, 6, 30, tzinfo=UTC)
# Where each model that belongs to a person is found in their export; or why it is not.
FOUND_IN = {
    "account.EmailAddress": "accounts-addresses",
    "accounts.Agreement": "accounts-agreements",
    "accounts.FormerName": "accounts-former_names",
    "accounts.Founder": "accounts-account",
    "accounts.Profile": "accounts-profile",
    "accounts.User_groups": "accounts-roles",
    "accounts.User_user_permissions": "accounts-roles",
    "admin.LogEntry": "accounts-back_room",
    "blog.Ban": "blog-comment_bans",
    "dashboard.SavedView": "dashboard-views",
    "blog.Comment": "blog-comments",
    "blog.Draft": "blog-unsaved",
    "blog.Post": "blog-stories",
    "blog.Report": "blog-comment_reports",
    "blog.Revision": "blog-revisions",
    "contact.Message": "contact-messages",
    "mfa.Authenticator": "accounts-second_proofs",
    "notices.Notice": "notices-notices",
    "passport.Passport": "passport-sharing",
    "passport.Stamp": "passport-stamps",
    "privacy.Export": "privacy-exports",
    "usersessions.UserSession": "accounts-sessions",
}
LEFT_OUT = {
    "blog.Image": "a picture of stories is the site's own; it says who brought it",
    "blog.ShareLink": "it leads to a story for others; it says who made it",
    "contact.Line": "answers are in contact-messages; notes are the team's own",
    "dashboard.Claim": "it says for minutes who looks at what waits",
    "dashboard.Decision": "it says who decided about somebody's words, which the log says as well",
    "dashboard.ChainCheck": "it says who had the log checked, which the log says as well",
    "accounts.User": "it says who removed an account, not whose it is",
}


def zip_of(person, moment: datetime = MOMENT) -> ZipFile:
    file = BytesIO()
    exports.write(file, person, moment=moment)
    return ZipFile(file)


def data_in(zipped: ZipFile, name: str):
    return json.loads(zipped.read(f"data/{name}.json"))


def table_in(zipped: ZipFile, name: str) -> list[dict]:
    text = zipped.read(f"data/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def secrets(asha) -> list[str]:
    """Everything that opens her account: none of it may get out."""
    totp = TOTP.activate(asha, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(asha)
    return [
        asha.password,
        "JBSWY3DPEHPK3PXP",
        totp.instance.data["secret"],
        codes.instance.data["seed"],
        *codes.get_unused_codes(),
        "her-public-key",
        "her-session-key",
    ]


def write_and_talk(asha, ravi) -> None:
    post = story("monsoon", by=asha)
    Draft.keep(post, by=asha, form="a" * 22, typed={"title": "Rain"}, version=post.version)
    said = shown(post, by=asha)
    shown(post, "A reply.", by=ravi, to=said)  # of which she gets a notice
    Report.objects.create(person=asha, comment=shown(post, "Buy tea.", by=ravi), reason="advert")
    Ban.impose(asha, by=None, reason="Insults.", days=1)


@pytest.fixture
def whole(asha, ravi, media, states_loaded, secrets):
    """Asha, of whom the site holds something of every kind; Ravi gave her a role."""
    goa = State.objects.get(slug="goa")
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    Founder.objects.create(person=asha)
    Profile.of(asha).write(
        by=asha,
        bio="Reads maps.",
        phone="+919845012345",
        pictures=[Picture(size, size, size, b"RIFF small WebP") for size in (96, 384)],
    )
    Authenticator.objects.create(
        user=asha,
        type="webauthn",
        data={"name": "her phone", "credential": {"rawId": "her-public-key"}},
    )
    UserSession.objects.create(
        user=asha, session_key="her-session-key", ip="203.0.113.7", user_agent="Firefox/140.0"
    )
    asha.give_role("Editor", by=ravi, reason="writes well")
    asha.user_permissions.add(Permission.objects.get(codename="view_state"))
    asha.rename("asha.rao", by=asha)
    Stamp.objects.write(asha, goa, "visited", year=2019, note="=tea at the beach")
    Passport.objects.share(asha, with_notes=False)
    LogEntry.objects.create(
        user=asha, action_flag=CHANGE, object_repr="ravi", content_type=None, object_id="1"
    )
    trail.record("accounts.role_given", target=ravi, actor=asha, after={"role": "about ravi"})
    Agreement.objects.agree(asha, MOMENT.date())
    write_and_talk(asha, ravi)
    Message.send(by=asha, subject="A bridge", text="is missing", email=asha.email)
    Export.objects.create(person=asha, failed_at=MOMENT)
    SavedView.objects.create(person=asha, desk_list="log", name="Mine", query="person=asha")
    asha.refresh_from_db()
    return asha


@pytest.fixture
def sessions_live(monkeypatch):
    monkeypatch.setattr(UserSession, "purge", lambda self: False)


@pytest.fixture
def zipped(whole, sessions_live) -> ZipFile:
    return zip_of(whole)


# --- What is in it -------------------------------------------------------------------------------


def test_everything_of_hers_is_in_it(zipped):
    assert data_in(zipped, "accounts-account")["user_name"] == "asha.rao"
    assert data_in(zipped, "accounts-account")["made_the_first_account"] is True
    assert data_in(zipped, "accounts-profile")["bio"] == "Reads maps."
    assert data_in(zipped, "accounts-preferences")["theme"] == "system"
    assert data_in(zipped, "accounts-addresses") == [
        {"address": "asha@pocket.example", "is_verified": True, "is_main": True}
    ]
    kinds = {proof["kind"]: proof["name"] for proof in data_in(zipped, "accounts-second_proofs")}
    assert kinds == {"totp": "", "recovery_codes": "", "webauthn": "her phone"}
    [session] = data_in(zipped, "accounts-sessions")
    assert (session["device"], session["network"]) == ("Firefox", "203.0.113.0/24")
    assert [it["name"] for it in data_in(zipped, "accounts-former_names")] == ["asha"]
    assert data_in(zipped, "accounts-roles") == [
        {"kind": "role", "name": "Editor"},
        {"kind": "permission", "name": "states.view_state"},
    ]
    [stamp] = data_in(zipped, "passport-stamps")
    assert (stamp["state"], stamp["note"]) == ("goa", "=tea at the beach")
    assert zipped.read("files/avatar-384.webp") == b"RIFF small WebP"
    assert "files/avatar-96.webp" in zipped.namelist()
    assert zipped.testzip() is None


def test_the_log_says_what_happened_and_by_whom(zipped):
    log = {line["deed"]: line for line in data_in(zipped, "accounts-log")}
    renamed = log["accounts.renamed"]
    assert (renamed["by"], renamed["to"], renamed["words"]) == (
        "you",
        "you",
        "The user name was changed",
    )
    assert renamed["before"] == {"username": "asha"}


def test_nobody_else_is_in_it(whole, ravi, sessions_live):
    ravi.is_staff = True
    ravi.save()
    zipped = zip_of(whole)
    given, to_ravi = [
        line for line in data_in(zipped, "accounts-log") if line["deed"] == "accounts.role_given"
    ]
    assert (given["by"], given["reason"]) == ("staff", "writes well")
    assert (to_ravi["by"], to_ravi["to"], to_ravi["after"]) == ("you", "somebody else", {})
    for name in zipped.namelist():
        assert b"ravi" not in zipped.read(name), name
        assert str(ravi.pk).encode() not in zipped.read(name), name


def test_no_secret_is_in_it(zipped, secrets):
    assert len(secrets) > 10
    for name in zipped.namelist():
        held = zipped.read(name).decode()
        assert not [secret for secret in secrets if secret in held], name


def test_no_session_or_form_key_is_in_it(door_of_asha, asha, ask):
    ask(door_of_asha)
    door_of_asha.get("/accounts/export/")
    cookies = door_of_asha.cookies
    secrets = [cookies["sessionid"].value, cookies["csrftoken"].value, asha.password]
    assert all(secrets)
    zipped = zip_of(asha)
    for name in zipped.namelist():
        held = zipped.read(name).decode()
        assert not [secret for secret in secrets if secret in held], name


def models_of_people() -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is User
    }


def test_every_model_that_names_a_person_is_accounted_for():
    assert models_of_people() == FOUND_IN.keys() | LEFT_OUT.keys(), (
        "Put it into a module `personal` and into FOUND_IN, or say in LEFT_OUT why it is left out."
    )


@pytest.mark.parametrize("name", sorted(set(FOUND_IN.values())))
def test_every_model_that_names_a_person_is_found(zipped, name):
    assert data_in(zipped, name), "The person of this test should have one of each."


def test_somebody_of_whom_nothing_is_held_but_the_account_gets_a_zip_too(asha):
    zipped = zip_of(asha)
    assert data_in(zipped, "passport-stamps") == []
    assert "data/passport-stamps.csv" not in zipped.namelist()
    assert not [name for name in zipped.namelist() if name.startswith("files/")]


def test_a_picture_that_is_gone_is_left_out(whole, sessions_live):
    avatar = Profile.of(whole).avatar
    default_storage.delete(f"avatars/{avatar}-96.webp")
    assert "files/avatar-384.webp" in zip_of(whole).namelist()
    assert "files/avatar-96.webp" not in zip_of(whole).namelist()


# --- How it is written ---------------------------------------------------------------------------


def test_the_readme_says_what_each_file_is(zipped):
    readme = zipped.read("README.txt").decode()
    assert "http://127.0.0.1:8000" in readme
    assert "2026-08-15T06:30:00+00:00" in readme
    assert "\ndata/passport-stamps.csv, data/passport-stamps.json\n    the states that" in readme
    for name in set(zipped.namelist()) - {"README.txt"}:
        assert re.search(rf"^(.*, )?{re.escape(name)}(,.*)?\n    \w", readme, re.MULTILINE), name


def test_the_same_things_give_the_same_bytes(whole, sessions_live):
    first, second = BytesIO(), BytesIO()
    exports.write(first, whole, moment=MOMENT)
    exports.write(second, whole, moment=MOMENT)
    assert first.getvalue() == second.getvalue()
    assert {info.date_time for info in ZipFile(first).infolist()} == {(2026, 8, 15, 6, 30, 0)}


def test_times_are_in_utc(zipped):
    for name in zipped.namelist():
        if name.endswith(".json"):
            for moment in re.findall(r"\d{4}-\d\d-\d\dT[^\"]+", zipped.read(name).decode()):
                assert moment.endswith("+00:00"), name


def test_a_list_is_a_table_too(zipped):
    [row] = table_in(zipped, "passport-stamps")
    assert row["state"] == "goa"
    assert row["note"] == "'=tea at the beach"
    [session] = table_in(zipped, "accounts-sessions")
    assert session["network"] == "203.0.113.0/24"
    assert zipped.read("data/passport-stamps.csv").startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1+1", "+91", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "－1"])
def test_no_cell_is_a_formula(text):
    assert exports.cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-1, "-1"), (None, ""), (True, "true"), (["ಕ"], '["ಕ"]'), ("ಕನ್ನಡ", "ಕನ್ನಡ"), ("a=b", "a=b")],
)
def test_other_cells_stand_as_they_are(value, text):
    assert exports.cell(value) == text


def test_texts_survive_whatever_is_in_them():
    file = BytesIO()
    odd = ["two\nlines", "line\u2028separator", "\x0b\x1c\x85", '"quoted", ಕರ್ನಾಟಕ', "half \ud800"]
    with ZipFile(file, "w") as zipped:
        exports.Parcel(zipped, MOMENT).put_data("data/odd", [{"text": text} for text in odd], "")
    odd[-1] = "half ?"
    assert [row["text"] for row in data_in(ZipFile(file), "odd")] == odd
    assert [row["text"] for row in table_in(ZipFile(file), "odd")] == odd


def test_a_long_list_is_never_in_memory_as_a_whole():
    held = most = 0

    class Row(dict):
        def __init__(self, number: int) -> None:
            nonlocal held, most
            super().__init__(number=number)
            held += 1
            most = max(most, held)

        def __del__(self) -> None:
            nonlocal held
            held -= 1

    file = BytesIO()
    with ZipFile(file, "w") as zipped:
        exports.Parcel(zipped, MOMENT).put_data("data/long", (Row(n) for n in range(500)), "")
    assert len(data_in(ZipFile(file), "long")) == len(table_in(ZipFile(file), "long")) == 500
    assert most <= 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("/", "file"),
        ("..", "file"),
        ("a\0b\n.txt", "ab.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("CON.txt", "_CON.txt"),
        ("what?.png", "what_.png"),
        ("ಹಂಪಿ.webp", "ಹಂಪಿ.webp"),
        ("x" * 300 + ".webp", "x" * 95 + ".webp"),
    ],
)
def test_names_of_files_are_safe(name, safe):
    assert exports.safe_name(name) == safe


def test_two_files_of_one_name_both_come():
    file = BytesIO()
    with ZipFile(file, "w") as zipped:
        parcel = exports.Parcel(zipped, MOMENT)
        for content in (b"first", b"second", b"third"):
            parcel.put_file("photo.jpg", ContentFile(content), "")
        parcel.put_file("scan", ContentFile(b"fourth"), "")
        parcel.put_file("scan", ContentFile(b"fifth"), "")
    assert ZipFile(file).namelist() == [
        "files/photo.jpg",
        "files/photo (2).jpg",
        "files/photo (3).jpg",
        "files/scan",
        "files/scan (2)",
    ]


# --- The folder ----------------------------------------------------------------------------------


def test_nobody_else_on_the_machine_reads_the_file(exports_root, asha):
    with exports.draft("one") as file:
        file.write(b"all of it")
        exports.keep(file, "one")
    assert stat.S_IMODE(exports_root.stat().st_mode) == 0o700
    assert stat.S_IMODE(exports.path_of("one").stat().st_mode) == 0o600
    assert [path.name for path in exports_root.iterdir()] == ["one.zip"]


def test_a_draft_that_breaks_leaves_nothing(exports_root):
    with pytest.raises(OSError, match="disk full"), exports.draft("one"):
        raise OSError("disk full")
    assert list(exports_root.iterdir()) == []


def test_old_files_that_nobody_needs_are_swept(exports_root, monkeypatch):
    exports.sweep(set())  # before there is a folder
    exports_root.mkdir()
    for name in ("kept.zip", "expired.zip", "crashed.x1.part"):
        exports_root.joinpath(name).write_bytes(b"x")
    exports.sweep({"kept"})
    assert len(list(exports_root.iterdir())) == 3  # somebody may be writing them

    later = timezone.now() + timedelta(hours=7)
    monkeypatch.setattr(timezone, "now", lambda: later)
    exports.sweep({"kept"})
    assert [path.name for path in exports_root.iterdir()] == ["kept.zip"]


def test_the_folder_is_beside_what_is_served(tmp_path):
    made = settings_with(VAR_DIR=str(tmp_path))
    assert made["EXPORTS_ROOT"] == made["VAR_DIR"] / "exports"
    for served in (made["MEDIA_ROOT"], made["STATIC_ROOT"]):
        assert served not in made["EXPORTS_ROOT"].parents


def test_addresses_are_those_of_the_person_alone(asha, ravi):
    EmailAddress.objects.create(user=ravi, email="ravi@pocket.example", verified=True)
    FormerName.objects.create(name="raviold", person=ravi, left_at=MOMENT, until=MOMENT)
    zipped = zip_of(asha)
    assert data_in(zipped, "accounts-addresses") == []
    assert data_in(zipped, "accounts-former_names") == []
