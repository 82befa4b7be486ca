"""Who looks at what waits, and what was decided: by whom, why, and how it was before."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.models import Entry
from blog.bans import MODERATE
from blog.comments import Comment, DecidedError
from blog.moderation_views import first_was
from contact.models import ANSWER, Message

CLAIMED = timedelta(minutes=15)
UNDO_OFFERED = timedelta(seconds=30)


class Thing(models.TextChoices):
    COMMENT = "comment", _("comment")
    MESSAGE = "message", _("message")


PERMISSIONS = {Thing.COMMENT: MODERATE, Thing.MESSAGE: ANSWER}


def things_of(person) -> list[str]:
    """What this person decides about."""
    return [thing.value for thing in Thing if person.has_perm(PERMISSIONS[thing])]


class NotYoursError(Exception):
    """It was decided, or somebody else looks at it; its words say who and what."""


class ClaimQuerySet(models.QuerySet):
    def in_force(self) -> "ClaimQuerySet":
        return self.filter(until__gt=timezone.now())

    def on(self, thing: str, key: str) -> "ClaimQuerySet":
        return self.filter(thing=thing, key=key)


class Claim(models.Model):
    """Somebody looks at it, so that others take the next one; it falls off by itself."""

    thing = models.CharField(max_length=10, choices=Thing)
    key = models.CharField(max_length=36)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["thing", "key"], name="dashboard_claim_once"),
        ]

    def __str__(self) -> str:
        return f"claim on {self.thing} {self.key}"

    @property
    def words(self) -> str:
        until = date_format(timezone.localtime(self.until), "H:i")
        return _now("%(who)s looks at it, until %(until)s at most.") % {
            "who": self.by.username,
            "until": until,
        }

    # --- Deeds ----------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def take(cls, row: Comment | Message, *, by) -> "Claim":
        """Claim it, or go on doing so. Raises NotYoursError where somebody else looks at it."""
        thing, key = row._meta.model_name, str(row.pk)
        until = timezone.now() + CLAIMED
        mine = cls.objects.on(thing, key)
        free = Q(until__lte=timezone.now()) | Q(by=by)
        if not mine.filter(free).update(by=by, until=until):
            try:
                with transaction.atomic():
                    cls.objects.create(thing=thing, key=key, by=by, until=until)
            except IntegrityError:
                raise NotYoursError(mine.select_related("by").get().words) from None
        trail.record("dashboard.claimed", target=row, actor=by)
        return mine.select_related("by").get()

    @classmethod
    @transaction.atomic
    def give_back(cls, row: Comment | Message, *, by) -> bool:
        mine = cls.objects.on(row._meta.model_name, str(row.pk)).filter(by=by)
        if not mine.delete()[0]:
            return False
        trail.record("dashboard.claim_given_back", target=row, actor=by)
        return True


class DecisionQuerySet(models.QuerySet):
    def standing(self) -> "DecisionQuerySet":
        return self.filter(undone_at__isnull=True)

    def just_made(self, by) -> "Decision | None":
        """The one that a person may want back at once."""
        recent = timezone.now() - UNDO_OFFERED
        return self.standing().filter(by=by, at__gte=recent).order_by("-at", "-id").first()


class Decision(models.Model):
    """What somebody decided in the queue. The deeds of comments and messages carry it out."""

    class What(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    thing = models.CharField(max_length=10, choices=Thing)
    key = models.CharField(max_length=36)
    what = models.CharField(max_length=8, choices=What)
    reason = models.TextField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    state = models.JSONField()  # what it takes to undo it
    entry = models.PositiveBigIntegerField(unique=True)  # number of the entry that tells of it
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        default_permissions = []
        indexes = [
            models.Index(fields=["thing", "key"], name="dashboard_decision_of"),
            models.Index(fields=["by", "at"], name="dashboard_decision_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="refused") | ~Q(reason=""), name="dashboard_decision_why"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @property
    def words(self) -> str:
        told = {
            "who": self.by.username if self.by else _now("a deleted member"),
            "when": date_format(timezone.localtime(self.at), "d M Y, H:i"),
            "reason": self.reason,
        }
        if self.what == self.What.REFUSED:
            return _now("%(who)s refused it on %(when)s. Reason: %(reason)s") % told
        return _now("%(who)s approved it on %(when)s.") % told

    def is_open_to(self, person) -> bool:
        return self.undone_at is None and self.thing in things_of(person)

    # --- Deeds ----------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def make(cls, row: Comment | Message, what: str, *, version: int, by, reason="") -> "Decision":
        """Approve or refuse what waits, as its reader saw it; a refusal has a reason.

        Raises NotYoursError where somebody decided it before, or looks at it now.
        """
        thing, key = row._meta.model_name, str(row.pk)
        claims = Claim.objects.on(thing, key)
        if other := claims.in_force().exclude(by=by).select_related("by").first():
            raise NotYoursError(other.words)
        decide = cls._of_comment if thing == Thing.COMMENT else cls._of_message
        state = decide(row, what, version, by, reason)
        claims.delete()
        number = Entry.objects.about(row).by(by).values_list("number", flat=True).first()
        return cls.objects.create(
            thing=thing, key=key, what=what, reason=reason, by=by, state=state, entry=number
        )

    @classmethod
    def _of_comment(cls, comment: Comment, what: str, version: int, by, reason: str) -> dict:
        comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())
        before = comment.as_it_stands()
        try:
            if comment.queued_at is None:
                raise DecidedError(comment)
            if what == cls.What.REFUSED:
                comment.refuse(version=version, by=by, reason=reason)
            elif comment.is_waiting:
                comment.approve(version=version, by=by)
            else:
                comment.dismiss_reports(version=version, by=by)
        except DecidedError as error:
            raise NotYoursError(first_was(error.comment)) from None
        return {"before": before, "version": comment.version}

    @classmethod
    def _of_message(cls, message: Message, what: str, version: int, by, reason: str) -> dict:
        here = Message.objects.select_for_update().get(pk=message.pk)
        if here.status != Message.Status.NEW:
            raise NotYoursError(message_was(here))
        suspicion = here.suspicion
        if what == cls.What.APPROVED:
            here.trust(by=by)
            here.open(by=by)
        else:
            if suspicion:  # who sent it hears nothing
                here.note(reason, by=by)
            else:
                here.answer(reason, by=by, seen=here.answers().count())
            here.close(by=by)
        return {"suspicion": suspicion, "status": here.status, "lines": here.lines.count()}

    @transaction.atomic
    def undo(self, *, by) -> None:
        """Restore what was before. Raises NotYoursError where something happened since."""
        mine = Decision.objects.standing().filter(pk=self.pk)
        if not mine.update(undone_at=timezone.now(), undone_by=by):
            raise NotYoursError(_now("Nothing was changed: this was undone before."))
        since = _now("Nothing was changed: something else was done about it since.")
        if self.thing == Thing.COMMENT:
            comment = Comment.objects.select_related("post").filter(pk=self.key).first()
            if comment is None:
                raise NotYoursError(since)
            try:
                comment.undo_decision(
                    version=self.state["version"], before=self.state["before"], by=by
                )
            except DecidedError:
                raise NotYoursError(since) from None
            return
        message = Message.objects.filter(pk=self.key).first()
        state = self.state
        if message is None or not message.put_back(
            decided=state["status"], lines=state["lines"], suspicion=state["suspicion"], by=by
        ):
            raise NotYoursError(since)


def message_was(message: Message) -> str:
    """Who decided what about a message that is not new any more."""
    made = Decision.objects.standing().filter(thing=Thing.MESSAGE, key=str(message.pk))
    if decision := made.select_related("by").order_by("-id").first():
        words = decision.words
    else:
        words = _now("The message is in the inbox: %(status)s.") % {
            "status": message.get_status_display()
        }
    return _now("Nothing was changed: %(words)s") % {"words": words}
