from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    name = "contact"

    def ready(self) -> None:
        from accounts import mails
        from contact.models import ANSWER, MAIL

        label = _("New messages to the people who run the site")
        mails.register(mails.Kind(MAIL, label, permission=ANSWER))
