"""The audit log: one Entry for each deed. Only `audit.trail` writes here.

An Entry is never changed nor deleted: the model refuses, and so does the database (migration
0002). Each carries the hash of the one before, so that `audit.chain` finds what somebody who got
past both has done.

What may name a person stands apart, in Detail. The chain holds only a salted digest of it, so a
Detail can be blanked, once, without breaking the chain; see `audit.trail` for when.
"""

import hashlib
import json
from datetime import UTC
from typing import Self

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pocket.web.keys import uuid7

SYSTEM, VISITOR = "system", "visitor"
PERSONAL = ["actor_name", "target_name", "before", "after", "more", "reason", "address"]
LINKED = ["id", "number", "actor_id", "action", "target_type", "target_id"]
LINKED += ["person_id", "request_id", "erased", "digest", "previous"]


class AppendOnlyError(RuntimeError):
    """The log was to be changed."""


def digest_of(*parts: object) -> str:
    """Digest values that both databases give back as they took them: no floats."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class AppendOnlyQuerySet(models.QuerySet):
    def _refuse(self, *args, **kwargs):
        raise AppendOnlyError("The audit log is only added to, and only by audit.trail.")

    update = delete = _raw_delete = bulk_create = bulk_update = _refuse


class AppendOnly(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("The audit log is only added to.")
        super().save(*args, **kwargs, force_insert=True)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("Nothing is deleted from the audit log.")


class EntryQuerySet(AppendOnlyQuerySet):
    """Newest first, unless told otherwise."""

    def about(self, thing: models.Model) -> Self:
        """What was done to it; of a person also what was done to things of theirs."""
        entries = Q(target_type=type_of(thing), target_id=str(thing.pk))
        if isinstance(thing, get_user_model()):
            entries |= Q(person_id=str(thing.pk))
        return self.filter(entries)

    def by(self, user: models.Model | None) -> Self:
        """What this person did; None: what the site did by itself."""
        return self.filter(actor_id=str(user.pk) if user else SYSTEM)

    def of_action(self, action: str) -> Self:
        """One kind of deed, or with a dot at the end (`accounts.`) all that begin so."""
        if action.endswith("."):
            return self.filter(action__startswith=action)
        return self.filter(action=action)

    def in_words(self) -> Self:
        """With all that a list shows, in one query."""
        return self.select_related("detail")


class Entry(AppendOnly):
    """One deed: who did what to what, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveBigIntegerField(_("number"), unique=True)
    time = models.DateTimeField(_("time"))
    # Keys, not foreign keys: what they name may be gone while the entry stays.
    actor_id = models.CharField(_("actor's key"), max_length=64)
    action = models.CharField(_("action"), max_length=100)
    target_type = models.CharField(_("kind of target"), max_length=100, blank=True)
    target_id = models.CharField(_("target's key"), max_length=200, blank=True)
    person_id = models.CharField(_("key of the person concerned"), max_length=64, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    erased = models.PositiveIntegerField(_("details erased by this deed"), default=0)
    digest = models.CharField(_("digest of the details"), max_length=64)
    previous = models.CharField(_("hash of the entry before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-number"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "number"], name="audit_entry_target"),
            models.Index(fields=["person_id", "number"], name="audit_entry_person"),
            models.Index(fields=["actor_id", "number"], name="audit_entry_actor"),
            models.Index(fields=["action", "number"], name="audit_entry_action"),
            models.Index(fields=["time"], name="audit_entry_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_entry_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"

    def reckon(self) -> str:
        """Compute the hash over everything else in the entry."""
        moment = self.time.astimezone(UTC).isoformat(timespec="microseconds")
        return digest_of(moment, *(str(getattr(self, name)) for name in LINKED))

    @property
    def actor_words(self) -> str:
        """Who did it, in words for people."""
        if self.actor_id == SYSTEM:
            return gettext("the site itself")
        if self.actor_id == VISITOR:
            return gettext("a visitor")
        return self.detail.actor_name or gettext("somebody (name erased)")

    @property
    def target_words(self) -> str:
        """What it was done to, in words for people."""
        if not self.target_type:
            return ""
        return self.detail.target_name or f"{self.target_type} {self.target_id}"


class DetailQuerySet(AppendOnlyQuerySet):
    def kept(self) -> Self:
        return self.filter(erased_in=None)

    def erase(self, *, in_entry: Entry) -> int:
        """Blank them for good, salt included: nobody can try out names against the digest."""
        blank = {name: {} if name in {"before", "after", "more"} else "" for name in PERSONAL}
        return models.QuerySet.update(self.kept(), **blank, salt="", erased_in=in_entry)


class Detail(AppendOnly):
    """What of an entry may name a person. Blank once `erased_in` is set."""

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, related_name="detail", editable=False
    )
    salt = models.CharField(max_length=32, blank=True)
    actor_name = models.CharField(_("actor"), max_length=200, blank=True)
    target_name = models.CharField(_("target"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    more = models.JSONField(_("more"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    address = models.CharField(_("network"), max_length=50, blank=True)
    erased_in = models.ForeignKey(
        Entry, models.DO_NOTHING, null=True, blank=True, related_name="erasures"
    )

    objects = DetailQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = []

    def __str__(self) -> str:
        return str(self.entry_id)

    def reckon(self) -> str:
        return digest_of(self.salt, *(getattr(self, name) for name in PERSONAL))

    @property
    def is_blank(self) -> bool:
        return not self.salt and not any(getattr(self, name) for name in PERSONAL)


class Head(models.Model):
    """The end of the chain, in one row: who holds its lock may add the next entry.

    It also tells when the newest entries are gone, which the chain alone would not.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = []
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_head_is_one")]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def type_of(thing: models.Model) -> str:
    return thing._meta.concrete_model._meta.label_lower
