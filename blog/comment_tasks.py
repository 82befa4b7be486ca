"""What becomes of removed comments in the end."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from blog.comments import Comment, EarlierText

KEPT = timedelta(days=30)  # in which a moderator may still have to look at what was said
AT_ONCE = 500


@task
def erase_removed() -> None:
    """Delete what was removed long ago; what was answered stays as a gap, without its words."""
    old = Comment.objects.filter(
        status=Comment.Status.REMOVED, decided_at__lt=timezone.now() - KEPT
    )
    for comment in old.filter(replies__isnull=True)[:AT_ONCE]:
        comment.delete()
    answered = old.filter(replies__isnull=False).exclude(body="")
    EarlierText.objects.filter(comment__in=answered).delete()
    keys = list(answered.values_list("pk", flat=True)[:AT_ONCE])
    Comment.objects.filter(pk__in=keys).update(body="", html="", fingerprint="", reason="")
