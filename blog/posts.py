from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.removal import Living, Removable, living
from blog import finding, images
from blog.content import Content
from blog.listed import HEAVY, NAMED, Listed
from blog.rendering import rendered
from pocket.web import generation, markdown, slugs
from pocket.web.keys import uuid7
from states.models import State

PUBLISH = "blog.publish_post"
STORIES = "stories"  # the topic of everything that lists stories
IN_THE_BIN = timedelta(days=30)
NEWEST = ("-published_at", "-id")
OWN_PLACES = {"write", "preview", "moderate", "tag", "state", "by", "year", "feed", "comments"}


class OutdatedError(Exception):
    """Somebody else changed the story since this one was opened; `post` is how it is now."""

    def __init__(self, post: "Post") -> None:
        super().__init__(f"{post.pk} is at version {post.version}.")
        self.post = post


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=60)
    slug = models.CharField(_("slug"), max_length=120, unique=True)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(Lower("name"), name="blog_tag_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("blog:tag", args=[self.slug])

    @classmethod
    def called(cls, name: str) -> "Tag":
        """The tag of this name in any spelling that gives the same address; made if need be."""
        slug = slugs.slug_of(name)
        if not slug:
            raise ValidationError(_("“%(name)s” has no letter in it."), params={"name": name})
        return cls.objects.get_or_create(slug=slug, defaults={"name": name.strip()[:60]})[0]


class PostQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may read now. A scheduled story is among them from its minute on."""
        return self.filter(living, status=Post.Status.PUBLISHED, published_at__lte=timezone.now())

    def scheduled(self) -> Self:
        return self.filter(living, status=Post.Status.PUBLISHED, published_at__gt=timezone.now())

    def at(self, slug: str) -> "Post | None":
        """The story of this address, or the one that had it."""
        return self.filter(slug=slug).first() or self.filter(former_slugs__slug=slug).first()

    def tagged(self, tag: Tag) -> Self:
        return self.filter(tags=tag)

    def about(self, state: State) -> Self:
        return self.filter(states=state)

    def by(self, author) -> Self:
        return self.filter(author=author)

    def signed_by(self, author) -> Self:
        """Those that carry the author's own name: another byline does not give away whose it is."""
        return self.by(author).filter(byline="")

    def of_year(self, year: int) -> Self:
        return self.filter(published_at__year=year)

    def for_cards(self) -> Self:
        """All that a card shows, so that a list costs the same at any length."""
        light = self.defer(*HEAVY).select_related("author")
        return light.prefetch_related("tags", Prefetch("states", State.objects.only(*NAMED)))

    def waiting(self) -> Self:
        """Those out with changes that readers do not see yet."""
        return self.filter(status=Post.Status.PUBLISHED, newest__gt=F("live"))

    def due_to_go(self) -> Self:
        return self.filter(removed_at__lte=timezone.now() - IN_THE_BIN)

    def next_appearance(self) -> datetime | None:
        """When the next scheduled story comes out: until then no list of stories changes."""
        return self.scheduled().aggregate(at=models.Min("published_at"))["at"]


class Post(Removable):
    """A story. The columns hold what readers see, or would; what is new stands in revisions."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")  # from `published_at` on, which may be to come
        ARCHIVED = "archived", _("archived")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(_("address"), max_length=120, unique=True)
    dek = models.CharField(_("dek"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=50_000, blank=True)
    language = models.CharField(_("language"), max_length=35, default="en")
    tags = models.ManyToManyField(Tag, blank=True, related_name="posts", verbose_name=_("tags"))
    states = models.ManyToManyField(State, blank=True, related_name="+", verbose_name=_("states"))
    cover = models.CharField(_("cover"), max_length=32, blank=True)  # the key of an image
    cover_alt = models.CharField(_("what the cover shows"), max_length=300, blank=True)

    # Made of the text when it is saved; see rendering.py.
    html = models.TextField(editable=False, blank=True)
    text = models.TextField(editable=False, blank=True)
    headings = models.JSONField(editable=False, default=list)
    minutes = models.PositiveSmallIntegerField(editable=False, default=1)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)  # what readers see
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    byline = models.CharField(_("by"), max_length=80, blank=True)  # where it is no member
    takes_comments = models.BooleanField(_("comments are open"), default=True)

    version = models.PositiveIntegerField(editable=False, default=1)
    live = models.PositiveIntegerField(editable=False, default=0)  # number of the shown revision
    newest = models.PositiveIntegerField(editable=False, default=0)  # number of the last one
    created_at = models.DateTimeField(editable=False, default=timezone.now)

    objects = Living.from_queryset(PostQuerySet)()
    everything = models.Manager.from_queryset(PostQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="blog_post_published_when",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="blog_post_has_address"),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(status="published", removed_at__isnull=True),
                name="blog_post_newest",
            ),
            models.Index(fields=["author", "-published_at"], name="blog_post_by"),
        ]
        permissions = [("publish_post", "Can publish stories")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("blog:post", args=[self.slug])

    @property
    def topic(self) -> str:
        """What its own page is made of, beside the lists; see pocket/web/generation.py."""
        return f"story:{self.pk}"

    @property
    def is_public(self) -> bool:
        return self.is_published and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.is_published and self.published_at > timezone.now()

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_removed

    @property
    def has_waiting_changes(self) -> bool:
        """Whether something was saved that readers do not see yet."""
        return self.newest > self.live

    @property
    def signer(self):
        """The member whose name stands under it; None if it is no member's, or who left."""
        has_name = not self.byline and self.author and not self.author.is_removed
        return self.author if has_name else None

    @property
    def author_name(self) -> str:
        return self.byline or (self.signer.display_name if self.signer else _("deleted member"))

    @property
    def was_changed_later(self) -> bool:
        """Whether it was changed on a day after the one it came out on."""
        came_out = timezone.localdate(self.published_at)
        return self.is_public and timezone.localdate(self.changed_at) > came_out

    @cached_property
    def shown_cover(self) -> markdown.Image | None:
        """For an <img>. Of many stories, `images.find_covers` finds them at once."""
        return images.cover(self.cover)

    @property
    def content(self) -> Content:
        """What the newest revision says, which an editor goes on with."""
        return Content.of(self.revisions.get(number=self.newest).content)

    # --- Deeds ----------------------------------------------------------------------------------
    # Each takes the version that its form was made of, and raises OutdatedError if that has passed.

    @classmethod
    @transaction.atomic
    def start(cls, content: Content, *, by, byline: str = "") -> "Post":
        """Make a draft. Raises ValidationError where its address is taken."""
        FormerSlug.check_free(content.slug)
        post = cls(slug=content.slug, title=content.title, author=by, byline=byline)
        post._take(content)
        post.save()
        post._link(content)
        post._revise(content, by=by)
        post.live = post.newest
        post.save(update_fields=["live", "newest"])
        trail.record("blog.post_started", target=post, actor=by)
        return post

    @transaction.atomic
    def revise(
        self, content: Content, *, version: int, by, name: str = "", is_for_later: bool = False
    ) -> None:
        """Keep a new revision; readers of a story that is out see it, unless it is for later."""
        self._step(version)
        self._revise(content, by=by, name=name)
        if not (is_for_later and self.is_published):
            self._show(content, self.newest)
        self._keep()
        self._tell()
        trail.record("blog.post_revised", target=self, actor=by, what=name, number=self.newest)

    @transaction.atomic
    def publish(self, *, version: int, by, at: datetime | None = None) -> None:
        """Let readers see the newest revision, from `at` on; now if that is None.

        What is out keeps the day it came out.
        """
        self._step(version)
        before = self._standing()
        if at is not None or not self.is_public:
            self.published_at = at or timezone.now()
        self.status = self.Status.PUBLISHED
        self._show(self.content, self.newest)
        self._keep()
        self._note("blog.post_published", before, by)

    @transaction.atomic
    def withdraw(self, *, version: int, by) -> None:
        """Make it a draft again: readers find it no more."""
        self._set_aside(self.Status.DRAFT, "blog.post_withdrawn", version, by)

    @transaction.atomic
    def archive(self, *, version: int, by) -> None:
        self._set_aside(self.Status.ARCHIVED, "blog.post_archived", version, by)

    @transaction.atomic
    def restore_revision(self, number: int, *, version: int, by) -> None:
        """Make an old revision the newest, as a new one: nothing between them is lost."""
        old = self.revisions.get(number=number)
        words = _("as in revision %(number)s") % {"number": number}
        self.revise(Content.of(old.content), version=version, by=by, name=str(words))

    @transaction.atomic
    def add_tag(self, name: str, *, version: int, by) -> None:
        """Tag it, as a revision; changes that wait go on waiting. Nothing if it is tagged so."""
        content, slug = self.content, Tag.called(name).slug
        if slug in {slugs.slug_of(tag) for tag in content.tags}:
            return
        tagged = replace(content, tags=(*content.tags, name.strip()))
        note = _("tagged “%(tag)s”") % {"tag": name.strip()}
        self.revise(
            tagged, version=version, by=by, name=note, is_for_later=self.has_waiting_changes
        )

    @transaction.atomic
    def open_comments(self, *, by) -> bool:
        """Let members comment on it. No word of the story changes, so no version is asked for."""
        return self._take_comments(True, "blog.comments_opened", by)

    @transaction.atomic
    def close_comments(self, *, by) -> bool:
        """Take no more comments; those that are there stay."""
        return self._take_comments(False, "blog.comments_closed", by)

    def _take_comments(self, takes: bool, action: str, by) -> bool:
        others = Post.everything.filter(pk=self.pk, takes_comments=not takes)
        self.takes_comments = takes
        if not others.update(takes_comments=takes):
            return False
        generation.bump(self.topic)
        trail.record(action, target=self, actor=by)
        return True

    @transaction.atomic
    def remove(self, *, version: int | None = None, **how) -> bool:
        """Put it into the bin, for `IN_THE_BIN`."""
        if version is not None:
            self._step(version)
        return super().remove(**how) and self._tell()

    @transaction.atomic
    def restore(self, *, version: int | None = None, **how) -> bool:
        """Bring it back from the bin, as it was."""
        if version is not None:
            self._step(version)
        return super().restore(**how) and self._tell()

    @transaction.atomic
    def erase(self, *, by) -> None:
        """Delete it for good, with all its revisions. Its pictures: see clearing.py."""
        trail.record("blog.post_erased", target=self, actor=by)
        finding.drop(self)
        generation.bump(STORIES, self.topic)
        self.delete()

    @transaction.atomic
    def render_again(self) -> bool:
        """Render the text by the rules of now; what an editor saves meanwhile stays theirs."""
        before = self._rendering()
        self._render()
        if self._rendering() == before:
            return False
        as_read = Post.everything.filter(pk=self.pk, version=self.version)
        return bool(as_read.update(**self._rendering())) and self._tell()

    def _set_aside(self, status: str, action: str, version: int, by) -> None:
        self._step(version)
        before = self._standing()
        self.status = status
        self._keep()
        self._note(action, before, by)

    def _step(self, version: int) -> None:
        """Take the next version, or say that somebody was faster; others wait for our end."""
        mine = Post.everything.filter(pk=self.pk, version=version)
        if not mine.update(version=F("version") + 1):
            raise OutdatedError(Post.everything.get(pk=self.pk))
        self.refresh_from_db()

    def _take(self, content: Content) -> None:
        for name in ("title", "dek", "body", "language", "cover", "cover_alt"):
            setattr(self, name, getattr(content, name))
        self._render()
        self.changed_at = timezone.now()

    def _render(self) -> None:
        made = rendered(self.body)
        self.html, self.text = str(made.html), made.text
        self.headings = [[it.level, it.id, it.text] for it in made.headings]
        self.minutes = made.minutes

    def _rendering(self) -> dict:
        return {name: getattr(self, name) for name in ("html", "text", "headings", "minutes")}

    def _show(self, content: Content, number: int) -> None:
        if content.slug != self.slug:
            FormerSlug.check_free(content.slug, for_post=self)
            FormerSlug.leave(self, self.slug, content.slug)
            self.slug = content.slug
        self._take(content)
        self._link(content)
        self.live = number

    def _link(self, content: Content) -> None:
        self.tags.set(Tag.called(name) for name in content.tags)
        self.states.set(State.objects.filter(slug__in=content.states))

    def _revise(self, content: Content, *, by, name: str = "") -> None:
        self.newest += 1
        self.revisions.create(
            number=self.newest, content=content.as_data(), editor=by, name=name[:120]
        )
        shown = [content.cover, *images.keys_in(content.body)]
        self.images.add(*images.Image.objects.filter(pk__in=shown))

    def _keep(self) -> None:
        try:
            self.save(force_update=True)
        except IntegrityError as error:
            words = _("Another story took this address a moment ago.")
            raise ValidationError({"slug": words}) from error

    def _standing(self) -> dict:
        return {"status": self.status, "published_at": self.published_at}

    def _note(self, action: str, before: dict, by) -> None:
        self._tell()
        changes = trail.changed(before, self._standing())
        trail.record(action, target=self, actor=by, **changes)

    def _tell(self) -> bool:
        """Bring lists, search and kept pages to what readers may see now."""
        Listed.refresh(self)
        finding.refresh(self)
        generation.bump(STORIES, self.topic)
        return True


def leads_to_a_story(slug: str) -> bool:
    """Whether a story may have this address: no page of the site does, nor pages below it."""
    if slug != slugs.slug_of(slug) or slug in OWN_PLACES or (len(slug) == 4 and slug.isdecimal()):
        return False
    try:
        return resolve(reverse("blog:post", args=[slug])).view_name == "blog:post"
    except NoReverseMatch:
        return False


class FormerSlug(models.Model):
    """An address that a story had: it leads to the story for ever."""

    slug = models.CharField(max_length=120, primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug

    @classmethod
    def leave(cls, post: Post, old: str, new: str) -> None:
        """Keep the old address leading here; the new one is the story's own again."""
        cls.objects.filter(slug=new, post=post).delete()
        cls.objects.update_or_create(slug=old, defaults={"post": post})

    @classmethod
    def check_free(cls, slug: str, *, for_post: Post | None = None) -> None:
        """Raise ValidationError if another story has, or had, this address; also from the bin.

        Or if another page of the site has it, such as /blog/feed/.
        """
        if not leads_to_a_story(slug):
            raise ValidationError({"slug": _("A story cannot have this address. Choose another.")})
        own = Post.everything.exclude(pk=for_post.pk) if for_post else Post.everything
        former = cls.objects.exclude(post=for_post) if for_post else cls.objects
        if own.filter(slug=slug).exists() or former.filter(slug=slug).exists():
            raise ValidationError(
                {"slug": _("Another story has this address, or had it once. Choose another.")}
            )
