from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "once"
