"""What people said about stories; see privacy/holdings.py."""

from django.utils.translation import ngettext

from blog.bans import Ban
from blog.comment_reports import Report
from blog.comments import Comment, EarlierText
from blog.posts import STORIES, Post
from pocket.web import generation

MOST_STORIES = 200  # that are made fresh one by one, before it is all of them


def of(person) -> dict:
    said = Comment.objects.by(person).select_related("post").prefetch_related("earlier")
    return {
        "comments": [
            {
                # A story that is not out now may have another title and address already.
                "story": comment.post.title if comment.post.is_public else "",
                "link": comment.get_absolute_url() if comment.post.is_public else "",
                "is_reply": comment.parent_id is not None,
                "text": comment.body,
                "status": comment.status,
                "reason": comment.reason,
                "made_at": comment.made_at.isoformat(),
                "edited_at": comment.edited_at and comment.edited_at.isoformat(),
                "earlier": [
                    {"text": text.body, "until": text.until.isoformat()}
                    for text in comment.earlier.all()
                ],
            }
            for comment in said.order_by("id")
        ],
        "comment_reports": [
            {
                "comment": str(report.comment_id),
                "reason": report.reason,
                "words": report.words,
                "made_at": report.made_at.isoformat(),
            }
            for report in Report.objects.filter(person=person)
        ],
        "comment_bans": [
            {
                "reason": ban.reason,
                "imposed_at": ban.imposed_at.isoformat(),
                "until": ban.until and ban.until.isoformat(),
                "lifted_at": ban.lifted_at and ban.lifted_at.isoformat(),
            }
            for ban in Ban.objects.filter(person=person).order_by("imposed_at")
        ],
    }


def losses(person) -> list[str]:
    count = Comment.objects.by(person).exclude(status=Comment.Status.REMOVED).count()
    words = ngettext(
        "Your one comment, or your name at it, as you choose below.",
        "Your %(count)s comments, or your name at them, as you choose below.",
        count,
    )
    return [words % {"count": count}] if count else []


def show_name_anew(person) -> None:
    said = Comment.objects.by(person).filter(status=Comment.Status.SHOWN).order_by()
    stories = list(said.values_list("post", flat=True).distinct()[: MOST_STORIES + 1])
    if len(stories) > MOST_STORIES:
        generation.bump(STORIES)
    elif stories:
        generation.bump(*(Post(pk=key).topic for key in stories))


def erase(person, *, keeps_words: bool) -> None:
    """Let go of the author. What nobody saw goes in any case, and so does all of who is banned:

    the ban goes with the account, and nothing of theirs may come back by that.
    """
    said = Comment.objects.by(person)
    EarlierText.objects.filter(comment__in=said).delete()
    stays = said.filter(status=Comment.Status.SHOWN)
    if not keeps_words or Ban.objects.on(person):
        stays = stays.none()
    for comment in said.exclude(pk__in=stays.values("pk")).order_by("-id"):  # replies first
        comment.remove(by=None)
        if comment.replies.exists():
            Comment.objects.filter(pk=comment.pk).update(
                body="", html="", fingerprint="", reason=""
            )
        else:
            comment.delete()
    generation.bump(STORIES)
