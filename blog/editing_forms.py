"""A form for each deed of an editor."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import pictures
from accounts.profile_forms import LongText
from blog.content import Content
from blog.drafts import typed_of
from blog.images import WIDTHS, Image
from blog.languages import CHOICES
from blog.posts import FormerSlug, Post
from once.forms import OnceForm
from pocket.web.markdown import LONGEST
from pocket.web.slugs import LONGEST as LONGEST_SLUG
from pocket.web.slugs import slug_of
from states.models import State

MOST_TAGS = 12


class PictureField(forms.FileField):
    """Cleans to the pictures themselves, made anew; see accounts/pictures.py."""

    widget = forms.FileInput(attrs={"accept": ",".join(pictures.MIME_TYPES)})

    def clean(self, data: UploadedFile | None, initial=None) -> list[pictures.Picture]:
        file = super().clean(data, initial)
        return pictures.reencoded(file, WIDTHS) if file else []


class StoryForm(OnceForm):
    """`post` is the story, None for a new one. `content` is what the form says, once it is valid.

    Pictures that came with it are kept even if something else is wrong: `keep_pictures`.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        error_messages={"required": _("Give the story a title.")},
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_("In any script. Left empty, it is made of the title. Old ones lead here."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    dek = LongText(
        label=_("Dek"),
        max_length=300,
        required=False,
        help_text=_("One or two sentences under the title, in lists and in search."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = LongText(
        label=_("Text"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )
    picture = PictureField(label=_("Add a picture to the text"), required=False)
    picture_alt = forms.CharField(
        label=_("What that picture shows"), max_length=300, required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=CHOICES, initial="en")
    tags = forms.CharField(
        label=_("Tags"), max_length=800, required=False, help_text=_("With a comma between them.")
    )
    states = forms.MultipleChoiceField(
        label=_("States"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cover = forms.CharField(required=False, widget=forms.HiddenInput)
    cover_file = PictureField(
        label=_("Cover picture"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, at most 5 MB. Where and with what it was taken is removed."
        ),
    )
    cover_alt = forms.CharField(
        label=_("What the cover shows"),
        max_length=300,
        required=False,
        help_text=_("For those who do not see it. Required with a cover."),
    )
    drops_cover = forms.BooleanField(label=_("Remove the cover"), required=False)
    name = forms.CharField(
        label=_("What changed"),
        max_length=120,
        required=False,
        help_text=_("A name for this revision in the history."),
    )
    is_for_later = forms.BooleanField(
        label=_("Keep this change for later"),
        required=False,
        help_text=_("Readers go on seeing the story as it is, until you publish the change."),
    )

    def __init__(self, *args, post: Post | None, may_publish: bool, **kwargs) -> None:
        self.post = post
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["states"].choices = State.objects.values_list("slug", "name").order_by("name")
        if post is None or not post.is_published:
            del self.fields["is_for_later"]
        self.may_publish = may_publish
        self.content: Content | None = None

    @property
    def shows_now(self) -> bool:
        """Whether readers would see it at once, or on the day it comes out."""
        return bool(
            self.post
            and self.post.is_published
            and self.may_publish
            and not self.cleaned_data.get("is_for_later")
        )

    def clean_body(self) -> str:
        return self.cleaned_data["body"].rstrip()

    def clean_tags(self) -> tuple[str, ...]:
        named = {}
        for name in self.cleaned_data["tags"].replace("،", ",").split(","):
            name = " ".join(name.split())
            if not name:
                continue
            if not slug_of(name) or len(name) > 60:
                raise ValidationError(
                    _("“%(tag)s” cannot be a tag: it needs a letter, and at most 60 characters."),
                    params={"tag": name[:80]},
                )
            named.setdefault(slug_of(name), name)
        if len(named) > MOST_TAGS:
            raise ValidationError(_("At most %(most)s tags."), params={"most": MOST_TAGS})
        return tuple(named.values())

    def clean_cover(self) -> str:
        key = self.cleaned_data["cover"]
        return key if key and Image.objects.filter(pk=key).exists() else ""

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("drops_cover"):
            cleaned["cover"], cleaned["cover_file"] = "", []
        has_cover = cleaned.get("cover") or cleaned.get("cover_file")
        if has_cover and not cleaned.get("cover_alt") and "cover_alt" not in self.errors:
            self.add_error("cover_alt", _("Say what the cover shows."))
        if "title" in cleaned and "slug" in cleaned:
            self._clean_address(cleaned)
        return cleaned

    def _clean_address(self, cleaned: dict) -> None:
        slug = slug_of(cleaned["slug"] or cleaned["title"])
        if not slug:
            words = _("There is no letter and no digit in it. Write an address, in any script.")
            self.add_error("slug", words)
        elif cleaned["slug"]:
            try:
                FormerSlug.check_free(slug, for_post=self.post)
            except ValidationError as error:
                self.add_error(None, error)
        else:
            slug = free_slug(slug, self.post)
        cleaned["slug"] = slug

    def keep_pictures(self, *, by) -> None:
        """Keep what was sent along; shown again, the form has it. Not inside a transaction."""
        data = self.data.copy()
        if sent := self.cleaned_data.get("cover_file"):
            data["cover"] = self.cleaned_data["cover"] = Image.keep(sent, by=by).key
        if self.cleaned_data.get("drops_cover"):
            data["cover"] = ""
            data.pop("drops_cover", None)
        if sent := self.cleaned_data.get("picture"):
            alt = self.cleaned_data.get("picture_alt", "").translate(BRACKETS)
            shown = f"![{alt}]({Image.keep(sent, by=by).path})"
            body = self.cleaned_data.get("body", data.get("body", ""))
            data["body"] = self.cleaned_data["body"] = f"{body}\n\n{shown}".lstrip()
            data["picture_alt"] = ""
            if len(data["body"]) > LONGEST:
                self.add_error("body", _("With the picture, the text is too long."))
        self.data = data
        if self.is_valid():
            names = ("title", "slug", "dek", "body", "language", "tags", "cover", "cover_alt")
            values = {name: self.cleaned_data[name] for name in names}
            self.content = Content(**values, states=tuple(self.cleaned_data["states"]))


BRACKETS = str.maketrans({"[": "(", "]": ")", "\\": "/"})


def initial_of(content: Content) -> dict:
    return typed_of(content)


def free_slug(slug: str, post: Post | None) -> str:
    """This address, or the first with a number that nobody has."""
    for number in range(1, 100):
        end = f"-{number}" if number > 1 else ""
        tried = slug_of(slug[: LONGEST_SLUG - len(end)]) + end
        try:
            FormerSlug.check_free(tried, for_post=post)
        except ValidationError:
            continue
        return tried
    return slug


class PublishForm(OnceForm):
    NOW, LATER = "now", "later"

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("Now")), (LATER, _("On a day, at a time (India)"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        help_text=_("Only where it is to appear later."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Give day and time as in 2027-01-26 08:30.")},
    )
    is_looked_at = forms.BooleanField(
        label=_("I looked at these, and publish it as it is"), required=False
    )

    def __init__(self, *args, warnings: Iterable, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        if not warnings:
            del self.fields["is_looked_at"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("when") == self.NOW:
            cleaned["at"] = None
        elif "at" in cleaned and not cleaned["at"]:
            self.add_error("at", _("Say on which day and at what time."))
        elif cleaned.get("at") and cleaned["at"] <= timezone.now():
            self.add_error("at", _("That moment is over. Choose one to come, or publish it now."))
        if "is_looked_at" in self.fields and not cleaned.get("is_looked_at"):
            self.add_error("is_looked_at", _("Look at the warnings, and say so here."))
        return cleaned


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Zip of stories"),
        help_text=_("Markdown files with their front matter, pictures in the folder images."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
