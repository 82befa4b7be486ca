"""Static files as they are served: hashed names, one stylesheet, compressed."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/pocket.css"
IMPORT = re.compile(r'@import "([\w.-]+)";\n?')


class HashedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the imports of the stylesheet put in place.

    Development follows the `@import` lines; a reader gets one file for one request.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if STYLESHEET in paths and not dry_run:
            memory = InMemoryStorage()
            memory.save(STYLESHEET, ContentFile(self._bundle(*paths[STYLESHEET]).encode()))
            paths = {**paths, STYLESHEET: (memory, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def _bundle(self, storage, path: str) -> str:
        folder = path.rpartition("/")[0]

        def content(match: re.Match) -> str:
            with storage.open(f"{folder}/{match[1]}") as file:
                return file.read().decode()

        with storage.open(path) as file:
            return IMPORT.sub(content, file.read().decode())


def integrity(url: str) -> str:
    """Return the `integrity` value (sha384) of one of our static files, named by its URL."""
    path = url.removeprefix(settings.STATIC_URL)
    if isinstance(staticfiles_storage, HashedStorage):
        return _digest_once(Path(settings.STATIC_ROOT) / path)
    return _digest(Path(finders.find(path)))


def _digest(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


_digest_once = lru_cache(maxsize=256)(_digest)
