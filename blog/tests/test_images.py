"""Pictures of stories: what is taken, how it is shown, when it goes."""

from datetime import timedelta
from io import BytesIO

import feedparser
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow

from accounts.tests.test_pictures import SVG, png_of
from blog import clearing
from blog.models import Draft, Image, Post, ShareLink
from blog.tests.conftest import photo
from blog.tests.factories import content, draft, story
from blog.tests.test_editing import sent
from pocket.testing import HTMX
from states.tests.visiting import visit

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


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


# --- Covers -------------------------------------------------------------------------------------


@pytest.fixture
def covered(kept, editor, media):
    """A story with a cover, and the picture."""
    image = Image.take(photo(size=(2000, 1000)), by=editor)
    words = {"cover": image.key, "cover_alt": "A <roof>", "tags": ["Rain"], "states": ["goa"]}
    return story("rain", by=editor, **words), image


def test_the_cover_is_shown_at_the_head_of_its_story(client, covered):
    _, image = covered
    page = visit(client, "/blog/rain/")
    shown = page.one(".//header//img")
    assert shown.get("src") == f"{image.path}-960.webp"
    assert f"{image.path}-1600.webp 1600w" in shown.get("srcset")
    assert (shown.get("width"), shown.get("height")) == ("960", "480")
    assert shown.get("alt") == "A <roof>"
    assert shown.get("loading") is None  # it is what readers see first


@pytest.mark.parametrize("path", ["", "tag/rain/", "state/goa/", "by/meera/"])
def test_the_cover_is_on_the_cards_of_lists_narrow_and_late(client, covered, path):
    story("bare", tags=["Rain"], states=["goa"], by=covered[0].author)
    [shown] = visit(client, f"/blog/{path}").all(".//article//img")
    assert "480w" in shown.get("srcset")
    assert shown.get("sizes") == "(width > 44rem) 22rem, 100vw"
    told = {name: shown.get(name) for name in ("width", "height", "loading", "alt")}
    assert told == {"width": "960", "height": "480", "loading": "lazy", "alt": "A <roof>"}


def test_many_covers_cost_a_list_one_query(client, covered, django_assert_num_queries):
    client.get("/blog/")
    for number in (1, 4):
        # Next appearance, the page with authors, tags, states, covers, and the years.
        with django_assert_num_queries(6):
            client.get("/blog/")
        for at in range(number):
            other = Image.take(photo(size=(90, 60)), by=covered[0].author)
            story(f"rain-{number}-{at}", cover=other.key, cover_alt="Rain", byline="Pocket")


def test_machines_are_told_of_the_cover(client, covered):
    _, image = covered
    told = visit(client, "/blog/rain/").data["image"]
    assert told == [f"{SITE}{image.path}-960.webp", f"{SITE}/blog/rain/share.png"]
    feed = feedparser.parse(client.get("/blog/feed/").content)
    assert f'src="{SITE}{image.path}-960.webp"' in feed.entries[0].content[0].value


def test_the_picture_for_sharing_shows_the_cover(client, covered, files):
    data = client.get("/blog/rain/share.png").content
    assert len(data) < 400_000
    shared = Pillow.open(BytesIO(data)).convert("RGB")
    assert shared.size == (1200, 630)
    red, green, blue = shared.getpixel((1000, 300))
    assert (abs(red - 30), abs(green - 90), abs(blue - 60)) < (12, 12, 12)
    assert shared.getpixel((5, 5)) == (251, 246, 236)  # paper
    post, image = covered
    for path in image.files:
        default_storage.delete(path)
    post.revise(post.content, version=post.version, by=None)
    assert client.get("/blog/rain/share.png").status_code == 200  # the map instead


def test_who_previews_or_is_shown_a_draft_sees_the_cover(desk, editor, media):
    image = Image.take(photo(), by=editor)
    post = draft("rain", by=editor, cover=image.key, cover_alt="A roof")
    shown = f'src="{image.path}-960.webp"'
    words = sent(post, slug="rain", cover=image.key, cover_alt="A roof")
    preview = desk.post("/blog/rain/edit/preview/", words, headers=HTMX)
    link = ShareLink.make(post, by=editor)
    for answer in (
        preview,
        desk.get("/blog/rain/history/1/"),
        desk.get(link.address.removeprefix(SITE)),
    ):
        assert shown in answer.text


@pytest.mark.parametrize("key", ["\0", "x" * 22, "../../etc/passwd", "x" * 9999])
def test_a_cover_that_nobody_uploaded_is_none(desk, key):
    for path in ("/blog/write/", "/blog/write/preview/"):
        assert desk.post(path, sent(cover=key)).status_code in (200, 302, 422)
    assert desk.post("/blog/write/preview/", sent(cover=key), headers=HTMX).status_code == 200
    assert set(Post.objects.values_list("cover", flat=True)) <= {""}
