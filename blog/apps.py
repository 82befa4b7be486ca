from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from blog import comment_news

        comment_news.register()
