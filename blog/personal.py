"""What the site holds of those who write and talk; see privacy/holdings.py.

Stories and their revisions are the site's own, as several people write them: they stay, with
"deleted member" in the place of the name. What somebody typed and never saved goes with them.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog import comment_personal as talk
from blog.drafts import Draft
from blog.posts import STORIES, Post
from blog.revisions import Revision
from pocket.web import generation

WORDS = {
    "stories": _("the stories that carry your name"),
    "revisions": _("everything that you saved of stories, as it was then"),
    "unsaved": _("what you typed into the editor and did not save"),
    "comments": _("what you said about stories, and how it was before you edited it"),
    "comment_reports": _("comments that you reported, and why"),
    "comment_bans": _("when and why you could not comment"),
}


def of(person) -> dict:
    """Return what they wrote: stories, revisions and what they did not save; times in ISO 8601."""
    revisions = Revision.objects.filter(editor=person).select_related("post").order_by("pk")
    return {
        "stories": [
            {"title": post.title, "address": post.slug, "status": str(post.status)}
            for post in Post.everything.filter(author=person).order_by("pk")
        ],
        "revisions": [
            {
                "story": it.post.slug,
                "number": it.number,
                "name": it.name,
                "made_at": it.made_at.isoformat(),
                "content": it.content,
            }
            for it in revisions.iterator(chunk_size=100)
        ],
        "unsaved": [
            {"typed": it.typed, "saved_at": it.saved_at.isoformat()}
            for it in Draft.objects.of(person)
        ],
        **talk.of(person),
    }


def losses(person) -> list[str]:
    lines = []
    if count := Post.everything.filter(author=person).count():
        words = ngettext(
            "Your name at %(count)s story; the story stays.",
            "Your name at %(count)s stories; the stories stay.",
            count,
        )
        lines.append(words % {"count": count})
    if count := Draft.objects.of(person).count():
        words = ngettext("%(count)s unsaved draft.", "%(count)s unsaved drafts.", count)
        lines.append(words % {"count": count})
    return lines + talk.losses(person)


def show_name_anew(person) -> None:
    """Let kept pages show the name that the person has now."""
    if Post.everything.filter(author=person).exists():
        generation.bump(STORIES)  # of which the page of every story is made
    else:
        talk.show_name_anew(person)


def erase(person, *, keeps_words: bool) -> None:
    """The rows of a writer hang on the account; pages that show the name are made anew."""
    talk.erase(person, keeps_words=keeps_words)
    Draft.objects.of(person).delete()
    if stories := Post.everything.filter(author=person):
        generation.bump(STORIES, *(post.topic for post in stories.only("pk")))
