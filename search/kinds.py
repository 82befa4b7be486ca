from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What can be found, in the order in which equally good results are shown."""

    STATE = "state", _("States")
    PLACE = "place", _("Places")
    DISH = "dish", _("Dishes")
    CRAFT = "craft", _("Crafts")
    FESTIVAL = "festival", _("Festivals")
    PRODUCE = "produce", _("Produce")
    STORY = "story", _("Stories")


# Of these there may come to be as many as anybody writes.
GROWING = {Kind.STORY}
ORDER = {kind: number for number, kind in enumerate(Kind.values)}
