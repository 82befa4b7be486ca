"""Messages to the people who run the site, with what they answer and note.

A message is a thread. Its sender follows it by an unguessable link; the team works on it by deeds.
The deeds leave entries without a word of the message or the name of its sender in them. Sending
leaves none: who stays anonymous does so in the log as well.
"""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.limits import may_get_mail
from audit import trail
from audit.removal import living
from contact import letters

ANSWER = "contact.answer_message"
MAIL = "contact"  # the kind of mail, see accounts/mails.py
LONGEST_TEXT = 5_000


class OutdatedError(Exception):
    """Somebody else answered since the thread was shown."""


def new_code() -> str:
    return secrets.token_urlsafe(16)


def team() -> models.QuerySet:
    """Everybody who may read messages and answer them."""
    return get_user_model().objects.with_perm(ANSWER).filter(living).order_by("username")


class MessageQuerySet(models.QuerySet):
    def in_box(self, box: str) -> Self:
        """The messages of a status; what is held for a look lies apart until it is closed."""
        if box == HELD:
            return self.exclude(suspicion="").exclude(status=Message.Status.CLOSED)
        held = ~Q(suspicion="") & ~Q(status=Message.Status.CLOSED)
        return self.filter(status=box).exclude(held)

    def counts(self) -> dict[str, int]:
        """How many lie in each box; one query."""
        counts = dict.fromkeys([*Message.Status.values, HELD], 0)
        is_held = ~Q(suspicion="") & ~Q(status=Message.Status.CLOSED)
        rows = self.order_by().values("status").annotate(all=Count("pk"), held=Count("pk", is_held))
        for row in rows:
            counts[row["status"]] = row["all"] - row["held"]
            counts[HELD] += row["held"]
        return counts

    def for_rows(self) -> Self:
        return self.select_related("member", "assigned_to").defer("text")

    @transaction.atomic
    def forget_senders(self, before: datetime) -> int:
        """Erase name and address of what was done before a moment, and say of how many.

        Done is what was closed, or answered and then left alone.
        """
        later = Line.objects.filter(message=OuterRef("pk"), written_at__gte=before)
        is_done = Q(status=Message.Status.CLOSED, closed_at__lt=before)
        is_done |= Q(status=Message.Status.ANSWERED) & ~Exists(later)
        erased = self.filter(is_done, erased_at__isnull=True).update(
            name="", email="", erased_at=timezone.now()
        )
        if erased:
            trail.record("contact.senders_forgotten", target=None, actor=None, count=erased)
        return erased


HELD = "held"


class Message(models.Model):
    """What somebody wrote to us, and how far we are with it."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    class Suspicion(models.TextChoices):
        TRAP = "trap", _("It filled in the field that people do not see.")
        FAST = "fast", _("It was sent faster than a person writes.")
        UNSIGNED = "unsigned", _("Its form was not one of ours.")
        OLD = "old", _("Its form was opened more than a week before.")

    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("message"), max_length=LONGEST_TEXT)
    about = models.CharField(_("page"), max_length=500, blank=True)  # a path of this site
    fact = models.JSONField(null=True, blank=True)  # facts.py
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    suspicion = models.CharField(max_length=10, choices=Suspicion, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # of name and address
    mail_id = models.CharField(max_length=150, blank=True)  # of the receipt, "" if none was sent

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["new", "open", "answered", "closed"]),
                name="contact_message_status",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="contact_message_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", email=""),
                name="contact_message_erased",
            ),
            models.CheckConstraint(
                condition=Q(about="") | Q(about__startswith="/"), name="contact_message_about"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="contact_message_box"),
            models.Index(fields=["member"], name="contact_message_member"),
            models.Index(
                fields=["sent_at", "id"], condition=Q(status="new"), name="contact_message_queue"
            ),
        ]
        default_permissions = ()
        permissions = [("answer_message", "Can read and answer messages")]

    def __str__(self) -> str:
        return f"No. {self.pk}"

    def get_absolute_url(self) -> str:
        """The page of whoever has the link."""
        return reverse("contact:receipt", args=[self.code])

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def sender(self) -> str:
        """Who wrote it, in words for the team."""
        if self.erased_at:
            return _("erased")
        return self.name or (self.member.display_name if self.member else _("anonymous"))

    def answers(self) -> models.QuerySet:
        return self.lines.filter(kind=Line.Kind.ANSWER)

    # --- Deeds ----------------------------------------------------------------------------------
    # But for what is said anew, each returns whether it changed something: twice changes nothing.

    @classmethod
    @transaction.atomic
    def send(cls, *, by, request: HttpRequest | None = None, **written) -> "Message":
        """Keep what somebody wrote, and tell the team and them; what is suspicious tells nobody."""
        message = cls.objects.create(member=by if by and by.pk else None, **written)
        if not message.suspicion:
            message._announce(request)
        return message

    @transaction.atomic
    def trust(self, *, by) -> bool:
        """Say that it is not suspicious: now the team and its sender are told of it."""
        if not self._change(~Q(suspicion=""), suspicion=""):
            return False
        self._record("trusted", by)
        self._announce(None)
        return True

    @transaction.atomic
    def open(self, *, by) -> bool:
        if not self._change(Q(status=self.Status.NEW), status=self.Status.OPEN):
            return False
        self._record("opened", by)
        return True

    @transaction.atomic
    def assign(self, to, *, by) -> bool:
        """Give it to one of the team, or to nobody (None). What was new is open then."""
        if to is not None and not to.has_perm(ANSWER):
            raise ValidationError(_("%(name)s may not answer messages."), params={"name": to})
        is_other = Q(assigned_to__isnull=True) if to else Q(assigned_to__isnull=False)
        if to:
            is_other |= ~Q(assigned_to=to)
        if not self._change(is_other, assigned_to=to):
            return False
        self._record("assigned", by, to=to.username if to else "")
        if to:
            self.open(by=by)
        return True

    @transaction.atomic
    def note(self, text: str, *, by) -> "Line":
        """Write something that the team alone reads."""
        line = self.lines.create(kind=Line.Kind.NOTE, text=text, author=by)
        self._record("noted", by)
        return line

    @transaction.atomic
    def answer(self, text: str, *, by, seen: int) -> "Line":
        """Answer on the sender's page, and by mail where there is an address.

        `seen` is how many answers there were when this one was written: OutdatedError is raised
        where another came between.
        """
        here = Message.objects.select_for_update().get(pk=self.pk)
        if here.suspicion:
            raise ValidationError(_("First say that the message is not suspicious."))
        before = list(here.answers().values_list("mail_id", flat=True))
        if len(before) != seen:
            raise OutdatedError
        mail_id = letters.new_id(here) if here.email else ""
        line = here.lines.create(kind=Line.Kind.ANSWER, text=text, author=by, mail_id=mail_id)
        self._change(Q(), status=self.Status.ANSWERED, closed_at=None)
        self._record("answered", by)
        if here.email:
            thread = [known for known in (here.mail_id, *before) if known]
            letters.send_answer(here, line, thread)
        return line

    @transaction.atomic
    def close(self, *, by) -> bool:
        closed = {"status": self.Status.CLOSED, "closed_at": timezone.now()}
        if not self._change(~Q(status=self.Status.CLOSED), **closed):
            return False
        self._record("closed", by)
        return True

    @transaction.atomic
    def reopen(self, *, by) -> bool:
        done = Q(status__in=[self.Status.ANSWERED, self.Status.CLOSED])
        if not self._change(done, status=self.Status.OPEN, closed_at=None):
            return False
        self._record("reopened", by)
        return True

    @transaction.atomic
    def put_back(self, *, decided: str, lines: int, suspicion: str, by) -> bool:
        """Make it new again, if nothing was done since it was decided; what was said stays said.

        `decided` is the status that the decision led to, `lines` how many there were then.
        """
        Message.objects.select_for_update().get(pk=self.pk)
        as_decided = Q(status=decided, assigned_to__isnull=True)
        new = {"status": self.Status.NEW, "closed_at": None, "suspicion": suspicion}
        if self.lines.count() != lines or not self._change(as_decided, **new):
            return False
        self._record("put_back", by)
        return True

    def _change(self, only_if: Q, **values) -> bool:
        is_changed = bool(Message.objects.filter(only_if, pk=self.pk).update(**values))
        if is_changed:
            for name, value in values.items():
                setattr(self, name, value)
        else:  # somebody was faster
            self.refresh_from_db(fields=list(values))
        return is_changed

    def _record(self, what: str, by, **more) -> None:
        action = f"contact.message_{what}"
        trail.record(action, target=self, actor=by, person=self.member, **more)

    def _announce(self, request: HttpRequest | None) -> None:
        """Tell the sender once, if they want that and are not flooded; and the team."""
        from contact.tasks import tell_team

        if self.email and not self.mail_id and may_get_mail(request, self.email):
            self._change(Q(), mail_id=letters.new_id(self))
            letters.send_receipt(self)
        tell_team.enqueue(self.pk)


class Line(models.Model):
    """What the team added to a thread: an answer for the sender, or a note for themselves."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")
        NOTE = "note", _("note")

    message = models.ForeignKey(Message, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField(max_length=LONGEST_TEXT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    mail_id = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["answer", "note"]), name="contact_line_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"No. {self.message_id}, {self.get_kind_display()}"

    @property
    def is_answer(self) -> bool:
        return self.kind == self.Kind.ANSWER


def forget_old_senders() -> int:
    kept = timedelta(days=settings.CONTACT_KEPT_DAYS)
    return Message.objects.forget_senders(timezone.now() - kept)
