"""A form for each deed about a comment."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.comment_reports import Report
from blog.comments import COMMENTS, EDITS, LONGEST, REPORTS, Comment
from blog.posts import Post
from once.forms import OnceForm
from once.models import spend
from pocket.web.keys import uuid7


class TooOftenError(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def patience(seconds: int) -> ValidationError:
    minutes = -(-seconds // 60)
    words = ngettext(
        "That was a lot in a short time. Please try again in %(minutes)s minute; your text is kept"
        " here.",
        "That was a lot in a short time. Please try again in %(minutes)s minutes; your text is kept"
        " here.",
        minutes,
    )
    return ValidationError(words % {"minutes": minutes}, code="too_often")


class Words(forms.CharField):
    """Several lines. A browser counts a line's end as one character and sends it as two."""

    def to_python(self, value) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class PatientForm(forms.Form):
    """`wait` is in how many seconds it may be sent again, where it was sent too often."""

    wait = 0

    @property
    def status(self) -> int:
        return 429 if self.wait else 422 if self.is_bound else 200


class BodyForm(PatientForm):
    body = Words(
        label=_("Your comment"),
        max_length=LONGEST,
        help_text=_(
            "At most 5,000 characters. *Emphasis*, **strong**, lists, quotes and links in"
            " Markdown. Your name is shown, your e-mail address is not."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )


class CommentForm(OnceForm, BodyForm):
    def save(self, post: Post, *, by, to: Comment | None = None) -> Comment | None:
        """Post it, or add why not. Raises AlreadySpentError with the key of the first one."""
        key = uuid7()
        try:
            with transaction.atomic():
                spend(self.key_of_words, answer=str(key))
                if wait := COMMENTS.take(by.pk):
                    raise TooOftenError(wait)
                return Comment.say(post, self.cleaned_data["body"], by=by, to=to, key=key)
        except TooOftenError as error:
            self.wait = error.seconds
            self.add_error(None, patience(error.seconds))
        except ValidationError as error:
            self.add_error(None, error)
        return None


class EditForm(BodyForm):
    def save(self, comment: Comment, *, by) -> bool:
        if wait := EDITS.take(by.pk):
            self.wait = wait
            self.add_error(None, patience(wait))
            return False
        try:
            comment.edit(self.cleaned_data["body"], by=by)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors


class ReportForm(PatientForm):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong with it."),
            "invalid_choice": _("Choose what is wrong with it."),
        },
    )
    words = Words(
        label=_("In your words"),
        required=False,
        max_length=500,
        help_text=_("Only moderators read this. At most 500 characters."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def save(self, comment: Comment, *, by) -> bool | None:
        """Return whether it is the first report of theirs; None where it has to wait."""
        if wait := REPORTS.take(by.pk):
            self.wait = wait
            self.add_error(None, patience(wait))
            return None
        return comment.report(by=by, **self.cleaned_data)


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=500,
        help_text=_("The author reads it. At most 500 characters."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give a reason: the author reads it.")},
    )


FOR_GOOD = "for-good"


class BanForm(ReasonForm):
    """Cleans the length to days; to None where the ban does not end."""

    length = forms.ChoiceField(
        label=_("For how long?"),
        choices=[
            ("1", _("1 day")),
            ("7", _("7 days")),
            ("30", _("30 days")),
            (FOR_GOOD, _("for good")),
        ],
        initial="7",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for how long."),
            "invalid_choice": _("Choose for how long."),
        },
    )
    field_order = ["length", "reason"]

    def clean_length(self) -> int | None:
        length = self.cleaned_data["length"]
        return None if length == FOR_GOOD else int(length)
