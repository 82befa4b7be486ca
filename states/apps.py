from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatesConfig(AppConfig):
    name = "states"
    verbose_name = _("States")

    def ready(self) -> None:
        from accounts import homes
        from states.atlas import all_homes

        homes.offer(all_homes)
