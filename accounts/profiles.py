"""What a person says of themselves, and who gets to see which of it."""

import logging
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import homes, person_links
from accounts.names import NAMES
from accounts.pictures import Picture
from pocket.web import generation

logger = logging.getLogger("accounts.profiles")

AVATAR_SIZES = (96, 384)
PHONE = re.compile(r"\+?[0-9]{7,15}").fullmatch
PHONE_MARKS = re.compile(r"[\s().\-/]+")


def validate_home(slug: str) -> None:
    if homes.called(slug) is None:
        raise ValidationError(_("There is no such state or union territory."))


def phone_number(text: str) -> str:
    """Take out what people write between the digits: "+91 (80) 2222-3333" is +918022223333."""
    number = PHONE_MARKS.sub("", text)
    if number and not PHONE(number):
        raise ValidationError(
            _("A phone number has 7 to 15 digits, and may begin with + and the country's code.")
        )
    return number


class Profile(models.Model):
    """One row for each person who ever filled it in; `Profile.of(user)` is there for all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile"
    )
    bio = models.TextField(_("about me"), max_length=500, blank=True)
    home_state = models.CharField(
        _("home state"), max_length=60, blank=True, validators=[validate_home]
    )
    avatar = models.CharField(max_length=32, blank=True, editable=False)  # the files' name

    # Nobody but the person sees these, whatever the switches say.
    phone = models.CharField(_("phone"), max_length=16, blank=True, validators=[phone_number])
    address = models.TextField(_("address"), max_length=500, blank=True)

    shows_bio = models.BooleanField(_("about me"), default=False)
    shows_home_state = models.BooleanField(_("home state"), default=False)
    shows_avatar = models.BooleanField(_("picture"), default=False)
    shows_real_name = models.BooleanField(_("first and last name"), default=False)
    shows_joined = models.BooleanField(_("when I joined"), default=False)
    shows_passport = models.BooleanField(
        _("my passport, while I share it"), default=False, db_default=False
    )
    is_indexed = models.BooleanField(_("search engines may list my page"), default=False)

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.user.get_username()])

    @classmethod
    def of(cls, user) -> "Profile":
        """The person's profile; an empty one, not yet saved, for who never wrote in it."""
        try:
            return user.profile
        except cls.DoesNotExist:
            return cls(user=user)

    @property
    def name(self) -> str:
        """The name by which others know the person."""
        return self.user.display_name

    @property
    def home(self) -> homes.Home | None:
        return homes.called(self.home_state)

    # --- What others see ------------------------------------------------------------------------

    @property
    def shown_bio(self) -> str:
        return self.bio if self.shows_bio else ""

    @property
    def shown_home(self) -> homes.Home | None:
        return self.home if self.shows_home_state else None

    @property
    def shown_real_name(self) -> str:
        return (
            f"{self.user.first_name} {self.user.last_name}".strip() if self.shows_real_name else ""
        )

    @property
    def shown_joined(self) -> datetime | None:
        return self.user.date_joined if self.shows_joined else None

    @property
    def shown_avatar(self) -> str:
        return self.avatar if self.shows_avatar else ""

    @property
    def shown_links(self) -> list[person_links.Link]:
        return person_links.links_of(self.user) if self.shows_passport else []

    # --- Deeds ----------------------------------------------------------------------------------

    def write(
        self, *, by, pictures: Sequence[Picture] = (), drops_avatar: bool = False, **answers
    ) -> None:
        """Change fields of the profile, first and last name, and what the person looks like.

        Files come before the row, so that no row lacks its file, and the old ones go after it. So
        this is not to be called inside a transaction: were that undone, files would be left over.
        """
        name = secrets.token_urlsafe(16) if pictures else ""
        paths = [avatar_path(name, picture.size) for picture in pictures]
        try:
            for path, picture in zip(paths, pictures, strict=True):
                default_storage.save(path, ContentFile(picture.data))
            with transaction.atomic(durable=True):
                if pictures or drops_avatar:
                    self.leave_avatar()
                    answers["avatar"] = name
                self._keep(answers)
        except BaseException:
            remove(paths)
            raise

    def leave_avatar(self) -> None:
        """Remove the picture's files once the caller's transaction is through."""
        # One at a time, by the person: their first two pictures may come before there is a profile.
        people = get_user_model().objects.select_for_update(no_key=True)
        people.get(pk=self.user_id)
        before = Profile.objects.filter(pk=self.pk).values_list("avatar", flat=True).first()
        if before:
            old = [avatar_path(before, size) for size in AVATAR_SIZES]
            transaction.on_commit(partial(remove, old))

    def _keep(self, answers: dict) -> None:
        """Save these fields alone, so that what another form changed stays."""
        names = {"shown_name", "first_name", "last_name"} & answers.keys()
        if any(getattr(self.user, name) != answers[name] for name in names):
            generation.bump(NAMES)
        for field, value in answers.items():
            setattr(self.user if field in names else self, field, value)
        if names:
            self.user.save(update_fields=names)
        own = {field: value for field, value in answers.items() if field not in names}
        Profile.objects.update_or_create(user_id=self.user_id, defaults=own)


def person_at(name: str):
    """The active person of that user name, in any case of letters, with the profile; or None."""
    people = get_user_model().living.alias(lower=Lower("username"))
    return people.filter(lower=name.lower(), is_active=True).select_related("profile").first()


def avatar_path(name: str, size: int) -> str:
    return f"avatars/{name}-{size}.webp"


def remove(paths: Iterable[str]) -> None:
    """Delete files; one that cannot be is noted, and keeps nobody from going on."""
    for path in paths:
        try:
            default_storage.delete(path)
        except Exception:  # whatever the storage says, the deed itself is done
            logger.exception("a file that nobody needs any more could not be removed")
