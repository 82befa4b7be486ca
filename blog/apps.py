from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from accounts import names
        from blog import comment_news, personal

        comment_news.register()
        names.shown_by(personal.show_name_anew)
