"""What readers say to a story, one level deep, and what becomes of it.

A thread is read in the order of (`thread`, `id`): each comment with the replies to it below, the
oldest first. Keys sort by time.
"""

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.names import BLANKS
from audit import trail
from blog import comment_judging, comment_news
from blog.bans import MODERATE, Ban
from blog.comment_judging import Waits
from blog.posts import Post
from pocket.web import generation, keyset, markdown
from pocket.web.keys import uuid7
from pocket.web.keyset import KeysetPage, keyset_page
from pocket.web.limits import Limit

LONGEST = 5_000  # characters
EDITABLE = timedelta(minutes=15)
CLAIMED = timedelta(minutes=10)
MOST_COUNTED = 1_000
ON_A_PAGE = 50
ORDER = ("thread", "id")
QUEUE = ("queued_at", "id")

COMMENTS = Limit("comment", 10, 10 * 60)
EDITS = Limit("comment-edit", 20, 10 * 60)
REPORTS = Limit("report", 20, 60 * 60)


class DecidedError(Exception):
    """The comment is not as the moderator saw it; `comment` is how it is now."""

    def __init__(self, comment: "Comment") -> None:
        super().__init__(f"{comment.pk} is at version {comment.version}.")
        self.comment = comment


class CommentQuerySet(models.QuerySet):
    def knowing_bans(self):
        return self.annotate(
            is_banned=Exists(Ban.objects.in_force().filter(person=OuterRef("author")))
        )

    def shown(self):
        """What everybody may read now."""
        return self.knowing_bans().filter(status=Comment.Status.SHOWN, is_banned=False)

    def listed(self):
        """What is shown, and what leaves a gap because somebody answered it."""
        is_shown = Q(status=Comment.Status.SHOWN, is_banned=False)
        return self.knowing_bans().filter(is_shown | Q(parent__isnull=True, answers__gt=0))

    def visible_to(self, person):
        """All of one's own but what was removed; for who moderates, everything."""
        if person.has_perm(MODERATE):
            return self.knowing_bans()
        is_seen = Q(status=Comment.Status.SHOWN, is_banned=False)
        if person.is_authenticated:
            is_seen |= Q(author=person.pk) & ~Q(status=Comment.Status.REMOVED)
        return self.knowing_bans().filter(is_seen)

    def for_thread(self):
        """What a thread shows of each, and no more."""
        author = ("username", "shown_name", "is_active", "removed_at")
        return self.select_related("author").only(
            *("post", "parent", "thread", "html", "made_at", "edited_at", "status", "answers"),
            *(f"author__{name}" for name in author),
        )

    def by(self, person):
        return self.filter(author=person)

    def unseen(self):
        """What its author alone sees, with the reason."""
        return self.filter(status__in=[Comment.Status.WAITING, Comment.Status.REFUSED])

    def of_public_stories(self):
        return self.filter(post__in=Post.objects.public())

    def to_decide(self):
        """What waits and what was reported.

        What a ban hides can wait until the ban ends, and of a story that nobody may read now
        moderators may not read the title either.
        """
        waiting = self.knowing_bans().filter(queued_at__isnull=False, is_banned=False)
        return waiting.of_public_stories()

    def is_trusted(self, person) -> bool:
        """Whether something of theirs was ever found fit to be seen, and not taken back."""
        was_seen = self.filter(author=person, shown_at__isnull=False)
        return was_seen.exclude(status=Comment.Status.REFUSED).exists()


class Comment(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        SHOWN = "shown", _("shown")
        REFUSED = "refused", _("refused")
        REMOVED = "removed", _("removed by its author")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", db_index=False)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    thread = models.UUIDField(editable=False)  # the parent's key; its own, where it answers none
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    body = models.TextField(_("comment"), max_length=LONGEST)
    html = models.TextField(editable=False)
    fingerprint = models.CharField(max_length=32, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)  # for the first time

    status = models.CharField(max_length=8, choices=Status)
    waits_for = models.CharField(max_length=8, choices=Waits, blank=True)
    reason = models.TextField(_("reason"), max_length=500, blank=True)  # why it was refused
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    answers = models.PositiveIntegerField(default=0, editable=False)  # replies with status shown

    # Since when there is something to decide, and who looks at it now.
    queued_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["post", "thread", "id"], name="blog_comment_thread"),
            models.Index(fields=["author", "fingerprint"], name="blog_comment_said"),
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(queued_at__isnull=False),
                name="blog_comment_queue",
            ),
            models.Index(
                fields=["status", "queued_at", "id"],
                condition=Q(queued_at__isnull=False),
                name="blog_comment_queue_kind",
            ),
            models.Index(
                fields=["waits_for", "queued_at", "id"],
                condition=Q(queued_at__isnull=False),
                name="blog_comment_queue_why",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, thread=F("id"))
                | Q(parent__isnull=False, thread=F("parent")),
                name="blog_comment_one_level",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "shown", "refused", "removed"]),
                name="blog_comment_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""), name="blog_comment_refused_why"
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | (~Q(waits_for="") & Q(queued_at__isnull=False)),
                name="blog_comment_waits_why",
            ),
        ]
        permissions = [("moderate_comment", "Can moderate comments")]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    def get_absolute_url(self) -> str:
        """Its own page, where its author edits it and others report it."""
        return reverse("blog:comment", args=[self.post.slug, self.pk])

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def author_name(self) -> str:
        if self.author is None or self.author.is_removed:
            return _("deleted member")
        return self.author.display_name

    @property
    def author_page(self) -> str:
        """Where others read of the author, if they may."""
        if self.author is None or self.author.is_removed or not self.author.is_active:
            return ""
        return reverse("people:person", args=[self.author.username])

    @property
    def is_by_writer(self) -> bool:
        return self.author_id is not None and self.author_id == self.post.author_id

    @property
    def is_readable(self) -> bool:
        """Whether its words are everybody's to read; asked of rows that know of bans."""
        return self.status == self.Status.SHOWN and not self.is_banned

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def is_refused(self) -> bool:
        return self.status == self.Status.REFUSED

    @property
    def standing(self) -> str:
        """What its author is told of it; "" where there is nothing to tell."""
        if self.is_waiting:
            return comment_judging.TOLD[Waits(self.waits_for)]
        if self.is_refused:
            return _("It was refused, and nobody else sees it. Reason: %(reason)s") % {
                "reason": self.reason
            }
        return ""

    @property
    def excerpt(self) -> str:
        words = markdown.words_of(self.html)
        return words if len(words) <= 300 else f"{words[:300]}…"

    @property
    def is_editable(self) -> bool:
        is_there = self.status in (self.Status.WAITING, self.Status.SHOWN)
        return is_there and timezone.now() - self.made_at < EDITABLE

    @property
    def why_not_editable(self) -> str:
        over = _("A comment can be changed for 15 minutes. They are over.")
        return self.standing if self.is_refused else over

    @property
    def editable_until(self) -> datetime:
        return self.made_at + EDITABLE

    # --- Deeds ----------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def say(cls, post: Post, body: str, *, by, to: "Comment | None" = None, key=None) -> "Comment":
        """Add a comment, or a reply to one; `key` is what its address will be.

        Raises ValidationError, in words for the person, if they may not.
        """
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time
        if words := why_not(post, by):
            raise ValidationError(words)
        root = to and (to.parent or to)
        if root and not cls.objects.shown().filter(pk=root.pk, post=post).exists():
            raise ValidationError(_("The comment that you reply to is not here any more."))
        comment = cls(id=key or uuid7(), post=post, parent=root, author=by)
        comment.thread = root.pk if root else comment.pk
        comment._take(body)
        comment._judge()
        comment.save(force_insert=True)
        if not comment.is_waiting:
            comment._come_out()
        trail.record(
            "blog.comment_posted", target=comment, actor=by, person=by, waits_for=comment.waits_for
        )
        return comment

    @transaction.atomic
    def edit(self, body: str, *, by) -> None:
        """Change the words, within `EDITABLE`; those before are kept for moderators."""
        self._lock()
        if self.author != by or not self.is_editable:
            raise ValidationError(self.why_not_editable)
        if ban := Ban.objects.on(by):
            raise ValidationError(ban.words)
        before, status = self.body, self.status
        self._take(body)
        if self.body == before:
            return
        self.earlier.create(body=before)
        self.edited_at = timezone.now()
        since = self.queued_at
        self._judge()
        if status == self.Status.WAITING:
            self.queued_at = since if self.is_waiting else None
        self._keep(status)
        if status == self.Status.WAITING and not self.is_waiting:
            self._come_out(is_counted=True)
        trail.record("blog.comment_edited", target=self, actor=by, person=by)

    @transaction.atomic
    def remove(self, *, by) -> bool:
        """Take it away for good; its author does. Twice changes nothing."""
        self._lock()
        if self.status == self.Status.REMOVED:
            return False
        status, self.status = self.status, self.Status.REMOVED
        self.waits_for, self.queued_at = "", None
        self.decided_by, self.decided_at = by, timezone.now()
        self._keep(status)
        self.reports.all().settle(by=by)
        trail.record("blog.comment_removed", target=self, actor=by, person=self.author)
        return True

    @transaction.atomic
    def report(self, *, by, reason: str, words: str = "") -> bool:
        """Ask moderators to look at it. Returns whether this is the person's first report of it."""
        _report, is_new = self.reports.get_or_create(
            person=by, defaults={"reason": reason, "words": words}
        )
        if not is_new:
            return False
        mine = Comment.objects.filter(pk=self.pk, status=self.Status.SHOWN)
        mine.filter(queued_at__isnull=True).update(queued_at=timezone.now())
        trail.record(
            "blog.comment_reported", target=self, actor=by, person=self.author, reason=reason
        )
        return True

    @transaction.atomic
    def render_again(self) -> bool:
        """Render the words by the rules of now; what their author changes meanwhile stays."""
        html = str(markdown.remark(self.body).html)
        as_read = Comment.objects.filter(pk=self.pk, version=self.version)
        if html == self.html or not as_read.update(html=html):
            return False
        self.html = html
        generation.bump(self.post.topic)
        return True

    # Of moderators. Each takes the version that they saw, and raises DecidedError if the comment
    # was edited, removed or decided since.

    @transaction.atomic
    def approve(self, *, version: int, by) -> None:
        """Let all see it: what waited, or what was refused by mistake."""
        status = self._decide(version, by, self.Status.WAITING, self.Status.REFUSED)
        self.status, self.waits_for, self.reason = self.Status.SHOWN, "", ""
        self._keep(status)
        self._come_out(is_counted=True)
        comment_news.tell_of_approval(self, by=by)
        trail.record("blog.comment_approved", target=self, actor=by, person=self.author)

    @transaction.atomic
    def refuse(self, *, version: int, by, reason: str) -> None:
        """Show it to nobody but its author, who reads the reason."""
        status = self._decide(version, by, self.Status.WAITING, self.Status.SHOWN)
        self.status, self.waits_for, self.reason = self.Status.REFUSED, "", reason
        self._keep(status)
        comment_news.tell_of_refusal(self, by=by)
        trail.record(
            "blog.comment_refused", target=self, actor=by, person=self.author, reason=reason
        )

    @transaction.atomic
    def dismiss_reports(self, *, version: int, by) -> None:
        """Leave it where it is, whatever was reported so far."""
        status = self._decide(version, by, self.Status.SHOWN)
        self._keep(status)
        trail.record("blog.comment_reports_dismissed", target=self, actor=by, person=self.author)

    def as_it_stands(self) -> dict:
        """What a decision changes, as plain data; for `undo_decision`."""
        when = {name: getattr(self, name) for name in ("queued_at", "decided_at", "shown_at")}
        return {
            **{name: getattr(self, name) for name in ("status", "waits_for", "reason")},
            **{name: at and at.isoformat() for name, at in when.items()},
            "decided_by": self.decided_by_id and str(self.decided_by_id),
        }

    @transaction.atomic
    def undo_decision(self, *, version: int, before: dict, by) -> None:
        """Make it what it was before the decision that led to this version, its reports open again.

        What was mailed cannot be fetched back; a notice that nobody read yet is.
        """
        self._lock()
        if self.version != version or self.status == self.Status.REMOVED:
            raise DecidedError(self)
        self.reports.filter(settled_at__gte=self.decided_at).update(
            settled_at=None, settled_by=None
        )
        status = self.status
        for name in ("status", "waits_for", "reason"):
            setattr(self, name, before[name])
        for name in ("queued_at", "decided_at", "shown_at"):
            setattr(self, name, before[name] and datetime.fromisoformat(before[name]))
        people = get_user_model().objects
        self.decided_by = people.filter(pk=before["decided_by"]).first()
        self._keep(status)
        comment_news.take_back(self)
        trail.record(
            "blog.comment_decision_undone",
            target=self,
            actor=by,
            person=self.author,
            before={"status": status},
            after={"status": self.status},
        )

    def claim(self, *, by) -> bool:
        """Tell other moderators for ten minutes that this one is being looked at."""
        now = timezone.now()
        free = Q(claimed_by__isnull=True) | Q(claimed_by=by) | Q(claimed_at__lte=now - CLAIMED)
        mine = Comment.objects.filter(free, pk=self.pk, queued_at__isnull=False)
        return bool(mine.update(claimed_by=by, claimed_at=now))

    @property
    def claimer(self):
        """Who looks at it now, or nobody."""
        is_recent = self.claimed_at and timezone.now() - self.claimed_at < CLAIMED
        return self.claimed_by if is_recent else None

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Comment.objects.select_for_update())

    def _decide(self, version: int, by, *possible: str) -> str:
        """Lock it, and note who decides; return the status it had."""
        self._lock()
        is_due = self.status != self.Status.SHOWN or self.queued_at is not None
        if self.version != version or self.status not in possible or not is_due:
            raise DecidedError(self)
        self.decided_by, self.decided_at, self.queued_at = by, timezone.now(), None
        self.reports.all().settle(by=by)
        return self.status

    def _take(self, body: str) -> None:
        """Hold the words, and what is made of them."""
        self.body = body.replace("\r\n", "\n").strip()
        self._made = markdown.remark(self.body)
        seen = BLANKS.sub("", self._made.text)
        if all(unicodedata.category(sign)[0] in "CZ" for sign in seen):
            raise ValidationError(_("Write something that can be read."))
        self.html = str(self._made.html)
        self.fingerprint = comment_judging.fingerprint(self.body)

    def _judge(self) -> None:
        self.waits_for = comment_judging.why_it_waits(self, self._made)
        self.status = self.Status.WAITING if self.waits_for else self.Status.SHOWN
        self.queued_at = timezone.now() if self.waits_for else self.queued_at

    def _keep(self, status_before: str) -> None:
        """Save a change of what was there before, and what follows from it."""
        self.version += 1
        self.claimed_by = self.claimed_at = None
        self.save(force_update=True)
        was, is_now = (it == self.Status.SHOWN for it in (status_before, self.status))
        if self.parent_id and was != is_now:
            self._count(1 if is_now else -1)
        if was or is_now:
            generation.bump(self.post.topic)

    def _come_out(self, *, is_counted: bool = False) -> None:
        """What happens when all may see it: those whom it answers hear of it, but once."""
        if self.parent_id and not is_counted:
            self._count(1)
        if self.shown_at is None:
            self.shown_at = timezone.now()
            self.save(update_fields=["shown_at"])
            if self.parent_id:
                comment_news.tell_of_reply(self)
        generation.bump(self.post.topic)

    def _count(self, more: int) -> None:
        Comment.objects.filter(pk=self.parent_id).update(answers=F("answers") + more)


class EarlierText(models.Model):
    """What a comment said before it was edited; for moderators."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="earlier")
    body = models.TextField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return f"earlier text of {self.comment_id}"


# --- Whether one may comment ------------------------------------------------------------------


def closes_at(post: Post) -> datetime | None:
    """When a story's comments close by themselves."""
    days = settings.COMMENTS_CLOSE_AFTER_DAYS
    return post.published_at + timedelta(days=days) if days and post.published_at else None


def is_open(post: Post) -> bool:
    end = closes_at(post)
    return post.is_public and post.takes_comments and (end is None or timezone.now() < end)


def why_not(post: Post, person) -> str:
    """Why the person may not comment on this story, in words for them; "" if they may."""
    if not is_open(post):
        return _("Comments on this story are closed.")
    ban = Ban.objects.on(person)
    return ban.words if ban else ""


# --- Reading a thread ---------------------------------------------------------------------------


@dataclass
class Talk:
    """A comment with the replies to it; `comment` is None where it stands on an earlier page."""

    key: uuid.UUID
    comment: Comment | None = None
    replies: list[Comment] = field(default_factory=list)

    @property
    def beginning(self) -> str:
        """The link to where it begins, from any page of its story."""
        return f"?after={just_before(self.key, self.key)}#comment-{self.key}"


@dataclass(frozen=True)
class Thread:
    """A page of what is said to a story, the same for all readers.

    `until` is when the page will be another although nobody does anything: for `kept_until`.
    """

    post: Post
    page: KeysetPage
    talks: list[Talk]
    count: int
    is_open: bool
    until: datetime | None

    @property
    def has_more_than_counted(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def counted(self) -> int:
        return min(self.count, MOST_COUNTED)


def thread(post: Post, query: QueryDict) -> Thread:
    """The page of comments that `?after=` or `?before=` asks for, in three queries."""
    page = keyset_page(post.comments.listed().for_thread(), query, ORDER, size=ON_A_PAGE)
    for comment in page:
        comment.post = post
    open_now = is_open(post)
    ends = [Ban.objects.next_end(), closes_at(post) if open_now else None]
    return Thread(
        post=post,
        page=page,
        talks=talks(page, has_more=bool(page.following)),
        count=post.comments.shown()[: MOST_COUNTED + 1].count(),
        is_open=open_now,
        until=min((end for end in ends if end), default=None),
    )


def talks(comments: Iterable[Comment], *, has_more: bool) -> list[Talk]:
    found = []
    for key, group in groupby(comments, key=lambda comment: comment.thread):
        talk = Talk(key)
        for comment in group:
            if comment.parent_id is None:
                talk.comment = comment
            else:
                talk.replies.append(comment)
        found.append(talk)
    # A gap is there for the replies under it. A ban may have taken them; the next page's first row
    # may be one of them.
    last = found[-1] if found and has_more else None
    return [
        talk
        for talk in found
        if talk is last or talk.replies or talk.comment is None or talk.comment.is_readable
    ]


def place_of(comment: Comment) -> str:
    """Where a comment stands in its story's thread: the page's address with the comment's anchor.

    Short where it is on the first page; else the page begins with the comment that it answers,
    or with itself where too many answers stand between them. Reads at most a page's rows.
    """
    address = comment.post.get_absolute_url()
    listed = comment.post.comments.listed()
    before = Q(thread__lt=comment.thread) | Q(thread=comment.thread, id__lt=comment.pk)
    if listed.filter(before)[:ON_A_PAGE].count() >= ON_A_PAGE:
        beside = listed.filter(thread=comment.thread, id__lt=comment.pk)[:ON_A_PAGE].count()
        first = comment.thread if beside < ON_A_PAGE else comment.pk
        address = f"{address}?after={just_before(comment.thread, first)}"
    return f"{address}#{comment.anchor}"


def just_before(thread_key: uuid.UUID, key: uuid.UUID) -> str:
    """The place that a page begins behind, if its first row is to be this one."""
    return keyset.place(thread_key, uuid.UUID(int=key.int - 1))
