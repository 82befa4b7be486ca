"""What a person says of themselves, and what of it others see."""

import json
import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from PIL import Image

from accounts import homes
from accounts.models import Profile, User
from accounts.pictures import Picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]

PAGE = "/accounts/profile/"
ANSWERS = {
    "first_name": "Asha",
    "last_name": "Rao",
    "bio": "I walk to the lakes.\r\nAll of them.",
    "home_state": "karnataka",
    "phone": "+91 (98765) 432-10",
    "address": "4 Lake View\r\nBengaluru",
}
SHOWN = {
    f"shows_{name}": "on"
    for name in ("bio", "home_state", "avatar", "real_name", "joined", "passport")
}


@pytest.fixture
def asha():
    return User.objects.create_user("asha", "asha@pocket.example", "a long password of hers")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder of what people upload."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def files_in(media) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def photo(name="me.jpg", kind="JPEG", size=(300, 200), **options) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind, **options)
    return SimpleUploadedFile(name, file.getvalue(), content_type="text/html")


def made(*sizes) -> list[Picture]:
    return [Picture(size, size, size, b"picture %d" % size) for size in sizes]


# --- Filling it in ------------------------------------------------------------------------------


def test_what_is_filled_in_is_kept(asha, sign_in):
    client = sign_in(asha)
    answer = client.post(PAGE, ANSWERS | {"shows_bio": "on"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your profile is saved." in answer.text
    assert "I walk to the lakes." in answer.text
    mine = Profile.objects.get()
    assert (mine.user.first_name, mine.user.last_name) == ("Asha", "Rao")
    assert mine.bio == "I walk to the lakes.\nAll of them."
    assert (mine.home_state, mine.phone) == ("karnataka", "+919876543210")
    assert (mine.shows_bio, mine.shows_home_state, mine.is_indexed) == (True, False, False)


def test_nothing_is_kept_of_who_never_wrote(asha, sign_in):
    assert sign_in(asha).get(PAGE).status_code == 200
    assert Profile.of(asha).bio == ""
    assert not Profile.objects.exists()


def test_a_stranger_is_asked_to_log_in(client):
    for method in (client.get, client.post):
        assert method(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("bio", "x" * 501, "at most 500 characters"),
        ("home_state", "atlantis", "not one of the available choices"),
        ("phone", "call me", "7 to 15 digits"),
        ("phone", "12345", "7 to 15 digits"),
        ("phone", "9" * 16, "7 to 15 digits"),
        ("phone", "98765+43210", "7 to 15 digits"),
        ("phone", "٩٨٧٦٥٤٣٢١٠", "7 to 15 digits"),
        ("first_name", "x" * 151, "at most 150 characters"),
    ],
)
def test_a_wrong_answer_is_named_and_the_others_stay(asha, sign_in, field, value, message):
    answer = sign_in(asha).post(PAGE, ANSWERS | {"last_name": "Raoji", field: value})
    assert answer.status_code == 422
    assert "<title>Error: My profile" in answer.text
    assert message in answer.text
    assert f'href="#id_{field}"' in answer.text
    assert 'value="Raoji"' in answer.text
    assert not Profile.objects.exists()
    asha.refresh_from_db()
    assert asha.last_name == ""


def test_five_hundred_characters_are_counted_as_the_browser_counts(asha, sign_in):
    bio = "\r\n".join(["x" * 249, "y" * 250])  # 500 with one for the line's end
    assert sign_in(asha).post(PAGE, ANSWERS | {"bio": bio}).status_code == 302


def test_two_forms_at_once_do_not_undo_what_they_do_not_hold(asha):
    Profile.of(asha).write(by=asha, bio="First.")
    old = Profile.of(User.objects.get())
    Profile.of(asha).write(by=asha, pictures=made(96, 384))
    old.write(by=asha, bio="Second.")
    mine = Profile.objects.get()
    assert mine.bio == "Second."
    assert mine.avatar


def test_homes_are_the_36(asha, sign_in):
    html = sign_in(asha).get(PAGE).text
    assert '<option value="karnataka">Karnataka</option>' in html
    assert len(homes.all_homes()) == 36
    with pytest.raises(ValidationError, match="no such state"):
        Profile(user=asha, home_state="atlantis").clean_fields()


def test_without_an_app_that_knows_states_there_are_none(monkeypatch):
    monkeypatch.setattr(homes, "_offered", homes._none)
    assert homes.all_homes() == []
    assert homes.called("kerala") is None


def test_the_page_costs_few_queries(asha, sign_in, django_assert_num_queries):
    client = sign_in(asha)
    Profile.of(asha).write(by=asha, bio="Here.", home_state="kerala")
    client.get(PAGE)
    with django_assert_num_queries(4):  # session, person, profile, notices
        client.get(PAGE)


# --- The picture --------------------------------------------------------------------------------


def test_a_picture_is_kept_in_two_sizes_under_a_name_of_chance(asha, sign_in, media):
    answer = sign_in(asha).post(PAGE, ANSWERS | {"avatar": photo()}, follow=True)
    name = Profile.objects.get().avatar
    assert re.fullmatch(r"[\w-]{22}", name)
    assert files_in(media) == [f"avatars/{name}-384.webp", f"avatars/{name}-96.webp"]
    assert f'src="/media/avatars/{name}-96.webp"' in answer.text
    for size in (96, 384):
        with Image.open(media / "avatars" / f"{name}-{size}.webp") as image:
            assert (image.format, image.size) == ("WEBP", (min(size, 200),) * 2)


def test_neither_name_nor_type_of_the_file_counts(asha, sign_in):
    client = sign_in(asha)
    assert client.post(PAGE, ANSWERS | {"avatar": photo("me.exe", "PNG")}).status_code == 302
    svg = SimpleUploadedFile("me.png", b"<svg onload='alert(1)'/>", content_type="image/png")
    assert client.post(PAGE, ANSWERS | {"avatar": svg}).status_code == 422


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Please send a JPEG, PNG or WebP."),
        (photo().read()[:500], "Please send a JPEG, PNG or WebP."),
        (b"\xff\xd8\xff" + b"\0" * 6_000_000, "larger than 5 MB"),
        (b"", "empty"),
    ],
)
def test_a_bad_file_is_named_by_its_field_and_the_form_stays(asha, sign_in, media, data, message):
    file = SimpleUploadedFile("me.jpg", data, content_type="image/jpeg")
    answer = sign_in(asha).post(PAGE, ANSWERS | {"avatar": file})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'href="#id_avatar"' in answer.text
    assert "I walk to the lakes." in answer.text
    assert not Profile.objects.exists()
    assert files_in(media) == []


def test_a_new_picture_takes_the_place_of_the_old(
    asha, sign_in, media, django_capture_on_commit_callbacks
):
    client = sign_in(asha)
    client.post(PAGE, ANSWERS | {"avatar": photo()})
    first = files_in(media)
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(PAGE, ANSWERS | {"avatar": photo(size=(50, 50))})
        assert set(first) < set(files_in(media))  # until the change is committed
    for callback in callbacks:
        callback()
    assert len(files_in(media)) == 2
    assert not set(first) & set(files_in(media))


def test_a_picture_can_be_removed(asha, sign_in, media, django_capture_on_commit_callbacks):
    client = sign_in(asha)
    assert "Remove my picture" not in client.get(PAGE).text
    client.post(PAGE, ANSWERS | {"avatar": photo()})
    assert "Remove my picture" in client.get(PAGE).text
    client.post(PAGE, ANSWERS)
    assert Profile.objects.get().avatar
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PAGE, ANSWERS | {"drops_avatar": "on"})
    assert Profile.objects.get().avatar == ""
    assert files_in(media) == []


def test_no_file_is_left_when_the_row_fails(asha, media, monkeypatch):
    Profile.of(asha).write(by=asha, pictures=made(96, 384))
    before = files_in(media)

    def fail(*args, **kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Profile.objects, "update_or_create", fail)
    with pytest.raises(DatabaseError):
        Profile.of(asha).write(by=asha, pictures=made(96, 384))
    assert files_in(media) == before


def test_no_file_is_left_when_the_second_cannot_be_written(asha, media, monkeypatch):
    save = default_storage.save

    def full(path, content):
        if "384" in path:
            (media / path).write_bytes(b"half")
            raise OSError("no space left")
        return save(path, content)

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="no space"):
        Profile.of(asha).write(by=asha, pictures=made(96, 384), bio="Lost.")
    assert files_in(media) == []
    assert not Profile.objects.exists()


def test_a_file_that_cannot_be_removed_stops_nobody(
    asha, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    Profile.of(asha).write(by=asha, pictures=made(96, 384))

    def refuse(path):
        raise PermissionError("read-only")

    monkeypatch.setattr(default_storage, "delete", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        Profile.of(asha).write(by=asha, drops_avatar=True)
    assert Profile.objects.get().avatar == ""
    assert "could not be removed" in caplog.text


def test_a_picture_is_served_as_nothing_but_a_picture(asha, client):
    Profile.of(asha).write(by=asha, pictures=made(96, 384))
    address = f"/media/avatars/{Profile.objects.get().avatar}-96.webp"
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert b"".join(answer.streaming_content) == b"picture 96"
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.has_header("Content-Encoding")
    assert not answer.cookies
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/media/",
        "/media/avatars/",
        "/media/avatars/NAME",
        "/media/avatars/NAME.webp",
        "/media/avatars/NAME-97.webp",
        "/media/avatars/NAME-96.png",
        "/media/avatars/NAME-96.webp/",
        "/media/avatars/NAME-96.webp%0a",
        "/media/avatars/../avatars/NAME-96.webp",
        "/media/avatars/..%2fsecret_key-96.webp",
        "/media/avatars/0000000000000000000000-96.webp",
    ],
)
def test_nothing_else_is_served(asha, client, address):
    Profile.of(asha).write(by=asha, pictures=made(96, 384))
    address = address.replace("NAME", Profile.objects.get().avatar)
    assert client.get(address).status_code == 404


def test_a_body_that_no_form_takes_is_cut_off_before_it_is_read(door):
    class Body(BytesIO):
        def read(self, *args):
            pytest.fail("it was read")

    huge = {
        "CONTENT_LENGTH": str(200 * 1024 * 1024),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Body(),
    }
    answer = door(PAGE, "POST", **huge)
    assert answer.status == 413
    assert "larger than this site accepts" in answer.text


# --- The public page ----------------------------------------------------------------------------


def filled(asha, **changes) -> Profile:
    asha.date_joined = asha.date_joined.replace(year=2024, month=3, day=9)
    asha.save()
    mine = Profile.of(asha)
    mine.write(
        by=asha,
        first_name="Asha",
        last_name="Rao",
        bio="I walk to the <lakes>.",
        home_state="karnataka",
        phone="+919876543210",
        address="4 Lake View",
        pictures=made(96, 384),
        **changes,
    )
    return mine


PARTS = {
    "shows_bio": "I walk to the &lt;lakes&gt;.",
    "shows_home_state": '<a href="/states/karnataka/">Karnataka</a>',
    "shows_avatar": "/media/avatars/",
    "shows_real_name": "Asha Rao",
    "shows_joined": "March 2024",
}


def test_at_first_others_see_the_name_alone(asha, client):
    filled(asha)
    html = client.get("/people/asha/").text
    assert "<h1>asha</h1>" in html
    for part in PARTS.values():
        assert part not in html


@pytest.mark.parametrize("switch", PARTS)
def test_each_switch_shows_its_part_and_no_other(asha, client, switch):
    filled(asha, **{switch: True})
    html = client.get("/people/asha/").text
    assert [name for name, part in PARTS.items() if part in html] == [switch]


def test_phone_and_address_are_never_shown(asha, client):
    filled(asha, **dict.fromkeys(PARTS, True), is_indexed=True)
    html = client.get("/people/asha/").text
    assert "9876543210" not in html
    assert "Lake View" not in html
    assert "asha@pocket.example" not in html


def test_search_engines_stay_out_until_they_are_let_in(asha, client):
    filled(asha, **dict.fromkeys(PARTS, True))
    html = client.get("/people/asha/").text
    assert '<meta name="robots" content="noindex">' in html
    assert "ld+json" not in html

    Profile.of(User.objects.get()).write(by=asha, is_indexed=True)
    html = client.get("/people/asha/").text
    assert "noindex" not in html
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert told["@type"] == "Person"
    assert told["name"] == "Asha Rao"
    assert told["url"] == "http://127.0.0.1:8000/people/asha/"
    assert told["description"] == "I walk to the <lakes>."
    assert told["homeLocation"] == "Karnataka"
    assert told["image"].endswith("-384.webp")


def test_what_is_not_shown_is_not_told_to_machines_either(asha, client):
    filled(asha, is_indexed=True)
    html = client.get("/people/asha/").text
    told = json.loads(re.search(r"ld\+json\">(.*?)</script>", html)[1])
    assert told.keys() == {"@context", "@type", "name", "alternateName", "url"}
    assert told["name"] == "asha"


def test_any_case_of_letters_leads_to_the_one_address(asha, client):
    answer = client.get("/people/ASHA/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/asha/")


def test_nobody_and_the_inactive_are_alike(asha, client):
    asha.is_active = False
    asha.save()
    gone, nobody = client.get("/people/asha/"), client.get("/people/ravi/")
    assert (gone.status_code, nobody.status_code) == (404, 404)
    assert "There is nobody of that name here." in gone.text
    nameless = [re.sub(r"<code>.*?</code>|next=[^>]+", "", it.text) for it in (gone, nobody)]
    assert nameless[0] == nameless[1]


def test_a_stranger_gets_no_cookie_and_no_cache_may_keep_the_page(asha, client):
    answer = client.get("/people/asha/")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_the_person_is_told_that_this_is_what_others_see(asha, sign_in, client):
    assert "what others see" not in client.get("/people/asha/").text
    assert "what others see" in sign_in(asha).get("/people/asha/").text


def test_the_public_page_costs_one_query(asha, client, django_assert_num_queries):
    filled(asha, **dict.fromkeys(PARTS, True))
    client.get("/people/asha/")
    with django_assert_num_queries(1):
        client.get("/people/asha/")


def test_the_shown_name_goes_before_the_user_name(asha):
    asha.shown_name = "आशा"
    assert Profile(user=asha).name == "आशा"


def test_the_sitemap_names_those_who_let_search_engines_in(asha, client, settings):
    listed = "<loc>http://127.0.0.1:8000/people/asha/</loc>"
    profile = Profile.objects.create(user=asha)
    assert listed not in client.get("/sitemap.xml").content.decode()
    profile.is_indexed = True
    profile.save()
    assert client.get("/sitemap.xml").content.decode().count(listed) == 1
    settings.VERIFY_EMAIL = True
    assert listed not in client.get("/sitemap.xml").content.decode()
    for address in ("asha@pocket.example", "a2@pocket.example"):
        asha.emailaddress_set.create(email=address, verified=True)
    assert client.get("/sitemap.xml").content.decode().count(listed) == 1
    User.objects.create_superuser("root", "root@pocket.example")
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert listed not in client.get("/sitemap.xml").content.decode()
