"""The two yardsticks of `make bench`, served by gunicorn beside the site; no part of the product.

`tools.bench_bare:view`: a view that answers "ok" through the site's own settings and middleware.
`tools.bench_bare:raw`: a WSGI function without Django, the most that gunicorn can do here.
"""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("ok"))]


def raw(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def bare_site() -> WSGIHandler:
    os.environ["DJANGO_SETTINGS_MODULE"] = "pocket.settings"
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = __name__
    django.setup(set_prefix=False)
    return WSGIHandler()


view = bare_site()
