"""The one face of the search index: `put`, `replace` and `drop` what can be found, and `find` it.

SQLite (FTS5) and Postgres (tsvector) answer alike, in the same order: the words come folded from
`search.words`, and the order is told in SQL that both speak.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.safestring import SafeString

from pocket.web import generation
from search import spelling
from search.kinds import ORDER, Kind
from search.marking import Terms, excerpt, mark
from search.models import Document
from search.words import MAX_LENGTH, MAX_WORD, MAX_WORDS, fold

FEW = 20
ENOUGH = 250  # matches that are looked at from each end, so that a common word costs no more
TOPIC = "search"  # of the pages that show what is found
FIELDS = [
    *("title", "lang", "names", "context", "body", "url", "weight", "from_when", "head", "tail")
]


class Name(NamedTuple):
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing to be found, from `from_when` on if that is given.

    `names` are other spellings; `weight` decides between equals.
    """

    kind: str
    key: str
    title: str
    url: str
    lang: str = ""
    names: Sequence[Name] = ()
    context: str = ""
    body: str = ""
    weight: int = 0
    from_when: datetime | None = None

    def __post_init__(self):
        if self.kind not in ORDER:
            raise ValueError(f"{self.kind!r} is no kind of search.kinds.")
        if not self.url.startswith("/") or self.url.startswith("//"):
            raise ValueError(f"{self.url!r} is not a path of this site.")


@dataclass(frozen=True)
class Hit:
    """A found thing; all that may carry a mark is HTML, escaped."""

    kind: str
    key: str
    url: str
    lang: str
    title: SafeString
    names: list[Name]
    context: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Group:
    """`is_least`: there may be more than `total`, as not every match was looked at."""

    kind: Kind
    total: int
    hits: list[Hit]
    is_least: bool = False

    @property
    def counted(self) -> str:
        return _counted(self.total, self.is_least)


@dataclass(frozen=True)
class Results:
    """Groups, best first; falsy when there are none.

    `read_as` says which words stood in for misspelt ones, as pairs; `loose` that no document has
    all the words, so these have some.
    """

    groups: list[Group] = field(default_factory=list)
    read_as: list[tuple[str, str]] = field(default_factory=list)
    loose: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def counted(self) -> str:
        return _counted(self.total, any(group.is_least for group in self.groups))


def _counted(total: int, is_least: bool) -> str:
    return f"{total}+" if is_least else str(total)


# --- Writing -----------------------------------------------------------------------------------


@transaction.atomic
def put(entries: Iterable[Entry]) -> int:
    """Add or update entries, and return how many differ from what was there."""
    documents = {(entry.kind, entry.key): _document(entry) for entry in entries}
    stored = _stored(documents)
    changed = _write(documents, stored)
    return _done(changed, documents.values(), stored.values())


@transaction.atomic
def replace(kinds: Collection[str], entries: Iterable[Entry]) -> int:
    """Make the entries all there is of these kinds, and return how many came, changed or went."""
    documents = {(entry.kind, entry.key): _document(entry) for entry in entries}
    if strays := {kind for kind, _ in documents} - set(kinds):
        raise ValueError(f"Entries of other kinds: {', '.join(sorted(strays))}.")

    stored = {_name(document): document for document in Document.objects.filter(kind__in=kinds)}
    gone = [document.pk for name, document in stored.items() if name not in documents]
    Document.objects.filter(pk__in=gone).delete()
    return _done(len(gone) + _write(documents, stored))


@transaction.atomic
def drop(kind: str, keys: Collection[str] | None = None) -> int:
    """Forget some entries of a kind, or all of them; return how many there were."""
    documents = Document.objects.filter(kind=kind)
    if keys is not None:
        documents = documents.filter(key__in=keys)
    went = list(documents.only("head", "from_when")) if keys is not None else None
    gone, _ = documents.delete()
    return _done(gone, [], went) if went is not None else _done(gone)


def _name(document: Document) -> tuple[str, str]:
    return document.kind, document.key


def _stored(names: Collection[tuple[str, str]]) -> dict[tuple[str, str], Document]:
    kinds, keys = {kind for kind, _ in names}, {key for _, key in names}
    documents = Document.objects.filter(kind__in=kinds, key__in=keys)
    return {_name(document): document for document in documents}


def _document(entry: Entry) -> Document:
    names = [entry.title, *(name.text for name in entry.names)]
    folded = dict.fromkeys(" ".join(part) for name in names for part in _readings(name))
    head = f"| {' | '.join(folded)} |"
    tail = dict.fromkeys(fold(f"{entry.context} {entry.body}"))
    return Document(
        kind=entry.kind,
        key=entry.key,
        title=entry.title,
        lang=entry.lang,
        names=[[*name] for name in entry.names],
        context=entry.context,
        body=entry.body,
        url=entry.url,
        weight=entry.weight,
        from_when=entry.from_when,
        head=head,
        tail=" ".join(tail),
    )


def _readings(name: str) -> Iterable[list[str]]:
    """Yield the words of a name and, of two or three, all in one: many write Tamilnadu."""
    words = fold(name)
    if words:
        yield words
    if 2 <= len(words) <= 3:
        yield ["".join(words)[:MAX_WORD]]


def _write(documents: dict, stored: dict) -> int:
    changed = [  # in one order, so that two writers never wait for each other's rows
        document
        for name, document in sorted(documents.items(), key=itemgetter(0))
        if name not in stored
        or any(getattr(document, field) != getattr(stored[name], field) for field in FIELDS)
    ]
    Document.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["kind", "key"], update_fields=FIELDS
    )
    return len(changed)


def _done(
    changed: int,
    came: Collection[Document] | None = None,
    went: Collection[Document] = (),
) -> int:
    """Keep the vocabulary true, by these documents if they are few, and the pages that search."""
    if changed:
        if came is None or len(came) + len(went) > FEW:
            spelling.learn()
        else:
            spelling.learn_some(came, went)
        generation.bump(TOPIC)
    return changed


# --- Finding -----------------------------------------------------------------------------------


def find(text: str, *, kinds: Collection[str] = (), per_kind: int = 5) -> Results:
    """Find what has all the words, the last of which may be unfinished.

    Failing that, with one typo in each word; failing that, what has some of them. At most four
    queries, mostly one. With `kinds`, only they are listed, yet every group tells its total.

    Of very many matches, the oldest and the newest entries are looked at, and the oldest of those
    that have the words in their names.
    """
    words = fold(text[:MAX_LENGTH])[:MAX_WORDS]
    if not words:
        return Results()
    asked = [[word] for word in words]
    asked[-1] = [f"{words[-1]}*"]

    if found := _search(asked, kinds=kinds, per_kind=per_kind):
        return Results(found)
    if near := spelling.near(words):
        guessed = [[*near.get(word, []), *terms] for word, terms in zip(words, asked, strict=True)]
        if found := _search(guessed, kinds=kinds, per_kind=per_kind):
            return Results(found, read_as=[(word, others[0]) for word, others in near.items()])
        asked = guessed
    if len(words) > 1 and (found := _search(asked, kinds=kinds, per_kind=per_kind, every=False)):
        return Results(found, loose=True)
    return Results()


def _search(
    asked: list[list[str]], *, kinds: Collection[str], per_kind: int, every: bool = True
) -> list[Group]:
    """Return what has a term of every group in `asked`, or of any. One query."""
    listed = Q(place__lte=per_kind)
    if kinds:
        listed = Q(place=1) | (listed & Q(kind__in=kinds))
    documents = (
        Document.objects.findable()
        .filter(pk__in=_matching(asked, every=every))
        .annotate(score=_score(asked))
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("kind"),
                order_by=[F("score").desc(), F("weight").desc(), F("title").asc(), F("pk").asc()],
            ),
            total=Window(Count("*"), partition_by=F("kind")),
        )
        .filter(listed)
        .order_by("place")
        .defer("head", "tail")
    )
    by_kind: dict[str, list[Document]] = {}
    for document in documents:
        if document.kind not in ORDER:  # of a newer release; asked in SQL, it would be read first
            continue
        by_kind.setdefault(document.kind, []).append(document)

    terms = Terms([term for group in asked for term in group])
    is_least = sum(found[0].total for found in by_kind.values()) >= ENOUGH
    best_first = sorted(by_kind.values(), key=lambda found: _rank(found[0]))
    return [
        Group(
            kind=Kind(found[0].kind),
            total=found[0].total,
            hits=[_hit(d, terms) for d in found] if not kinds or found[0].kind in kinds else [],
            is_least=is_least,
        )
        for found in best_first
    ]


def _rank(document: Document) -> tuple:
    return -document.score, -document.weight, ORDER[document.kind]


def _matching(asked: list[list[str]], *, every: bool) -> RawSQL:
    """Return the primary keys of the matches. Terms are letters, marks and digits: no operators."""
    is_postgres = connection.vendor == "postgresql"
    if is_postgres:
        term, prefix, either, both = "'{}'", "'{}':*", " | ", " & "
    else:
        term, prefix, either, both = '"{}"', '"{}"*', " OR ", " AND "
    groups = [
        either.join((prefix if t.endswith("*") else term).format(t.rstrip("*")) for t in terms)
        for terms in asked
    ]
    query = (both if every else either).join(f"({group})" for group in groups)
    ends, words = [], []
    for part, where in PARTS_POSTGRES if is_postgres else PARTS_SQLITE:
        ends.append(part.format(enough=ENOUGH, far=20 * ENOUGH))
        words.append(where.format(query))
    sql = " UNION ".join(f"SELECT id FROM ({end}) part" for end in ends)  # noqa: S608
    return RawSQL(sql, words)  # noqa: S611 - the words are parameters


# The oldest, the newest, and the oldest of those that have the words in their names.
OLDEST_SQLITE = """
    SELECT rowid AS id FROM search_text WHERE search_text MATCH %s ORDER BY rowid LIMIT {enough}
"""
NEWEST_SQLITE = OLDEST_SQLITE.replace("ORDER BY rowid", "ORDER BY rowid DESC")
PARTS_SQLITE = ((OLDEST_SQLITE, "{}"), (NEWEST_SQLITE, "{}"), (OLDEST_SQLITE, "head : ({})"))
# Postgres would walk the whole table to find few in the order of their keys. Without an order it
# takes the index for few, and whichever rows come first for many; the ends are looked at by keys.
FEW_POSTGRES = "SELECT id FROM search_document WHERE {vector} @@ %s::tsquery LIMIT {{enough}}"
END_POSTGRES = """
    SELECT id FROM search_document WHERE vector @@ %s::tsquery AND id {bound}
    ORDER BY id {order} LIMIT {{enough}}
"""
OLD = "< (SELECT MIN(id) FROM search_document) + {far}"
NEW = "> (SELECT MAX(id) FROM search_document) - {far}"
PARTS_POSTGRES = (
    (END_POSTGRES.format(bound=OLD, order="ASC"), "{}"),
    (END_POSTGRES.format(bound=NEW, order="DESC"), "{}"),
    (FEW_POSTGRES.format(vector="vector"), "{}"),
    (FEW_POSTGRES.format(vector="head_vector"), "{}"),
)


def _score(asked: list[list[str]]):
    """Say how good a match is: a whole name, its beginning, and how many words are in names."""
    phrase = " ".join(terms[0].rstrip("*") for terms in asked)
    score = _worth(100, _in_head(f"| {phrase} |")) + _worth(50, _in_head(f"| {phrase}"))
    for terms in asked:
        here = Q()
        for term in terms:
            here |= Q(_in_head(f" {term[:-1]}" if term.endswith("*") else f" {term} "))
        score += _worth(1, here)
    return score


def _in_head(part: str) -> GreaterThan:
    return GreaterThan(StrIndex("head", Value(part)), 0)


def _worth(points: int, condition) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0))


def _hit(document: Document, terms: Terms) -> Hit:
    names = [Name(mark(text, terms), lang) for text, lang in document.names]
    title, context = mark(document.title, terms), mark(document.context, terms)
    shown = [name for name in names if "<mark>" in name.text] or names[:1]
    is_seen = any("<mark>" in text for text in [title, context, *(name.text for name in shown)])
    return Hit(
        kind=document.kind,
        key=document.key,
        url=document.url,
        lang=document.lang,
        title=title,
        names=shown,
        context=context,
        excerpt=SafeString("") if is_seen else excerpt(document.body, terms),
    )
