"""Forgives one typo, in every script and on every database alike.

Each word of a name is kept with all forms that lack one of its characters. A misspelt word loses
one character in turn and meets them: "karnatka" is a form of "karnataka", and "keralla" and
"kerala" share "kerala". One indexed query, whatever the size of the vocabulary. Trigrams, the
usual way on Postgres, know no Indian script there under the C locale and little of short words.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from search.models import Document, Spelling, already
from search.words import is_correctable, one_typo_apart, shortened

MOST = 5  # corrections of one word

Moments = dict[str, datetime | None]  # of words: when they may be used first, None: they may


def near(words: Iterable[str]) -> dict[str, list[str]]:
    """Return the known words one typo away from each unknown word, likeliest first. One query.

    What no document has that may be found yet is not known.
    """
    forms = {word: shortened(word) for word in words if is_correctable(word)}
    if not forms:
        return {}
    wanted = set().union(*forms.values())
    spellings = Spelling.objects.filter(already(), form__in=wanted)
    known = set(spellings.values_list("word", flat=True))

    found = {}
    for word in forms.keys() - known:
        close = [other for other in known if one_typo_apart(word, other)]
        # Few people get the first letter wrong.
        close.sort(key=lambda other: (other[0] != word[0], abs(len(other) - len(word)), other))
        if close:
            found[word] = close[:MOST]
    return found


def learn_some(came: Iterable[Document], went: Iterable[Document]) -> None:
    """Bring the words of documents that came, changed or went to what the index has of them now.

    For a few, whatever the size of the index; for many, `learn` is quicker.
    """
    fresh = _words((document.head, document.from_when) for document in came)
    old = _words((document.head, document.from_when) for document in went)
    known = dict(Spelling.objects.filter(word__in=fresh).values_list("word", "from_when"))
    wanted: Moments = {}
    gone = set()
    for word in fresh.keys() | old.keys():
        if word in fresh and (fresh[word] is None or word not in old):
            wanted[word] = _earlier(fresh[word], known[word]) if word in known else fresh[word]
            continue
        # It went, or may be used only later now: others may have it still.
        having = Document.objects.filter(head__contains=f" {word} ")
        if having.findable().exists():
            wanted[word] = None
        elif first := having.aggregate(first=Min("from_when"))["first"]:
            wanted[word] = first
        else:
            gone.add(word)
    Spelling.objects.filter(word__in=gone).delete()
    _write(wanted, known | {word: old[word] for word in old.keys() - fresh.keys()})


def learn() -> None:
    """Make the vocabulary that of all heads. Reads every head, writes only the difference."""
    # Known first: what another writer commits in between is then new, never taken for gone.
    known = dict(Spelling.objects.values_list("word", "from_when").distinct())
    heads = Document.objects.values_list("head", "from_when")
    wanted = _words(heads.iterator())

    Spelling.objects.filter(word__in=known.keys() - wanted.keys()).delete()
    _write(wanted, known)


def _words(heads: Iterable[tuple[str, datetime | None]]) -> Moments:
    now = timezone.now()
    found: Moments = {}
    for head, moment in heads:
        moment = moment if moment and moment > now else None
        for word in head.split():
            if word not in found:
                if is_correctable(word):
                    found[word] = moment
            else:
                found[word] = _earlier(found[word], moment)
    return found


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else None


def _write(wanted: Moments, known: Moments) -> None:
    new = {word: moment for word, moment in wanted.items() if known.get(word, word) != moment}
    Spelling.objects.bulk_create(
        # Sorted, so that two writers never wait for each other's rows.
        [
            Spelling(form=form, word=word, from_when=moment)
            for word, moment in sorted(new.items(), key=lambda it: it[0])
            for form in sorted(shortened(word))
        ],
        update_conflicts=True,
        unique_fields=["form", "word"],
        update_fields=["from_when"],
    )
