"""What can be found. Only `search.index` and `search.spelling` write here.

The full-text index itself is the database's own (see migration 0002) and follows every change of
a Document by trigger on SQLite and as a generated column on Postgres.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.words import MAX_LENGTH


class DocumentQuerySet(models.QuerySet):
    def findable(self) -> "DocumentQuerySet":
        """What may be found now."""
        return self.filter(already())


def already() -> Q:
    return Q(from_when__isnull=True) | Q(from_when__lte=timezone.now())


class Document(models.Model):
    """One thing worth finding, as the app that owns it handed it down."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    title = models.TextField()
    lang = models.CharField(max_length=35, blank=True, help_text=_("Of the title, if not ours."))
    names = models.JSONField(default=list, help_text=_("Other names: pairs of text and language."))
    context = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.TextField()
    weight = models.SmallIntegerField(default=0)
    from_when = models.DateTimeField(null=True)  # not found before
    # Folded words. The head's names stand between bars: "| tamil nadu | tamilnadu |".
    head = models.TextField(editable=False)
    tail = models.TextField(editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_document_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Spelling(models.Model):
    """A word of a head under each form that one missing character gives it."""

    pk = models.CompositePrimaryKey("form", "word")
    form = models.CharField(max_length=64)
    word = models.CharField(max_length=64, db_index=True)
    from_when = models.DateTimeField(null=True)  # when the first head with it may be found

    def __str__(self) -> str:
        return f"{self.form}: {self.word}"


class MissedSearch(models.Model):
    """Folded words that found nothing, and how often on a day; `search.missed` writes here."""

    day = models.DateField(_("day"))
    words = models.CharField(_("words"), max_length=MAX_LENGTH)
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "words"], name="search_missed_once"),
        ]
        default_permissions = ["view"]
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")

    def __str__(self) -> str:
        return self.words
