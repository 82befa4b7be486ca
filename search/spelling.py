"""Forgives one typo, in every script and on every database alike.

Each word of a name is kept with all forms that lack one of its characters. A misspelt word loses
one character in turn and meets them: "karnatka" is a form of "karnataka", and "keralla" and
"kerala" share "kerala". One indexed query, whatever the size of the vocabulary. Trigrams, the
usual way on Postgres, know no Indian script there under the C locale and little of short words.
"""

from collections.abc import Iterable

from search.models import Document, Spelling
from search.words import is_correctable, one_typo_apart, shortened

MOST = 5  # corrections of one word


def near(words: Iterable[str]) -> dict[str, list[str]]:
    """Return the known words one typo away from each unknown word, likeliest first. One query."""
    forms = {word: shortened(word) for word in words if is_correctable(word)}
    if not forms:
        return {}
    wanted = set().union(*forms.values())
    known = set(Spelling.objects.filter(form__in=wanted).values_list("word", flat=True))

    found = {}
    for word in forms.keys() - known:
        close = [other for other in known if one_typo_apart(word, other)]
        # Few people get the first letter wrong.
        close.sort(key=lambda other: (other[0] != word[0], abs(len(other) - len(word)), other))
        if close:
            found[word] = close[:MOST]
    return found


def learn_some(came: Iterable[str], went: Iterable[str]) -> None:
    """Add the words of the heads that came; drop those of heads that went, if no other has them.

    For a few heads, whatever the size of the index; for many, `learn` is quicker.
    """
    fresh, gone = _words(came), _words(went)
    known = set(Spelling.objects.filter(word__in=fresh).values_list("word", flat=True))
    _add(fresh - known)
    unused = [
        word
        for word in gone - fresh
        if not Document.objects.filter(head__contains=f" {word} ").exists()
    ]
    Spelling.objects.filter(word__in=unused).delete()


def learn() -> None:
    """Make the vocabulary that of all heads. Reads every head, writes only the difference."""
    # Known first: what another writer commits in between is then new, never taken for gone.
    known = set(Spelling.objects.values_list("word", flat=True).distinct())
    heads = Document.objects.values_list("head", flat=True)
    wanted = _words(heads.iterator())

    Spelling.objects.filter(word__in=known - wanted).delete()
    _add(wanted - known)


def _words(heads: Iterable[str]) -> set[str]:
    return {word for head in heads for word in head.split() if is_correctable(word)}


def _add(words: set[str]) -> None:
    Spelling.objects.bulk_create(
        # Sorted, so that two writers never wait for each other's rows.
        [Spelling(form=form, word=w) for w in sorted(words) for form in sorted(shortened(w))],
        ignore_conflicts=True,
    )
