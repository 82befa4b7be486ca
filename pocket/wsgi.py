"""The front door: the log, then the page cache, then Django."""

import os
from collections.abc import Callable

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pocket.settings")

django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from pocket.web.http import ReadableRequest  # noqa: E402
from pocket.web.pagecache import PageCache  # noqa: E402
from pocket.web.requestlog import RequestLog  # noqa: E402


def front_door(app: Callable) -> Callable:
    app.request_class = ReadableRequest
    if settings.PAGE_CACHE:
        app = PageCache(app, settings.PAGE_CACHE_MB * 1024 * 1024 // 2)
    return RequestLog(app)


application = front_door(django)
