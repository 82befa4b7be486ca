"""User names: what they look like, and which are nobody's."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHORTEST = 3
LONGEST = 30
INSIDE = "._-"  # but not first or last
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

is_well_formed = RegexValidator(
    r"\A[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\Z",
    gettext_lazy(
        "Use the English letters a to z and the digits 0 to 9. "
        "In between, full stop, hyphen and underscore are allowed too."
    ),
)
is_long_enough = MinLengthValidator(
    SHORTEST, gettext_lazy("Use at least %(limit_value)d characters.")
)


class UsernameField(models.CharField):
    """Full-width letters become plain ones, whatever way a name comes in."""

    def to_python(self, value):
        value = super().to_python(value)
        return unicodedata.normalize("NFKC", value) if isinstance(value, str) else value


# Who says one of these would be taken for the site, its staff or a page. Written without marks.
RESERVED = frozenset(
    """
    abuse admin administrator admins anonymous billing bot contact deleted deletedmember
    deleteduser dev developer editor editorial editors everyone feedback government govindia
    grower guest help helpdesk hostmaster india indiainyourpocket info legal mail mailerdaemon
    me member members moderation moderator moderators mods myself nobody none noreply null
    official owner password pocket pocketadmin pocketindia pockethelp pocketstaff pocketsupport
    pocketteam postmaster press privacy producer producers public register root sales security
    self service staff status superuser support sys sysadmin system team test undefined unknown
    user username users verified verify visitor webmaster you
    about accessibility account accounts api app apps ask assets atom auth b blog cdn compare
    dashboard data download edit embed error export favicon feed feeds ftp health home htmx http
    https images img index join js css kerberos localhost login logout manifest map maps media
    new oauth passport passwords people produce profile rankings report reports robots rss
    search session sessions settings signin signout signup sitemap smtp sources states static
    stories story subscribe wellknown www www1 www2 xml
    """.split()  # noqa: SIM905
)


def is_kept_as(name: str) -> bool:
    """Whether the database takes it as a user name; the first to have it, that is."""
    return SHORTEST <= len(name) <= LONGEST and is_well_formed.regex.search(name) is not None


def chosen(text: str) -> str:
    """The user name that someone asks for, as it is kept; a ValidationError says what to change.

    For signing up and renaming. A user name made by `createsuperuser` may be a reserved one.
    """
    name = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).strip()
    is_well_formed(name)
    is_long_enough(name)
    if len(name) > LONGEST:
        raise ValidationError(
            _("Use at most %(longest)d characters."),
            code="max_length",
            params={"longest": LONGEST},
        )
    if re.sub("[._-]", "", name).lower() in RESERVED:
        raise ValidationError(
            _("This user name is kept for the site itself. Choose another."), code="reserved"
        )
    return name
