"""All stories as editors look for them: by status, words, tag, state, author."""

from datetime import timedelta

from django import forms
from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.backends import person_called
from blog.drafts import Draft
from blog.editing_deeds import STATUSES
from blog.posts import Post, Tag
from dashboard.lists import Column, DeskList, moment
from pocket.web.slugs import slug_of
from states.models import State

LATELY = timedelta(minutes=5)  # who typed within them is at it now
LABELS = {
    "": _("All"),
    "draft": _("Drafts"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "waiting": _("With waiting changes"),
    "archived": _("Archived"),
    "bin": _("In the bin"),
}


class StoryFilters(forms.Form):
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=LABELS.items(),
    )
    words = forms.CharField(label=_("Words of the title"), required=False, max_length=200)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=60)
    state = forms.ModelChoiceField(
        State.objects.only("slug", "name"),
        label=_("State"),
        required=False,
        to_field_name="slug",
        empty_label=_("All"),
    )
    author = forms.CharField(
        label=_("Author"), required=False, max_length=254, help_text=_("User name or address.")
    )

    def clean_tag(self) -> Tag | None:
        typed = self.cleaned_data["tag"].strip()
        if not typed:
            return None
        found = Tag.objects.filter(slug=slug_of(typed)).first()
        if found is None:
            raise forms.ValidationError(_("There is no such tag."))
        return found

    def clean_author(self):
        typed = self.cleaned_data["author"].strip()
        if typed and person_called(typed) is None:
            raise forms.ValidationError(_("There is nobody of that name or address."))
        return person_called(typed) if typed else None


def stories(filters: dict) -> QuerySet[Post]:
    rows = STATUSES[filters.get("status") or ""]()
    if words := filters.get("words"):
        rows = rows.filter(title__icontains=words)
    if tag := filters.get("tag"):
        rows = rows.tagged(tag)
    if state := filters.get("state"):
        rows = rows.about(state)
    if author := filters.get("author"):
        rows = rows.by(author)
    at_it = Draft.objects.filter(saved_at__gte=timezone.now() - LATELY).select_related("editor")
    light = rows.defer("body", "html", "text", "headings").select_related("author")
    return light.prefetch_related("tags", Prefetch("drafts", at_it, to_attr="open_drafts"))


def editing_now(post: Post) -> str:
    return ", ".join(sorted({draft.editor.display_name for draft in post.open_drafts}))


def status_of(post: Post) -> str:
    if post.is_removed:
        return str(_("in the bin"))
    return str(_("scheduled")) if post.is_scheduled else post.get_status_display()


STORIES = DeskList(
    name="stories",
    address="dashboard:stories",
    columns=(
        Column(
            "title",
            _("Title"),
            lambda post: post.title,
            lambda post: (
                format_html(
                    '<a class="break" href="{}">{}</a>',
                    reverse("blog:edit", args=[post.slug]),
                    post.title,
                )
                if not post.is_removed
                else post.title
            ),
            is_key=True,
        ),
        Column(
            "status",
            _("Status"),
            status_of,
            lambda post: render_to_string("blog/_status.html", {"post": post}),
        ),
        Column("author", _("By"), lambda post: post.author_name),
        Column("editing", _("Editing now"), editing_now),
        Column("tags", _("Tags"), lambda post: ", ".join(tag.name for tag in post.tags.all())),
        Column(
            "begun",
            _("Begun"),
            lambda post: timezone.localtime(post.created_at).isoformat(timespec="seconds"),
            lambda post: moment(post.created_at),
            is_extra=True,
        ),
        Column(
            "changed",
            _("Changed"),
            lambda post: timezone.localtime(post.changed_at).isoformat(timespec="seconds"),
            lambda post: moment(post.changed_at),
            is_extra=True,
        ),
        Column("address", _("Address"), lambda post: post.get_absolute_url(), is_extra=True),
    ),
    orders={
        "newest": (_("Newest first"), ("-id",)),
        "oldest": (_("Oldest first"), ("id",)),
    },
    filters=StoryFilters,
    rows=stories,
    pick=lambda post: (f"{post.pk}:{post.version}", post.title),
)
