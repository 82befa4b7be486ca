"""How a person wants the site. It stands in the person's own row, which every page reads anyway."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext_lazy as _

from accounts import mails
from pocket.web.numbers import Style


class Theme(models.TextChoices):
    SYSTEM = "system", _("As my system has it")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def validate_language(code: str) -> None:
    if code not in dict(settings.LANGUAGES):
        raise ValidationError(_("The site does not speak “%(code)s”."), params={"code": code})


def validate_mail(chosen: dict) -> None:
    known = {kind.slug for kind in mails.kinds() if not kind.is_fixed}
    if not isinstance(chosen, dict) or not all(isinstance(on, bool) for on in chosen.values()):
        raise ValidationError(_("Each kind of mail is on or off."))
    if unknown := sorted(chosen.keys() - known):
        raise ValidationError(
            _("Not a kind of mail that can be chosen: %(kinds)s."),
            params={"kinds": ", ".join(unknown)},
        )


class Preferences(models.Model):
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    number_style = models.CharField(_("numbers"), max_length=10, choices=Style, default=Style.LAKH)
    # Empty: the language that the browser asks for.
    language = models.CharField(
        _("language"), max_length=10, blank=True, validators=[validate_language]
    )
    # What was chosen, by kind; a kind that is not in it is as the kind says.
    mail = models.JSONField(_("mail"), default=dict, blank=True, validators=[validate_mail])

    class Meta:
        abstract = True

    @transaction.atomic
    def prefer(
        self, *, theme: str, number_style: str, language: str, mail: dict[str, bool], by
    ) -> None:
        self.theme = theme
        self.number_style = number_style
        self.language = language
        self.mail = mail
        changed = ["theme", "number_style", "language", "mail"]
        self.clean_fields(exclude={f.name for f in self._meta.fields} - set(changed))
        self.save(update_fields=changed)

    @transaction.atomic
    def stop_mail(self, slug: str) -> None:
        """Send no more of this kind, if it is one that can be chosen. Twice changes nothing."""
        if mails.kind(slug).is_fixed:
            return
        here = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        self.mail = {**here.mail, slug: False}
        self.save(update_fields=["mail"])

    def wants_mail(self, slug: str) -> bool:
        """Whether mail of this kind may be sent; a kind that nobody registered is a mistake."""
        kind = mails.kind(slug)
        return kind.is_fixed or (not self.is_removed and self.mail.get(slug, kind.is_on))

    @property
    def chosen_language(self) -> str:
        """A language that the site speaks, or ""; one may be gone since it was chosen."""
        try:
            return get_supported_language_variant(self.language) if self.language else ""
        except LookupError:
            return ""

    @property
    def chosen_numbers(self) -> Style:
        return Style(self.number_style)
