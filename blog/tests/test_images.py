"""Pictures of stories: what is taken, how it is shown, when it goes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.tests.test_pictures import SVG, png_of
from blog import clearing
from blog.models import Draft, Image, Post
from blog.tests.conftest import photo
from blog.tests.factories import content, draft, story
from blog.tests.test_editing import sent

pytestmark = pytest.mark.django_db


def uploaded(desk, file) -> object:
    return desk.post("/blog/write/images/", {"picture": file})


def test_a_picture_is_kept_in_three_widths_without_what_the_camera_wrote(desk, files):
    answer = uploaded(desk, photo(size=(2000, 1000)))
    key = Image.objects.get().key
    assert answer.json() == {"path": f"/media/stories/{key}"}
    assert files() == sorted(f"stories/{key}-{width}.webp" for width in (480, 960, 1600))


def test_a_small_picture_is_never_blown_up(editor, files):
    image = Image.take(photo(size=(700, 350)), by=editor)
    assert image.sizes == [[480, 480, 240], [960, 700, 350]]
    assert len(files()) == 2
    tiny = Image.take(photo(size=(90, 60)), by=editor)
    assert (tiny.shown.srcset, tiny.shown.width) == ("", 90)


def test_a_story_shows_it_with_widths_size_and_late(desk, editor, media):
    image = Image.take(photo(size=(2000, 1000)), by=editor)
    post = draft("rain", by=editor, body=f"![A roof in the rain]({image.path})")
    assert (
        f'<img src="{image.path}-960.webp" srcset="{image.path}-480.webp 480w, '
        f'{image.path}-960.webp 960w, {image.path}-1600.webp 1600w" '
    ) in post.html
    for told in ('alt="A roof in the rain"', 'width="960"', 'height="480"', 'loading="lazy"'):
        assert told in post.html


def test_it_is_served_like_the_avatars(client, editor, media):
    image = Image.take(photo(), by=editor)
    answer = client.get(f"{image.path}-480.webp")
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    for path in (f"{image.path}-481.webp", f"{image.path}", f"/media/stories/{'b' * 22}-480.webp"):
        assert client.get(path).status_code == 404


POLYGLOT = b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("rain.svg", SVG, "cannot be read as a picture"),
        ("rain.jpg", SVG, "cannot be read as a picture"),
        ("rain.gif", POLYGLOT, "cannot be read as a picture"),
        ("rain.png", b"", "empty"),
        ("rain.png", png_of(20_000, 20_000).getvalue(), "40 megapixels"),
        ("rain.pdf", b"%PDF-1.7", "cannot be read as a picture"),
        ("rain.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (5 * 1024 * 1024), "larger than 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_form_kept(desk, files, name, data, words):
    answer = desk.post("/blog/write/", sent(cover_file=SimpleUploadedFile(name, data)))
    assert answer.status_code == 422
    assert words in answer.text
    assert "**Rain** **Rain**" in answer.text
    if data:
        answer = uploaded(desk, SimpleUploadedFile(name, data))
        assert answer.status_code == 422
        assert words in answer.json()["error"]
    assert files() == []


def test_a_picture_with_a_page_in_its_tail_comes_out_without(desk, media):
    file = BytesIO(photo().read() + b"PK\x03\x04<script>alert(1)</script>")
    uploaded(desk, SimpleUploadedFile("rain.jpg", file.getvalue()))
    for path in media.rglob("*.webp"):
        assert b"script" not in path.read_bytes()


def test_who_sends_too_many_is_asked_to_wait(desk, media, monkeypatch):
    monkeypatch.setattr("pocket.web.limits.Limit.take", lambda self, *whose: 42)
    answer = uploaded(desk, photo())
    assert answer.status_code == 429
    assert "wait 42 seconds" in answer.json()["error"]


# --- When they go -------------------------------------------------------------------------------


def test_after_thirty_days_in_the_bin_a_story_goes_with_its_files(
    editor, files, django_capture_on_commit_callbacks
):
    own, shared = (Image.take(photo(), by=editor) for _ in range(2))
    post = draft("rain", by=editor, body=f"![a]({own.path}) ![b]({shared.path})")
    draft("sun", by=editor, body=f"![b]({shared.path})")
    post.remove(by=editor)
    with django_capture_on_commit_callbacks(execute=True):
        assert clearing.empty_bin() == 0
    Post.everything.filter(pk=post.pk).update(removed_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert clearing.empty_bin() == 1
    assert [it.slug for it in Post.everything.all()] == ["sun"]
    assert list(Image.objects.all()) == [shared]
    assert all(shared.key in path for path in files())


def test_an_old_revision_keeps_its_picture(editor, media):
    image = Image.take(photo(), by=editor)
    post = draft("rain", by=editor, body=f"![a]({image.path})")
    post.revise(content("rain"), version=1, by=editor)
    Image.objects.update(made_at=timezone.now() - timedelta(days=99))
    assert clearing.drop_forgotten_images() == 0


def test_a_picture_of_no_story_goes_after_a_month_unless_a_draft_has_it(
    editor, files, django_capture_on_commit_callbacks
):
    wanted, forgotten = (Image.take(photo(), by=editor) for _ in range(2))
    words = {"body": f"![a]({wanted.path})", "cover": ""}
    Draft.keep(None, by=editor, form="a" * 22, typed=words, version=0)
    assert clearing.drop_forgotten_images() == 0
    Image.objects.update(made_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert clearing.drop_forgotten_images() == 1
    assert list(Image.objects.all()) == [wanted]
    assert all(wanted.key in path for path in files())
    assert forgotten.key not in str(files())


def test_a_picture_that_cannot_be_noted_leaves_no_file(editor, files, monkeypatch):
    monkeypatch.setattr(Image, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Image.take(photo(), by=editor)
    assert files() == []


def test_many_pictures_cost_one_query(editor, media, django_assert_num_queries):
    from blog.rendering import rendered

    paths = [Image.take(photo(size=(90, 60)), by=editor).path for _ in range(3)]
    with django_assert_num_queries(1):
        rendered("\n".join(f"![a]({path})" for path in paths * 50))
    with django_assert_num_queries(0):
        rendered("no picture")


def test_a_story_that_is_out_keeps_its_pictures_public(client, editor, media):
    image = Image.take(photo(), by=editor)
    story("rain", by=editor, body=f"![a]({image.path})", days_ago=1)
    answer = client.get(f"{image.path}-960.webp")
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
