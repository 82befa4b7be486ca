"""Parts of pages that are the same for whoever asks, made once by each worker.

What a part says may depend on its key, the language, the style of numbers and the facts, and on
nothing else. In templates `{% kept %}` sees to that.
"""

import sys
from collections.abc import Callable, Hashable

from django.conf import settings
from django.utils.translation import get_language

from pocket.web import generation, numbers
from pocket.web.pagecache import Shelf

KEY_SIZE = 500  # bytes, about

shelf = Shelf(settings.PAGE_CACHE_MB * 1024 * 1024 // 8)


def kept(key: tuple[Hashable, ...], make: Callable[[], str]) -> str:
    if not settings.PAGE_CACHE:
        return make()
    key = (get_language(), numbers.style(), *key)
    text = shelf.get(key)
    if text is None:
        token = generation.current()
        text = make()
        shelf.put(key, text, sys.getsizeof(text) + KEY_SIZE, token=token)
    return text
