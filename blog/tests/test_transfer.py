"""Stories taken along as a zip and brought in again: all or nothing, whatever is in it."""

import io
import struct
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from blog import frontmatter, transfer
from blog.frontmatter import FrontMatterError
from blog.models import Image, Post
from blog.tests.conftest import photo
from blog.tests.factories import draft, story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]

STORY = '---\ntitle: Rain\ndek: "It \\"rains\\"."\ntags:\n  - Rain\n  - मानसून\n---\n\nIt rains.\n'


def zipped(entries: dict, compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def brought(desk, data: bytes):
    return desk.post("/blog/write/import/", {"file": SimpleUploadedFile("a.zip", data)})


def confirmed(desk, answer, **ticks):
    form = {"token": answer.context["token"], **ticks}
    return desk.post("/blog/write/import/now/", form, follow=True)


def test_what_is_taken_along_comes_in_again_as_it_was(desk, editor, media):
    image = Image.take(photo(), by=editor)
    words = {
        "body": f"It rains.\n\n![A roof]({image.path})\n\n---\n\nAnd on.",
        "dek": "एक: “two” # three",
        "tags": ("Rain", "मानसून"),
        "states": ("goa", "kerala"),
        "cover": image.key,
        "cover_alt": "A roof",
        "language": "hi",
    }
    old = story("केरल-की-बारिश", by=editor, days_ago=40, byline="Pocket editors", **words)
    answer = desk.post("/blog/write/export/")
    assert answer["Content-Disposition"].startswith('attachment; filename="pocket-stories-')
    data = b"".join(answer.streaming_content)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["केरल-की-बारिश.md", f"images/{image.key}.webp"]
    assert Entry.objects.filter(action="blog.stories_exported").exists()

    before, out_since = old.content, old.published_at
    old.erase(by=editor)
    plan = brought(desk, data)
    assert plan.status_code == 200
    assert not Post.objects.exists()
    assert "1 story came in." in confirmed(desk, plan, publishes="on").text
    new = Post.objects.get()
    assert new.published_at == out_since
    assert new.author_name == "Pocket editors"
    key = new.cover
    again = new.content.as_data() | {"cover": image.key}
    again["body"] = again["body"].replace(key, image.key)
    assert again == before.as_data()
    assert Image.objects.count() == 2


def test_one_story_is_taken_along(desk, editor):
    draft("rain", by=editor)
    draft("sun", by=editor)
    data = b"".join(desk.post("/blog/rain/export/").streaming_content)
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["rain.md"]


def test_long_indian_addresses_have_names_that_a_disk_takes(desk, editor):
    slugs = ["क" * 119 + end for end in "खग"]
    for slug in slugs:
        draft(slug, by=editor)
    data = b"".join(desk.post("/blog/write/export/").streaming_content)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(set(names)) == 2
    assert max(len(name.encode()) for name in names) < 255
    one = desk.post(f"/blog/{slugs[0]}/export/")
    assert one["Content-Disposition"].count("%E0%A4%95") < 80
    for post in Post.objects.all():
        post.erase(by=editor)
    confirmed(desk, brought(desk, data))
    assert sorted(Post.objects.values_list("slug", flat=True)) == slugs


def test_a_picture_without_its_file_keeps_no_story_here(desk, editor, media):
    image = Image.take(photo(), by=editor)
    draft("rain", by=editor, body=f"![A roof]({image.path})")
    default_storage.delete(image.files[-1])
    data = b"".join(desk.post("/blog/rain/export/").streaming_content)
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["rain.md"]


def test_a_file_written_by_hand_comes_in_as_a_draft(desk):
    confirmed(desk, brought(desk, zipped({"rain.md": STORY})))
    post = Post.objects.get()
    assert (post.title, post.slug, post.dek, post.status) == (
        "Rain",
        "rain",
        'It "rains".',
        "draft",
    )
    assert {tag.name for tag in post.tags.all()} == {"Rain", "मानसून"}


def test_what_has_errors_comes_in_as_a_draft_though_it_was_public(desk):
    text = '---\ntitle: Rain\nstatus: published\npublished_at: "2026-01-02"\n---\n# Loud'
    day = text.replace("2026-01-02", "2026-01-02T08:00:00+05:30")
    confirmed(desk, brought(desk, zipped({"rain.md": day})), publishes="on")
    assert Post.objects.get().status == "draft"


def test_one_wrong_story_keeps_all_out(desk, editor):
    draft("sun", by=editor)
    answer = brought(desk, zipped({"rain.md": STORY, "sun.md": STORY, "a.md": "no head"}))
    assert answer.status_code == 422
    assert "Nothing can come in like this" in answer.text
    assert "Another story has this address" in answer.text
    assert "It needs a title" in answer.text
    assert answer.context["token"] is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: Rain\nstates: [atlantis]\n---\nx", "We have no state atlantis."),
        ("---\ntitle: Rain\nlanguage: xx\n---\nx", "We do not know the language xx."),
        ("---\ntitle: Rain\ntags: ['!']\n---\nx", "cannot be a tag"),
        ("---\ntitle: Rain\n---\n![a](images/none.webp)", "is not in the zip"),
        ("---\ntitle: Rain\n---\n" + "x" * 50_001, "more than 50000 characters"),
        ("---\ntitle: Rain\nnonsense\n---\nx", "Line 3 of its head makes no sense"),
        ("---\ntitle: Rain\n", "Line 1 of its head makes no sense"),
        ("---\ntitle: Rain\ncover: images/a.webp\n---\nx", "is not in the zip"),
        ('---\ntitle: "Rain\\u0000"\n---\nx', "Line 2 of its head makes no sense"),
        ('---\ntitle: "Rain\\ud800"\n---\nx', "Line 2 of its head makes no sense"),
        ("---\ntitle: Rain\n---\nx\0y", "NUL"),
        ("---\ntitle: Rain\nslug: write\n---\nx", "A story cannot have this address"),
    ],
)
def test_each_problem_is_told(desk, text, words):
    answer = brought(desk, zipped({"rain.md": text}))
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "../rain.md",
        "/etc/rain.md",
        "a/../../rain.md",
        "C:\\rain.md",
        "..\\rain.md",
        "folder/rain.md",
        "rain.html",
        "images/x.svg",
        "images/../x.webp",
        "images/a/b.webp",
        "rain\n.md",
        "con:.md",
        "rain\u202emd.md",
    ],
)
def test_odd_names_are_refused(desk, name):
    answer = brought(desk, zipped({"good.md": STORY, name: STORY}))
    assert answer.status_code == 422
    assert "is not wanted" in answer.text


def test_what_systems_leave_in_zips_is_passed_over(desk):
    entries = {"rain.md": STORY, "__MACOSX/._rain.md": "x", ".DS_Store": "x", "images/": ""}
    assert brought(desk, zipped(entries)).status_code == 200


def test_a_link_in_a_zip_is_refused(desk):
    link = zipfile.ZipInfo("rain.md")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is not wanted" in brought(desk, file.getvalue()).text


def test_two_names_that_differ_in_case_alone_are_refused(desk):
    assert "is not wanted" in brought(desk, zipped({"rain.md": STORY, "Rain.md": STORY})).text


def test_a_bomb_is_not_unpacked(desk):
    bomb = zipped({"rain.md": STORY, "images/a.webp": b"\0" * (70 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "Unpacked, it is too large." in brought(desk, bomb).text


def test_a_size_that_lies_is_not_believed(desk):
    data = bytearray(zipped({"rain.md": STORY + " " * 5_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)  # the size that its directory tells
    assert brought(desk, bytes(data)).status_code == 422


def test_too_many_files_are_refused(desk, monkeypatch):
    monkeypatch.setattr(transfer, "MOST_ENTRIES", 3)
    answer = brought(desk, zipped({f"{n}.md": STORY for n in range(4)}))
    assert "more than 3 files" in answer.text


@pytest.mark.parametrize("data", [b"x", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\x1f\x8b\x08"])
def test_what_is_no_zip_is_refused(desk, data):
    answer = brought(desk, data)
    assert answer.status_code == 422
    assert "cannot be read as a zip" in answer.text or "no Markdown file" in answer.text


def test_a_picture_that_is_none_keeps_all_out(desk, files):
    text = "---\ntitle: Rain\n---\n![a](images/a.png)"
    answer = brought(desk, zipped({"rain.md": text, "images/a.png": b"<svg/>"}))
    assert answer.status_code == 422
    assert "cannot be read as a picture" in answer.text
    assert files() == []


def test_if_one_story_fails_nothing_is_left(desk, files, monkeypatch):
    text = "---\ntitle: Rain\n---\n![a](images/a.jpg)"
    plan = brought(desk, zipped({"a.md": STORY, "b.md": text, "images/a.jpg": photo().read()}))
    made = transfer._made
    monkeypatch.setattr(
        transfer, "_made", lambda it, *how: 1 / 0 if it.name == "b.md" else made(it, *how)
    )
    desk.raise_request_exception = False
    assert confirmed(desk, plan).status_code == 500
    assert not Post.objects.exists()
    assert not Image.objects.exists()
    assert [path for path in files() if path.startswith("stories/")] == []


def test_an_address_taken_since_the_dry_run_keeps_all_out(desk, editor, media):
    plan = brought(desk, zipped({"rain.md": STORY, "sun.md": STORY}))
    draft("sun", by=editor)
    assert "Nothing was brought in" in confirmed(desk, plan).text
    assert Post.objects.count() == 1


def test_a_dry_run_is_its_editors_own_and_waits_a_day(desk, client, other, media, monkeypatch):
    plan = brought(desk, zipped({"rain.md": STORY}))
    client.force_login(other)
    assert "waited too long" in confirmed(client, plan).text
    assert not Post.objects.exists()
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    transfer.drop_old()
    assert list(media.rglob("*.zip")) == []


def test_front_matter_is_read_as_it_was_written():
    fields = {"title": 'A: "b" # c\n', "tags": ["a, b", "ç"], "open": True, "none": ""}
    assert frontmatter.read(frontmatter.written(fields, "body\n---\nmore")) == (
        fields,
        "body\n---\nmore",
    )


@pytest.mark.parametrize("head", ["a: 1\na: 2", "[" * 10, "a: " + "x" * 10_001, '"a": b', "- a"])
def test_front_matter_that_is_none_is_told_with_its_line(head):
    with pytest.raises(FrontMatterError):
        frontmatter.read(f"---\n{head}\n---\n")


def test_deep_brackets_break_nothing():
    assert frontmatter.read(f"---\na: {'[' * 5_000}\n---\n")[0].keys() == {"a"}
