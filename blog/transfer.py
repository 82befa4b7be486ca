"""Stories as a zip of Markdown files with their pictures: taken along, and brought in again.

    <slug>.md           front matter and text
    images/<key>.webp   the widest of each picture; the text shows it as ![alt](images/<key>.webp)

Nothing of a zip that somebody brings is unpacked onto the disk, and no size that it tells of itself
is believed.
"""

import io
import logging
import lzma
import re
import secrets
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.pictures import reencoded
from audit import trail
from blog import checklist, frontmatter, images
from blog.content import Content
from blog.frontmatter import FrontMatterError
from blog.images import WIDTHS, Image
from blog.languages import LANGUAGES
from blog.posts import FormerSlug, Post
from pocket.web import slugs
from states.models import State

logger = logging.getLogger("blog.transfer")

MOST_ENTRIES, MOST_PICTURES = 1_000, 100
MOST_BYTES = 20 * 1024 * 1024  # of the zip
MOST_UNPACKED = 60 * 1024 * 1024
MOST_TEXT = 1024 * 1024
LONGEST_NAME = 200  # bytes
CHUNK = 64 * 1024
FOLDER = "imports"  # where a zip waits between the dry run and the deed
KEPT = timedelta(days=1)
PICTURE = re.compile(r"(!\[[^\]]*\]\()(?:\./)?(images/[^)\s]+)")
FORMATS = (".webp", ".jpg", ".jpeg", ".png")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db")


# --- Out ----------------------------------------------------------------------------------------


def exported(posts: Iterable[Post], *, by) -> io.BytesIO:
    """Write these stories into a zip, as they are now; the log says who took them along."""
    made = io.BytesIO()
    shown: set[str] = set()
    count = 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for post in posts:
            content = post.content
            archive.writestr(f"{name_of(post)}.md", _markdown_of(post, content))
            shown.update([content.cover, *images.keys_in(content.body)])
            count += 1
        for image in Image.objects.filter(pk__in=shown):
            try:
                with default_storage.open(image.files[-1]) as file:
                    archive.writestr(f"images/{image.key}.webp", file.read(), zipfile.ZIP_STORED)
            except FileNotFoundError:  # the words can be taken along all the same
                logger.exception("a picture of a story has no file")
    trail.record("blog.stories_exported", target=None, actor=by, stories=count)
    made.seek(0)
    return made


def name_of(post: Post) -> str:
    """Its address, as far as it can be the name of a file: few disks take more than 255 bytes."""
    if len(post.slug.encode()) <= LONGEST_NAME:
        return post.slug
    shown = post.slug.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{shown}-{str(post.pk)[-12:]}"


def _markdown_of(post: Post, content: Content) -> str:
    status = "scheduled" if post.is_scheduled else str(post.status)
    fields = {
        "title": content.title,
        "slug": content.slug,
        "dek": content.dek,
        "language": content.language,
        "tags": list(content.tags),
        "states": list(content.states),
        "cover": f"images/{content.cover}.webp" if content.cover else "",
        "cover_alt": content.cover_alt,
        "author": str(post.author_name),
        "status": status,
        "published_at": post.published_at.isoformat() if post.published_at else "",
    }
    body = images.PATH.sub(r"images/\1.webp", content.body)
    return frontmatter.written(fields, body)


# --- In -----------------------------------------------------------------------------------------


class ImportRefusedError(ValidationError):
    """The zip itself is wrong, in words for whoever sent it."""


@dataclass
class Planned:
    """A story of the zip, and what stands against it."""

    name: str
    content: Content | None = None
    byline: str = ""
    published_at: datetime | None = None  # set where it was out
    pictures: set[str] = field(default_factory=set)  # names in the zip
    problems: list[str] = field(default_factory=list)


@dataclass
class Plan:
    stories: list[Planned]
    pictures: dict[str, bytes]
    problems: list[str] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return (
            bool(self.stories) and not self.problems and not any(it.problems for it in self.stories)
        )


def planned(file: BinaryIO) -> Plan:
    """The dry run: read the whole zip and say what would come of it. It writes nothing."""
    texts, pictures = _unpacked(file)
    stories = [_story(name, text, pictures) for name, text in texts.items()]
    _check_addresses(stories)
    plan = Plan(stories, pictures)
    if not stories:
        plan.problems.append(_("There is no Markdown file in it."))
    for name in sorted(pictures.keys() & set().union(*(it.pictures for it in stories))):
        try:
            reencoded(io.BytesIO(pictures[name]), WIDTHS[:1])
        except ValidationError as error:
            plan.problems.append(f"{name}: {' '.join(error.messages)}")
    return plan


def brought_in(plan: Plan, *, by, publishes: bool) -> list[Post]:
    """Make all the stories, or none. Raises ValidationError if one could not be made.

    Those that were out come out with their day if `publishes`; those with errors in the checklist,
    and all others, are drafts.

    Never inside a transaction: the pictures are made before it, and dropped if it fails.
    """
    if not plan.is_possible:
        raise ValidationError(_("Nothing was brought in: there are problems left."))
    made: dict[str, Image] = {}
    try:
        for name in sorted(set().union(*(it.pictures for it in plan.stories))):
            made[name] = Image.take(io.BytesIO(plan.pictures[name]), by=by)
        with transaction.atomic():
            return [_made(it, made, by, publishes) for it in plan.stories]
    except BaseException as error:
        left = [path for image in made.values() for path in image.files]
        Image.objects.filter(pk__in=[image.pk for image in made.values()]).delete()
        images.remove_files(left)
        if isinstance(error, IntegrityError):
            words = _("Nothing was brought in: somebody took one of the addresses meanwhile.")
            raise ValidationError(words) from error
        raise


def _made(story: Planned, made: dict[str, Image], by, publishes: bool) -> Post:
    content = story.content
    body = PICTURE.sub(lambda found: f"{found[1]}{made[found[2]].path}", content.body)
    cover = made[content.cover].key if content.cover else ""
    data = content.as_data() | {"body": body, "cover": cover}
    byline = story.byline if story.byline != by.display_name else ""
    post = Post.start(Content.of(data), by=by, byline=byline)
    if publishes and story.published_at and not checklist.check(post.content).errors:
        post.publish(version=post.version, by=by, at=story.published_at)
    return post


def _unpacked(file: BinaryIO) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the texts and the pictures by name; refuse whatever else a zip may be."""
    texts, pictures, left = {}, {}, MOST_UNPACKED
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in _entries(archive):
                data = _read(archive, entry, left)
                left -= len(data)
                if entry.filename.lower().endswith(".md"):
                    texts[entry.filename] = data.decode()
                else:
                    pictures[entry.filename] = data
    except UnicodeDecodeError as error:
        raise ImportRefusedError(_("A text in it is not in UTF-8.")) from error
    except UNREADABLE as error:
        raise ImportRefusedError(_("That file cannot be read as a zip.")) from error
    return texts, pictures


def _entries(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ImportRefusedError(
            _("There are more than %(most)s files in it."), params={"most": MOST_ENTRIES}
        )
    seen: set[str] = set()
    number_of_pictures = 0
    for entry in entries:
        name = entry.filename
        if name.startswith(IGNORED) or name.rpartition("/")[2] in IGNORED:
            continue
        if not _is_proper(entry) or name.lower() in seen:
            shown = name[:80].encode("unicode_escape", "replace").decode()
            raise ImportRefusedError(
                _("The file “%(name)s” in it is not wanted."), params={"name": shown}
            )
        if entry.is_dir():
            continue
        seen.add(name.lower())
        number_of_pictures += not name.lower().endswith(".md")
        if number_of_pictures > MOST_PICTURES:
            raise ImportRefusedError(
                _("There are more than %(most)s pictures in it."), params={"most": MOST_PICTURES}
            )
        yield entry


def _is_proper(entry: zipfile.ZipInfo) -> bool:
    """Whether it is a plain file (or folder) with a name that stays where it is."""
    name = entry.filename
    path = PurePosixPath(name)
    mode = entry.external_attr >> 16
    is_plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    is_tame = not (set(name) & set('\\:*?"<>|\0')) and name.isprintable() and len(name) < 400
    stays = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not (is_plain and is_tame and stays) or entry.flag_bits & 1:  # the last: encrypted
        return False
    if entry.is_dir():
        return name == "images/"
    if path.suffix.lower() == ".md":
        return len(path.parts) == 1
    return len(path.parts) == 2 and path.parts[0] == "images" and path.suffix.lower() in FORMATS


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Unpack one file, and stop where it grows too large whatever its header says."""
    most = min(left, MOST_TEXT if entry.filename.lower().endswith(".md") else MOST_BYTES)
    parts, size = [], 0
    with archive.open(entry) as file:
        while part := file.read(CHUNK):
            size += len(part)
            if size > most:
                raise ImportRefusedError(_("Unpacked, it is too large."))
            parts.append(part)
    return b"".join(parts)


def _story(name: str, text: str, pictures: dict[str, bytes]) -> Planned:
    story = Planned(name)
    try:
        fields, body = frontmatter.read(text)
    except FrontMatterError as error:
        words = _("Line %(line)s of its head makes no sense: %(text)s")
        story.problems.append(words % {"line": error.line, "text": error.text})
        return story
    said = {key: value for key, value in fields.items() if isinstance(value, str)}
    title = said.get("title", "").strip()
    slug = slugs.slug_of(said.get("slug", "") or name.removesuffix(".md"))
    content = Content(
        title=title,
        slug=slug,
        dek=said.get("dek", ""),
        body=body,
        language=said.get("language", "en"),
        tags=_listed(fields.get("tags")),
        states=_listed(fields.get("states")),
        cover=said.get("cover", "").removeprefix("./"),
        cover_alt=said.get("cover_alt", ""),
    )
    story.content = content
    story.byline = said.get("author", "").strip()[:80]
    if said.get("status") == "published":
        story.published_at = _moment(said.get("published_at", ""))
    story.pictures = {found[1] for found in PICTURE.findall(body)} | {content.cover} - {""}
    story.problems += _problems(content)
    for missing in sorted(story.pictures - pictures.keys()):
        story.problems.append(_("The picture %(name)s is not in the zip.") % {"name": missing})
    return story


def _listed(value) -> tuple[str, ...]:
    values = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(dict.fromkeys(str(it).strip() for it in values if str(it).strip()))


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    found = found if timezone.is_aware(found) else timezone.make_aware(found)
    return min(found, timezone.now())


def _problems(content: Content) -> Iterator[str]:
    if "\0" in content.body:
        yield _("There is a NUL character in it.")
    if not content.title or len(content.title) > 200:
        yield _("It needs a title of at most 200 characters.")
    if not content.slug:
        yield _("Its address has no letter and no digit.")
    for name, value, most in [
        (_("dek"), content.dek, 300),
        (_("text"), content.body, 50_000),
        (_("words about the cover"), content.cover_alt, 300),
    ]:
        if len(value) > most:
            words = _("Its %(part)s has more than %(most)s characters.")
            yield words % {"part": name, "most": most}
    if content.language not in LANGUAGES:
        yield _("We do not know the language %(code)s.") % {"code": content.language[:40]}
    for tag in content.tags:
        if not slugs.slug_of(tag) or len(tag) > 60:
            yield _("“%(tag)s” cannot be a tag.") % {"tag": tag[:80]}
    if content.cover and not content.cover_alt:
        yield _("Its cover has no words for those who do not see it.")


def _check_addresses(stories: list[Planned]) -> None:
    known = set(State.objects.values_list("slug", flat=True))
    seen: set[str] = set()
    for story in stories:
        if (content := story.content) is None:
            continue
        for slug in content.states:
            if slug not in known:
                story.problems.append(_("We have no state %(slug)s.") % {"slug": slug[:60]})
        if content.slug in seen:
            story.problems.append(_("Another story in the zip has its address."))
        seen.add(content.slug)
        try:
            FormerSlug.check_free(content.slug)
        except ValidationError as error:
            story.problems += error.messages


# --- Between the dry run and the deed -----------------------------------------------------------


def put_aside(file: BinaryIO) -> str:
    """Keep a zip for a day, and return its name."""
    name = secrets.token_urlsafe(16)
    default_storage.save(f"{FOLDER}/{name}.zip", File(file))
    return name


def taken_up(name: str) -> BinaryIO:
    try:
        return default_storage.open(f"{FOLDER}/{name}.zip")
    except FileNotFoundError as error:
        raise ImportRefusedError(_("That zip waited too long. Please send it again.")) from error


def let_go(name: str) -> None:
    images.remove_files([f"{FOLDER}/{name}.zip"])


def drop_old() -> None:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for file in files:
        path = f"{FOLDER}/{file}"
        if default_storage.get_modified_time(path) < timezone.now() - KEPT:
            images.remove_files([path])
