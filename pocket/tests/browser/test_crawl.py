"""A crawl from the home page, by plain HTTP: every link leads somewhere, every #part exists."""

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPConnection
from threading import local
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

pytestmark = pytest.mark.browser  # with the others: it needs the served site, not the database

# Answered by later work, or by sending on: by name, so that nothing else slips through.
ELSEWHERE = {
    "/admin/": 302,
    "/search/suggest/": 302,
}
MEMBERS_ONLY = re.compile(r"/passport/[a-z-]+/")  # sends strangers to log in
MOST = 6_000  # addresses; more would mean that pages multiply
LINKS = {
    "a": "href",
    "link": "href",
    "script": "src",
    "img": "src",
    "form": "action",
    "use": "href",
    "source": "src",
}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.parts: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if has.get("id"):
            assert has["id"] not in self.parts, f"id twice: {has['id']}"
            self.parts.add(has["id"])
        if tag in LINKS and has.get(LINKS[tag]) is not None:
            self.links.add(has[LINKS[tag]])
        if has.get("hx-get"):
            self.links.add(has["hx-get"])
        if tag == "meta" and has.get("property") in ("og:image", "og:url"):
            self.links.add(has["content"])


class Crawler:
    """Asks for everything once. Pages with a query are read for their links only where it is

    short: two filters on one list are tried, every set of four states to compare is not.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self.mine = local()
        self.connections: list[HTTPConnection] = []
        self.statuses: dict[str, int] = {}
        self.pages: dict[str, Page] = {}
        self.asked_from: dict[str, str] = {}

    def get(self, address: str) -> tuple[str, int, str]:
        if not hasattr(self.mine, "connection"):
            self.mine.connection = HTTPConnection(urlsplit(self.home).netloc, timeout=20)
            self.connections.append(self.mine.connection)
        self.mine.connection.request("GET", address)
        reply = self.mine.connection.getresponse()
        body = reply.read()
        is_html = reply.headers.get_content_type() == "text/html" and reply.status == 200
        return address, reply.status, body.decode() if is_html else ""

    def is_read(self, address: str) -> bool:
        return len(parse_qsl(urlsplit(address).query)) <= 1

    def run(self) -> None:
        waiting = {"/": "", "/sitemap.xml": "", "/robots.txt": "", "/health/": ""}
        with ThreadPoolExecutor(4) as pool:
            while waiting:
                self.asked_from |= waiting
                assert len(self.asked_from) < MOST
                found: dict[str, str] = {}
                for address, status, text in pool.map(self.get, sorted(waiting)):
                    self.statuses[address] = status
                    if not text:
                        continue
                    self.pages[address] = page = Page(text)
                    if self.is_read(address):
                        found |= dict.fromkeys(self.inside(page, address), address)
                waiting = {
                    address: page
                    for address, page in found.items()
                    if address not in self.asked_from
                }

    def inside(self, page: Page, address: str) -> set[str]:
        """The addresses that a page names on this site, without their #parts."""
        full = {urljoin(self.home + address, link) for link in page.links}
        # One door for all, whatever page it leads back to; one form, whatever figure it is about.
        full = {link.partition("?next=")[0].partition("?about=")[0] for link in full}
        return {
            link.removeprefix(self.home).partition("#")[0] or "/"
            for link in full
            if link == self.home or link.startswith(self.home + "/")
        }


@pytest.fixture(scope="module")
def crawl(live_site):
    crawler = Crawler(live_site.url)
    crawler.run()
    for connection in crawler.connections:
        connection.close()
    print(f"{len(crawler.statuses)} addresses, {len(crawler.pages)} pages")
    return crawler


def expected(path: str) -> int:
    return 302 if MEMBERS_ONLY.fullmatch(path) else ELSEWHERE.get(path, 200)


def test_every_address_answers(crawl):
    assert len(crawl.pages) > 36 * 2
    wrong = {
        f"{address} (from {crawl.asked_from[address]})": status
        for address, status in crawl.statuses.items()
        if status != expected(urlsplit(address).path)
    }
    assert wrong == {}


def test_every_link_to_a_part_finds_it(crawl):
    missing = set()
    for address, page in crawl.pages.items():
        for link in page.links:
            target, _, part = urljoin(crawl.home + address, link).partition("#")
            where = target.removeprefix(crawl.home)
            if part and where in crawl.pages and part not in crawl.pages[where].parts:
                missing.add(f"{re.sub(r'[?].*', '', address)}: {link}")
    assert missing == set()


def test_all_states_and_rankings_are_reached(crawl):
    states = {path for path in crawl.pages if re.fullmatch(r"/states/[a-z-]+/card/", path)}
    assert len(states) == 36
    assert sum(path.startswith("/states/rankings/") for path in crawl.pages) > 10
