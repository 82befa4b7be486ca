from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import roles, security_log

        post_migrate.connect(roles.set_up, sender=self)
        security_log.listen()
