from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import events, roles, security_log, sessions

        # Permissions are made app by app; the roles come when the last one has its own.
        *_, last = (app for app in apps.get_app_configs() if app.models_module)
        post_migrate.connect(roles.set_up, sender=last)
        events.listen()
        security_log.listen()
        sessions.listen()
