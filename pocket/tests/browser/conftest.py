"""A reader's browser on the real site. It listens all the time: see `Reader.complaints`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Response

from pocket.tests.browser.kinds import Kind

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# Not loud enough in the console of every version, so the page is asked itself.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# A navigation that overtook the browser's transition; a question that a newer one overtook.
HARMLESS = re.compile(
    r"^(AbortError: )?Transition was (skipped|aborted)|^htmx: htmx:error: signal is aborted"
)


@dataclass
class Reader:
    """A page, and all that went wrong on it: console, script errors, CSP, strangers, cookies."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def forgive(self, *patterns: str) -> None:
        """Say which complaints belong to the test, as regular expressions."""
        self.forgiven.extend(patterns)

    def goto(self, kind: Kind | str) -> Response:
        kind = Kind(kind) if isinstance(kind, str) else kind
        if kind.status >= 400:  # the browser notes it in its console, and should
            self.forgive(f"Failed to load resource: .* {kind.status} ")
        if kind.method == "GET":
            reply = self.page.goto(kind.path)
        else:
            self.page.route(self.home + kind.path, lambda route: self._resend(route, kind.method))
            reply = self.page.goto(kind.path)
            self.page.unroute(self.home + kind.path)
        assert reply.status == kind.status
        return reply

    def _resend(self, route, method: str) -> None:
        reply = route.fetch(method=method)
        route.fulfill(response=reply)

    def listen(self) -> None:
        page = self.page
        page.on("console", lambda said: said.type in ("error", "warning") and self._note(said.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", self._look_at_request)
        page.on("response", self._look_at_response)

    def _note(self, complaint: str) -> None:
        self.complaints.append(f"{self.page.url}: {complaint}")

    def _look_at_request(self, request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self._note(f"asks another host: {request.url}")

    def _look_at_response(self, response) -> None:
        if "set-cookie" in response.headers:
            self._note(f"sets a cookie: {response.url}")

    def verdict(self) -> list[str]:
        bad = [
            said
            for said in self.complaints
            if not HARMLESS.search(said.partition(": ")[2])
            and not any(re.search(pattern, said) for pattern in self.forgiven)
        ]
        return bad + [f"keeps a cookie: {kept['name']}" for kept in self.page.context.cookies()]


@pytest.fixture
def reader_of(chromium, live_site) -> Callable[..., Reader]:
    """Make a reader, by default on a desk; at the end nobody may have complained."""
    readers = []

    def make(*, width: int = 1280, height: int = 900, axe: bool = False, **options) -> Reader:
        context = chromium.new_context(
            base_url=live_site.url, viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(10_000)
        if options.get("java_script_enabled", True):
            context.add_init_script(TELL_VIOLATIONS)
        if axe:
            context.add_init_script(path=AXE)
        reader = Reader(context.new_page(), live_site.url)
        reader.listen()
        readers.append(reader)
        return reader

    yield make
    verdicts = [said for reader in readers for said in reader.verdict()]
    for reader in readers:
        reader.page.context.close()
    assert verdicts == []


@pytest.fixture
def reader(reader_of) -> Reader:
    return reader_of()


@pytest.fixture
def page(reader) -> Page:
    return reader.page
