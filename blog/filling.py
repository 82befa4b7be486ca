"""A scratch database full of stories and comments, to see what grows; the same each time.

Rows are poured in past the models, as a million deeds would take a day.
"""

import hashlib
import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import connection, models, transaction

from blog.posts import Post, Tag
from blog.rendering import rendered
from blog.revisions import Revision
from pocket.web import generation
from states.models import State

STARTERS = "Pocket editors"  # whose stories a new site begins with
WRITER = "bench-writer"
MEMBERS = 200
NEWEST = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
APART = timedelta(hours=1)
AT_ONCE = 50_000

COMMON, RARE = "monsoon", "zamorin"  # in every story; in one of them
TAGS = ("Rivers", "Temples", "Tea", "Crafts", "Railways", "Hills", "Sweets", "Forts", "ಹಬ್ಬ", "पर्व")
PLACES = (
    "Kochi",
    "Mysuru",
    "Puri",
    "Leh",
    "Jaipur",
    "Imphal",
    "Panaji",
    "Bhopal",
    "Patna",
    "Surat",
)
THINGS = ("The road", "A morning", "The market", "The ferry", "A kitchen", "The school", "A train")
PARAGRAPHS = 40
VOCABULARY = """
    rain river field hill market boat temple teacher train morning evening rice tea spice weaver
    potter drum lamp forest coast island desert valley bridge road school garden well story song
    letter window door stone water fire harvest festival winter summer light
"""
SHORT, LONG = 20, 5_000  # comments of the second newest story and of the newest


class NotScratchError(Exception):
    """Somebody uses this site."""


@dataclass(frozen=True)
class Filled:
    stories: int
    comments: int


def fill(stories: int, comments: int, tell: Callable[[str], Any] = print) -> Filled:
    """Raises NotScratchError before anything is written, where somebody is or wrote already."""
    check_scratch()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    chance = random.Random(stories)  # noqa: S311 - the same each time is the point
    with transaction.atomic():
        people = make_people()
        posts = pour_stories(stories, people[0], chance)
    tell(f"{stories} stories")
    said = pour_comments(posts, people[1:], shares_of(stories, comments), chance)
    tell(f"{said} comments")
    if "index_stories" in get_commands():
        call_command("index_stories")
    if connection.vendor == "postgresql":  # as its own housekeeping would within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
    generation.bump()
    return Filled(stories, said)


def check_scratch() -> None:
    if get_user_model().objects.exists():
        raise NotScratchError("This site has members.")
    if Post.everything.exclude(byline=STARTERS, author=None).exists():
        raise NotScratchError("This site has stories.")


def make_people() -> list:
    """One who writes, and others who comment."""
    return pour_people(
        dict.fromkeys([WRITER, *(f"bench-reader-{at}" for at in range(MEMBERS))], "")
    )


def pour_people(names: dict[str, str]) -> list:
    """People by user name, each with the name that is shown; nobody can log in."""
    person = get_user_model()
    people = [
        person(
            username=name,
            shown_name=shown,
            email=f"{name}@pocket.example",
            password="!",  # noqa: S106
        )
        for name, shown in names.items()
    ]
    return person.objects.bulk_create(people)


# --- Stories ------------------------------------------------------------------------------------


def pour_stories(count: int, writer, chance: random.Random) -> list[tuple[uuid.UUID, datetime]]:
    """Pour them in, the oldest first; return key and date of each, the newest first."""
    tags = [Tag.called(name) for name in TAGS]
    states = list(State.objects.order_by("pk").only("slug"))
    texts = [paragraph(chance) for _ in range(PARAGRAPHS)]
    made = [rendered(text) for text in texts]
    rare = rendered(f"The {RARE} wrote a letter.")
    posts = [(key(at := NEWEST - APART * number, number), at) for number in range(count)]

    def rows() -> Iterator[dict]:
        for number in range(count - 1, -1, -1):
            pk, at = posts[number]
            parts = [number % PARAGRAPHS, number * 7 % PARAGRAPHS]
            shown = [made[part] for part in parts] + ([rare] if number == count // 2 else [])
            yield {
                "id": pk,
                "title": f"{THINGS[number % 7]} to {PLACES[number % 10]}, {number}",
                "slug": f"bench-{number}",
                "dek": f"What we saw on the way, part {number}.",
                "body": "\n\n".join(texts[part] for part in parts),
                "html": "\n".join(str(it.html) for it in shown),
                "text": "\n".join(it.text for it in shown),
                "published_at": at,
                "changed_at": at,
                "created_at": at,
            }

    constant = {"author_id": writer.pk, "status": Post.Status.PUBLISHED, "live": 1, "newest": 1}
    pour(Post, rows(), **constant)
    oldest_first = list(enumerate(posts))[::-1]
    links = [links_of(number, tags, states) for number, _post in oldest_first]
    revisions = map(revision, rows(), links)
    pour(Revision, revisions, editor_id=writer.pk, number=1)
    keys = [pk for _number, (pk, _at) in oldest_first]
    of_tags = (
        {"post_id": pk, "tag_id": it.pk}
        for pk, (its, _) in zip(keys, links, strict=True)
        for it in its
    )
    of_states = (
        {"post_id": pk, "state_id": it.pk} for pk, (_, it) in zip(keys, links, strict=True)
    )
    pour(Post.tags.through, of_tags)
    pour(Post.states.through, of_states)
    return posts


def paragraph(chance: random.Random) -> str:
    words = [*chance.choices(VOCABULARY.split(), k=40), COMMON]
    return " ".join(words).capitalize() + "."


def links_of(number: int, tags: list[Tag], states: list[State]) -> tuple[set[Tag], State]:
    """One tag of each tenth story and one of each hundredth, and a state."""
    wanted = {tags[number % len(tags)], tags[number // 10 % len(tags)]}
    return wanted, states[number % len(states)]


def revision(row: dict, links: tuple[set[Tag], State]) -> dict:
    tags, state = links
    content = {name: row[name] for name in ("title", "slug", "dek", "body")}
    content |= {"tags": sorted(tag.name for tag in tags), "states": [state.slug]}
    return {"post_id": row["id"], "content": content, "made_at": row["created_at"]}


def key(at: datetime, number: int) -> uuid.UUID:
    """A version 7 UUID that is no chance: its moment, then its number."""
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62 | number)


# --- Comments -----------------------------------------------------------------------------------


def pour_comments(posts: list, members: list, shares: list[int], chance: random.Random) -> int:
    """Give each story its share of comments, the newest story's first; return how many."""
    if not sum(shares):
        return 0
    model = apps.get_model("blog", "Comment")
    said = [
        f"{' '.join(chance.choices(VOCABULARY.split(), k=15)).capitalize()}."
        for _ in range(PARAGRAPHS)
    ]
    prints = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in said]
    authors = [member.pk for member in members]

    def rows() -> Iterator[dict]:
        made = 0
        for (pk, at), share in zip(posts[::-1], shares[::-1], strict=True):
            root = None
            for number in range(share):
                moment = at + timedelta(seconds=30 * (number + 1))
                comment = key(moment, made)
                is_reply = number % 4 == 3  # each fourth answers the one three before it
                root = comment if number % 4 == 0 else root
                yield {
                    "id": comment,
                    "post_id": pk,
                    "parent_id": root if is_reply else None,
                    "thread": root if is_reply else comment,
                    "author_id": authors[made % len(authors)],
                    "body": said[made % PARAGRAPHS],
                    "html": f"<p>{said[made % PARAGRAPHS]}</p>",
                    "fingerprint": prints[made % PARAGRAPHS],
                    "made_at": moment,
                    "shown_at": moment,
                    "answers": 1 if number % 4 == 0 and number + 3 < share else 0,
                }
                made += 1

    pour(model, rows(), status="shown")
    return sum(shares)


def shares_of(stories: int, comments: int) -> list[int]:
    """The newest story gets 5,000, the next one 20, all others the same share of the rest."""
    shares = [0] * stories
    for number, wished in enumerate((LONG, SHORT)[:stories]):
        shares[number] = min(wished, comments)
        comments -= shares[number]
    others = max(0, stories - 2)
    if others:
        each, more = divmod(comments, others)
        shares[2:] = [each + (number < more) for number in range(others)]
    return shares


# --- Pouring ------------------------------------------------------------------------------------


def pour(model: type[models.Model], rows: Iterable[dict], **constant) -> None:
    """Insert rows by the names of their columns; what neither they nor `constant` say is default.

    Every row has the same columns as the first.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for batch in batched(rows, AT_ONCE, strict=False):
        varying = [fields[name] for name in batch[0]]
        same = {
            name: field.get_db_prep_save(constant.get(name, field.get_default()), connection)
            for name, field in fields.items()
            if name not in batch[0] and not isinstance(field, models.AutoField)
        }
        columns = [*(field.column for field in varying), *(fields[name].column for name in same)]
        end = tuple(same.values())
        prepare = [(field.attname, preparing(field)) for field in varying]
        values = (tuple(to(row[name]) for name, to in prepare) + end for row in batch)
        with transaction.atomic(), connection.cursor() as cursor:
            insert(cursor, model._meta.db_table, columns, values)


def preparing(field: models.Field) -> Callable[[Any], Any]:
    """How a value of this column is handed to the database: text needs nothing, and is most."""
    if isinstance(field.target_field if field.is_relation else field, models.UUIDField):
        if connection.features.has_native_uuid_field:
            return lambda value: value
        return lambda value: value and value.hex
    if isinstance(field, models.DateTimeField):  # ours are of UTC
        if connection.vendor == "postgresql":
            return lambda value: value
        return lambda value: value and str(value.replace(tzinfo=None))
    if isinstance(field, models.CharField | models.TextField | models.IntegerField):
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)


def insert(cursor, table: str, columns: list[str], values: Iterable[tuple]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608
