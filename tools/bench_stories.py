"""Measure whether stories grow slow: `make bench-stories ROUNDS=40`.

Three sites of 10, 1,000 and 100,000 stories, the last with 1,000,000 comments, each page made anew
for each request. They are asked in turn, so that a busy machine is unfair to each of them alike.
Once on SQLite, once on Postgres. What counts is the last column: how many times as long the largest
takes as the smallest that has as much to show.
"""

import base64
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tools.servers import Missing, postgres
from tools.serving import ServingError, Site, manage, serve

SIZES = {10: 5_100, 1_000: 15_000, 100_000: 1_000_000}  # stories: comments
MOST = 1.5
# A place in the order, for a link: what pocket/web/keyset.py reads.
PLACES = """
import json
from blog.posts import NEWEST, Post
from django.apps import apps
found = {}
public = Post.objects.public().order_by(*NEWEST)
behind = min(19_980, max(0, public.count() - 21))
row = public[behind]
found["list"] = [row.published_at.isoformat(), str(row.pk)] if behind else []
try:
    said = apps.get_model("blog", "Comment").objects.filter(post__slug="bench-0")
    row = said.order_by("thread", "id")[4_900]
    found["comments"] = [str(row.thread), str(row.pk)]
except LookupError:
    found["comments"] = []
print("places", json.dumps(found))
"""


@dataclass
class Page:
    """`least` is the smallest site that has as much to show as the largest."""

    name: str
    paths: dict[int, str] = field(default_factory=dict)
    least: int = 10
    took: dict[int, list[float]] = field(default_factory=dict)
    queries: dict[int, set[int]] = field(default_factory=dict)

    def middle(self, size: int) -> float:
        return statistics.median(self.took[size]) * 1000

    @property
    def growth(self) -> float:
        return self.middle(max(self.took)) / self.middle(self.least)


class BenchError(Exception):
    """A page does not answer as it should."""


def pages_of(places: dict[int, dict[str, list]]) -> list[Page]:
    def same(name: str, path: str, least: int = 10) -> Page:
        return Page(name, dict.fromkeys(places, path), least)

    deep = {size: f"/blog/{after(it['list'])}" for size, it in places.items()}
    said = {size: f"/blog/bench-0/{after(it['comments'])}" for size, it in places.items()}
    return [
        same("list", "/blog/", 1_000),
        Page("list, deep", deep, 1_000),
        same("tag", "/blog/tag/rivers/", 1_000),
        same("state", "/blog/state/kerala/", 1_000),
        same("year", "/blog/year/2026/", 1_000),
        same("author's", "/blog/by/bench-writer/", 1_000),
        same("feed", "/blog/feed/", 1_000),
        same("feed of a tag", "/blog/tag/rivers/feed/", 1_000),
        same("story, 20 comments", "/blog/bench-1/"),
        same("story, 5,000 comments", "/blog/bench-0/"),
        Page("story, comment 4,901 on", said),
        same("search, common word", "/search/?q=monsoon", 1_000),
        same("search, common, all", "/search/?q=monsoon&kind=story", 1_000),
        same("search, rare word", "/search/?q=zamorin"),
        same("search, nothing", "/search/?q=qqqzzzxx"),
        same("home", "/"),
        same("state page", "/states/kerala/"),
    ]


def after(values: list) -> str:
    if not values:
        return ""
    told = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"?after={told}"


# --- The sites ----------------------------------------------------------------------------------


@contextlib.contextmanager
def filled(folder: Path, url: str) -> Iterator[dict[int, Site]]:
    """A site of each size; `url` is of a Postgres, or "" for SQLite."""
    with contextlib.ExitStack() as until_the_end:
        sites = {}
        for size, comments in SIZES.items():
            var = folder / str(size)
            var.mkdir(parents=True)
            settings = {"PAGE_CACHE": "False", "TASK_WORKER": "False", "WEB_CONCURRENCY": "1"}
            if url:
                settings["DATABASE_URL"] = database(url, f"stories_{size}")
            site = until_the_end.enter_context(serve(var, **settings))
            began = time.perf_counter()
            manage(
                *("fill_stories", "--stories", str(size), "--comments", str(comments)),
                environment=site.environment,
            )
            took = time.perf_counter() - began
            print(f"{size:>7} stories, {comments:>9} comments: {took:.0f} s to fill", flush=True)
            sites[size] = site
        yield sites


def database(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def places_of(site: Site) -> dict[str, list]:
    told = manage("shell", "-c", PLACES, environment=site.environment)
    [line] = [line for line in told.splitlines() if line.startswith("places ")]
    return json.loads(line.removeprefix("places "))


def queries_of(site: Site) -> dict[str, int]:
    """How many queries each answered request took, by its id, as the log tells."""
    found = {}
    for line in (site.var / "gunicorn.log").read_text().splitlines():
        with contextlib.suppress(ValueError):  # lines of gunicorn itself are no JSON
            told = json.loads(line)
            if told.get("message") == "request":
                found[told["id"]] = told["queries"]
    return found


# --- Measuring ----------------------------------------------------------------------------------


def measure(sites: dict[int, Site], pages: list[Page], rounds: int) -> None:
    doors = {size: HTTPConnection("127.0.0.1", it.port, timeout=60) for size, it in sites.items()}
    ids: list[tuple[Page, int, str]] = []
    for number in range(-2, rounds):  # the first two warm it up
        for page in pages:
            for size, door in doors.items():
                began = time.perf_counter()
                door.request("GET", page.paths[size])
                reply = door.getresponse()
                reply.read()
                took = time.perf_counter() - began
                if reply.status != 200:
                    raise BenchError(f"{page.paths[size]} answers {reply.status} at {size}.")
                if number >= 0:
                    page.took.setdefault(size, []).append(took)
                    ids.append((page, size, reply.headers["X-Request-ID"]))
    for door in doors.values():
        door.close()
    time.sleep(1)  # a line is written after its answer has left
    asked = {size: queries_of(site) for size, site in sites.items()}
    for page, size, request in ids:
        page.queries.setdefault(size, set()).add(asked[size][request])


def table(pages: list[Page]) -> str:
    head = "".join(f"{f'{size:,} stories':>18}" for size in SIZES)
    lines = [f"{'ms (queries)':26}{head}   growth"]
    for page in pages:
        cells = ""
        for size in SIZES:
            # On Postgres the kept pages' generation is asked for once a second besides.
            cells += f"{page.middle(size):>12.1f} {f'({min(page.queries[size])})':>5}"
        verdict = "" if page.growth <= MOST else "  !"
        lines.append(f"{page.name:26}{cells}{page.growth:>9.2f} of {page.least:,}{verdict}")
    return "\n".join(lines)


def main() -> None:
    rounds = max(1, int(os.environ.get("ROUNDS") or 40))
    with tempfile.TemporaryDirectory(prefix="pocket-") as name, contextlib.ExitStack() as servers:
        for database_name in ("SQLite", "Postgres"):
            url = ""
            print(f"\n{database_name}", flush=True)
            if database_name == "Postgres":
                try:
                    url = servers.enter_context(postgres())
                except Missing as problem:
                    print(problem)
                    break
            with filled(Path(name, database_name), url) as sites:
                pages = pages_of({size: places_of(site) for size, site in sites.items()})
                measure(sites, pages, rounds)
                print(table(pages), flush=True)


if __name__ == "__main__":
    try:
        main()
    except (BenchError, ServingError) as problem:
        sys.exit(f"make bench-stories: {problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
