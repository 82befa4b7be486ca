from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from pocket.web import numbers


class ReaderPreferences:
    """Speak to a reader with a session in the language and the numbers that they chose.

    Before the view, so that the page cache keeps a page for each choice. Visitors have none, and
    a view that says it is neutral costs no look at who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as request.manner:
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if getattr(view, "is_neutral", False) or not request.user.is_authenticated:
            return
        request.manner.enter_context(numbers.written_in(request.user.chosen_numbers))
        if language := request.user.chosen_language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
