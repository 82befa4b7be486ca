"""Whom a comment concerns, and how they hear of it: by a notice, and by mail if they wish."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import mails
from blog.bans import Ban
from notices import kinds, mailing
from notices.models import Notice

REPLIES, APPROVALS = "replies", "approvals"


def register() -> None:
    kinds.register(kinds.Kind("reply", _("%(who)s replied to your comment on “%(story)s”.")))
    kinds.register(
        kinds.Kind(
            "approval", _("Your comment on “%(story)s” was approved, and everybody can read it.")
        )
    )
    kinds.register(
        kinds.Kind("refusal", _("Your comment on “%(story)s” was refused. Reason: %(reason)s"))
    )
    mails.register(mails.Kind(REPLIES, _("Replies to my comments")))
    mails.register(mails.Kind(APPROVALS, _("My comment, once a moderator approved it")))


def tell_of_reply(comment) -> None:
    """Called when a reply is shown for the first time."""
    asked = comment.parent.author
    is_there = comment.parent.status == comment.Status.SHOWN
    if is_there and asked != comment.author and hears(asked):
        _tell(asked, "reply", comment, by=comment.author)
        _write(asked, REPLIES, "blog/email/reply", comment)


def tell_of_approval(comment, *, by) -> None:
    if comment.author != by and hears(comment.author):
        _tell(comment.author, "approval", comment)
        _write(comment.author, APPROVALS, "blog/email/approval", comment)


def tell_of_refusal(comment, *, by) -> None:
    if comment.author != by and hears(comment.author):
        _tell(comment.author, "refusal", comment, reason=comment.reason)


def take_back(comment) -> None:
    """A decision was undone: who has not read of it yet never does."""
    unread = Notice.objects.unread().filter(link=comment.get_absolute_url())
    unread.of(comment.author).filter(kind__in=["approval", "refusal"]).delete()
    if comment.parent_id and comment.shown_at is None:
        unread.of(comment.parent.author).filter(kind="reply").delete()


def hears(person) -> bool:
    """Not who left, nor who is banned: they learn it when they try to comment."""
    return bool(person and not person.is_removed and not Ban.objects.on(person))


def _tell(person, kind: str, comment, **words) -> None:
    link = comment.get_absolute_url()
    Notice.objects.tell(person, kind, link=link, story=comment.post.title, **words)


def _write(person, kind: str, template: str, comment) -> None:
    link = settings.SITE_URL + comment.get_absolute_url()
    mailing.write_to(person, kind, template, comment=comment, link=link)
