"""Which comments are shown at once, and which wait for a moderator."""

import hashlib
import re
from html import unescape

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from pocket.web.markdown import TAG, Rendered
from search.words import fold

# Written out, a link needs no Markdown to be one.
LINK = re.compile(
    r"://|\bwww\.|\bmailto:|[^\s.]\.[a-z]{2,}/\w"
    r"|[^\s.]\.(?:com|net|org|info|biz|io|ru|cn|xyz|top|site|online|shop|club|app|dev|भारत)\b"
    r"|[^\s.]\.(?-i:in)\b",  # "Rain.In Kerala" lacks a blank alone
    re.IGNORECASE,
)


LONGEST_FOLDED = 400  # some signs stand for several words


class Waits(models.TextChoices):
    """Why somebody looks at a comment before all see it."""

    FIRST = "first", _("first comment")
    LINK = "link", _("has a link")
    REPEATED = "repeated", _("was said before")
    WORD = "word", _("has a held word")


TOLD = {
    Waits.FIRST: _(
        "It waits for a moderator, as it is your first comment. Later ones appear at once."
    ),
    Waits.LINK: _("It waits for a moderator, as it has a link."),
    Waits.REPEATED: _("It waits for a moderator, as you said the same before."),
    Waits.WORD: _("It waits for a moderator because of a word in it."),
}


def spoken(text: str) -> str:
    """A text as words between blanks, without case, accents, joiners and other disguises."""
    return f" {' '.join(fold(text))} "


class HeldWordQuerySet(models.QuerySet):
    def found_in(self, *texts: str) -> bool:
        said = [spoken(text) for text in texts]
        held = self.values_list("folded", flat=True)
        return any(f" {words} " in text for words in held for text in said)


class HeldWord(models.Model):
    """A word, or several in a row, in any script: a comment that says it waits."""

    words = models.CharField(_("word or words"), max_length=100)
    folded = models.CharField(max_length=LONGEST_FOLDED, unique=True, editable=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects = HeldWordQuerySet.as_manager()

    class Meta:
        ordering = ["folded"]
        verbose_name = _("held word")
        verbose_name_plural = _("held words")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(folded=""), name="blog_held_word_has_letters"
            )
        ]

    def __str__(self) -> str:
        return self.words

    def save(self, *args, **kwargs) -> None:
        self.folded = spoken(self.words).strip()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.folded = spoken(self.words).strip()
        if not self.folded:
            raise ValidationError({"words": _("Use at least one letter or digit.")})
        if len(self.folded) > LONGEST_FOLDED:
            raise ValidationError({"words": _("Written out, this is too long.")})
        if HeldWord.objects.filter(folded=self.folded).exclude(pk=self.pk).exists():
            raise ValidationError({"words": _("This is held already, perhaps in other letters.")})

    # --- Deeds ----------------------------------------------------------------------------------

    @transaction.atomic
    def hold(self, *, by) -> None:
        """Add it to the list, or keep it there in other words."""
        before = HeldWord.objects.filter(pk=self.pk).values("words").first()
        after = {"words": self.words}
        self.save()
        if before is None:
            trail.record("blog.held_word_added", target=self, actor=by)
        elif before != after:
            trail.record(
                "blog.held_word_changed", target=self, actor=by, before=before, after=after
            )

    @transaction.atomic
    def let_go(self, *, by) -> None:
        """Take it from the list; what waits because of it goes on waiting."""
        trail.record("blog.held_word_removed", target=self, actor=by)
        self.delete()


def fingerprint(body: str) -> str:
    """The same for texts that say the same."""
    said = spoken(body).strip() or body.strip()
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32]


def why_it_waits(comment, made: Rendered) -> str:
    """Why this comment of a member has to wait, the gravest reason first; "" if it need not.

    Those who moderate or publish are believed.
    """
    author = comment.author
    if author.has_perm("blog.moderate_comment") or author.has_perm("blog.publish_post"):
        return ""
    joined = unescape(TAG.sub("", made.html))  # "vi**ag**ra" is read as one word
    if HeldWord.objects.found_in(comment.body, made.text, joined):
        return Waits.WORD
    if "<a " in made.html or LINK.search(joined):
        return Waits.LINK
    others = type(comment).objects.filter(author=author).exclude(pk=comment.pk)
    if others.filter(fingerprint=comment.fingerprint).exists():
        return Waits.REPEATED
    return "" if type(comment).objects.is_trusted(author) else Waits.FIRST
