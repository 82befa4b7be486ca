from django.apps import AppConfig


class PassportConfig(AppConfig):
    name = "passport"

    def ready(self) -> None:
        from accounts import person_links
        from passport.sharing import link_of

        person_links.offer(link_of)
