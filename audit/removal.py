"""Removing what people may want back: the row stays, with when, by whom and why.

Around it:

- `objects`, the default manager, and so every related manager (`post.comments`) and every form's
  check for uniqueness see the living; `everything` sees all.
- A foreign key still leads to what was removed (Django's base manager): the comment of a removed
  story can tell whose it was. What a reader may see, a view asks of `objects`.
- A value that must be unique among the living only:
  `UniqueConstraint(fields=["slug"], condition=living, name=…)`; `unique=True` counts the removed.
- A model with words of its own: `objects = Living.from_queryset(PostQuerySet)()` first, then
  `everything = models.Manager.from_queryset(PostQuerySet)()`.
- In the back room: `audit.admin.RemovableAdmin`.
- `delete()` still deletes, for when erasing is meant.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail

living = Q(removed_at__isnull=True)


class Living(models.Manager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(living)


class Removable(models.Model):
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removed_why = models.TextField(_("why it was removed"), blank=True, editable=False)

    objects = Living()
    everything = models.Manager()  # noqa: DJ012 - a manager

    class Meta:
        abstract = True

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    def whose(self) -> models.Model | None:
        """Return the person it belongs to, whose audit log then tells of it; for models to say."""
        return None

    @transaction.atomic
    def remove(
        self, *, by: models.Model | None, why: str = "", request: HttpRequest | None = None
    ) -> bool:
        """Take it from the living. Returns whether it was among them: twice changes nothing.

        Only the three fields are written, by one UPDATE: `save()` is not called.
        """
        removal = {"removed_at": timezone.now(), "removed_by": by, "removed_why": why}
        if not self._change(living, removal):
            return False
        self._record("removed", by, why, request)
        return True

    @transaction.atomic
    def restore(
        self, *, by: models.Model | None, why: str = "", request: HttpRequest | None = None
    ) -> bool:
        """Bring it back; returns whether it was away.

        Raises ValidationError when something living has taken its place meanwhile, as a constraint
        of the model sees it.
        """
        before = self.removed_at
        self.removed_at = None
        try:
            self.validate_constraints()
        finally:
            self.removed_at = before
        if not self._change(~living, {"removed_at": None, "removed_by": None, "removed_why": ""}):
            return False
        self._record("restored", by, why, request)
        return True

    def _change(self, only_if: Q, values: dict) -> bool:
        rows = type(self).everything.filter(only_if, pk=self.pk)
        is_changed = bool(rows.update(**values))
        if is_changed:
            for name, value in values.items():
                setattr(self, name, value)
        elif type(self).everything.filter(pk=self.pk).exists():  # somebody was faster
            self.refresh_from_db(fields=list(values))
        return is_changed

    def _record(self, what: str, by, why: str, request: HttpRequest | None) -> None:
        action = f"{self._meta.app_label}.{self._meta.model_name}_{what}"
        trail.record(
            action, target=self, actor=by, person=self.whose(), reason=why, request=request
        )
