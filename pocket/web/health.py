"""Is the process alive; is it ready to serve?"""

import secrets
import tempfile

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pocket.web.client import is_loopback


@require_safe
@csrf_exempt  # it only reads
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked, least of all the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@csrf_exempt  # it only reads
def ready(request: HttpRequest) -> JsonResponse:
    """Everything a page needs is there, or 503. Only staff and this machine learn what is not."""
    failed = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as problem:  # a check fails in whatever way its server fails
            failed[name] = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]

    answer: dict = {"status": "unavailable" if failed else "ok"}
    if is_loopback(request) or _is_staff(request, failed):
        answer["checks"] = {name: failed.get(name, "ok") for name in CHECKS}
    response = JsonResponse(answer, status=503 if failed else 200)
    if failed:
        response["Retry-After"] = "5"
    return response


def _is_staff(request: HttpRequest, failed: dict) -> bool:
    """Ask for the person only where the database, which knows, can answer."""
    return "database" not in failed and "migrations" not in failed and request.user.is_staff


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise RuntimeError(f"{len(missing)} not applied")


def _cache() -> None:
    token = secrets.token_hex(8)
    cache.set(f"health:{token}", token, 10)
    if cache.get(f"health:{token}") != token:
        raise RuntimeError("what was written did not come back")
    cache.delete(f"health:{token}")


def _storage() -> None:
    with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
        file.write(b"ok")


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "storage": _storage,
}
