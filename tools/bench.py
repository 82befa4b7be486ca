"""Measure how fast the site is beside two yardsticks: `make bench ROUNDS=3 SECONDS=2`.

Everything runs in one go on loopback, round by round through all subjects, so that a busy
machine is unfair to each of them alike. The ratios to the bare view are what to compare.
"""

import contextlib
import gzip
import html.parser
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tools.serving import ServingError, manage, serve

CONNECTIONS = (1, 16, 64)
STATE = "/states/karnataka/"
BROWSER = {"Accept-Encoding": "br, gzip", "Accept-Language": "en", "Accept": "text/html,*/*"}


@dataclass(eq=False)
class Subject:
    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    results: dict[int, list[tuple[float, float, float]]] = field(default_factory=dict)

    def median(self, connections: int) -> tuple[float, float, float]:
        return tuple(map(statistics.median, zip(*self.results[connections], strict=True)))


class BenchError(Exception):
    """What was to be measured does not answer as it should."""


# --- Measuring: requests a second, p50 and p99 in milliseconds ----------------------------------


def by_wrk(subject: Subject, connections: int, seconds: float) -> tuple[float, float, float]:
    headers = [part for item in subject.headers.items() for part in ("-H", ": ".join(item))]
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:g}s",
        "--timeout",
        "10s",
        "--latency",
        *headers,
    ]
    told = subprocess.run([*command, subject.url], capture_output=True, text=True, check=True)
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", told.stdout):
        raise BenchError(f"{subject.name} at {connections} connections: {wrong[0]}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told.stdout)[1])
    return rate, milliseconds(told.stdout, 50), milliseconds(told.stdout, 99)


def milliseconds(told: str, percent: int) -> float:
    value, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", told).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def by_threads(subject: Subject, connections: int, seconds: float) -> tuple[float, float, float]:
    """Python asks and so takes a share of the processor: good for ratios, not for records."""
    address = urlsplit(subject.url)
    end = time.perf_counter() + seconds
    took: list[float] = []
    problems: list[str] = []

    def ask() -> None:
        connection = HTTPConnection(address.hostname, address.port, timeout=10)
        while (began := time.perf_counter()) < end and not problems:
            connection.request("GET", address.path, headers=subject.headers)
            reply = connection.getresponse()
            reply.read()
            took.append(time.perf_counter() - began)
            if reply.status != 200:
                problems.append(f"{subject.name} answers {reply.status}")
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise BenchError(problems[0])
    took.sort()
    return len(took) / seconds, took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000


# --- Looking before measuring -------------------------------------------------------------------


def fetch(url: str, headers: dict[str, str]) -> tuple[bytes, dict[str, str], int]:
    """Return the body as it came over the wire, the headers, and the status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as reply:
            return reply.read(), dict(reply.headers), reply.status
    except urllib.error.HTTPError as refusal:
        return b"", dict(refusal.headers), refusal.code


def missing(subjects: list[Subject]) -> list[str]:
    statuses = {subject: fetch(subject.url, subject.headers)[2] for subject in subjects}
    return [f"{it.name} answers {status}" for it, status in statuses.items() if status != 200]


class Parts(html.parser.HTMLParser):
    """The addresses that a browser fetches with the page."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in {"script", "img"} and attributes.get("src"):
            self.found.append(attributes["src"])
        kinds = {"stylesheet", "icon", "modulepreload", "preload", "manifest"}
        if tag == "link" and kinds & set((attributes.get("rel") or "").split()):
            self.found.append(attributes["href"])


def sizes(site: str) -> str:
    page, headers, _ = fetch(site + STATE, BROWSER)
    lines = [(STATE, headers.get("Content-Encoding", "plain"), len(page))]
    parts = Parts()
    parts.feed(unpacked(page, headers))
    for address in dict.fromkeys(urljoin(site + STATE, part) for part in parts.found):
        body, headers, status = fetch(address, BROWSER)
        if status != 200:
            raise BenchError(f"{address} answers {status}")
        lines.append((urlsplit(address).path, headers.get("Content-Encoding", "plain"), len(body)))
    lines.append((f"{len(lines)} requests", "", sum(size for *_, size in lines)))
    return "\n".join(f"{path:60} {coding:6} {size:>8} B" for path, coding, size in lines)


def unpacked(body: bytes, headers: dict[str, str]) -> str:
    coding = headers.get("Content-Encoding")
    if coding == "br":
        import brotli

        body = brotli.decompress(body)
    elif coding == "gzip":
        body = gzip.decompress(body)
    return body.decode()


HASH = """
import time
from accounts.passwords import hashed
hashed("the first one loads the library")
began, used = time.perf_counter(), time.process_time()
for _ in range(5):
    hashed("monsoon over Kaveri 1924")
took, used = time.perf_counter() - began, time.process_time() - used
print(f"A password is hashed in {took / 5:.2f} s, {used / 5:.2f} s of processor.")
"""


def cost_of_a_hash(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", HASH]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return told.stdout.strip()


# --- The whole ----------------------------------------------------------------------------------


def subjects_of(cached: str, uncached: str, bare: str, raw: str, cookie: str) -> list[Subject]:
    reader = {**BROWSER, "Cookie": cookie}
    return [
        Subject("raw WSGI function", f"{raw}/"),
        Subject("bare view", f"{bare}/", BROWSER),
        Subject("/", f"{cached}/", BROWSER),
        Subject(STATE, cached + STATE, BROWSER),
        Subject("/ uncached", f"{uncached}/", BROWSER),
        Subject(f"{STATE} uncached", uncached + STATE, BROWSER),
        Subject(f"{STATE} with a session", cached + STATE, reader),
        Subject("/states/", f"{cached}/states/", BROWSER),
        Subject(
            "/states/rankings/literacy-rate-2011/",
            f"{cached}/states/rankings/literacy-rate-2011/",
            BROWSER,
        ),
        Subject("/accounts/login/", f"{cached}/accounts/login/", BROWSER),
        Subject("/passport/", f"{cached}/passport/", reader),
        Subject("/health/", f"{cached}/health/", BROWSER),
    ]


def table(subjects: list[Subject]) -> str:
    head = f"{'':36}" + "".join(f"{f'{c} connections':^34}" for c in CONNECTIONS)
    columns = f"{'':36}" + f"{'req/s':>9}{'ratio':>8}{'p50 ms':>8}{'p99 ms':>9}" * len(CONNECTIONS)
    bare = next(subject for subject in subjects if subject.name == "bare view")
    lines = [head.rstrip(), columns]
    for subject in subjects:
        line = f"{subject.name:36}"
        for connections in CONNECTIONS:
            rate, middle, slow = subject.median(connections)
            ratio = rate / bare.median(connections)[0]
            line += f"{rate:>9.0f}{ratio:>8.2f}{middle:>8.2f}{slow:>9.2f}"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    rounds = max(1, int(os.environ.get("ROUNDS") or 3))
    seconds = max(1, float(os.environ.get("SECONDS") or 2))
    measure = by_wrk if shutil.which("wrk") else by_threads
    with contextlib.ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pocket-")))
        served = {}
        for name, arguments, settings in (
            ("cached", [], {}),
            ("uncached", [], {"PAGE_CACHE": "False"}),
            ("bare", ["tools.bench_bare:view"], {}),
            ("raw", ["tools.bench_bare:raw"], {}),
        ):
            var = folder / name
            var.mkdir()
            served[name] = until_the_end.enter_context(serve(var, *arguments, **settings))
        begin = "from tools.sessions import begin; print('sessionid=' + begin('bench'))"
        told = manage("shell", "-c", begin, environment=served["cached"].environment)
        cookie = told.split()[-1]
        urls = {name: site.url for name, site in served.items()}
        subjects = subjects_of(**urls, cookie=cookie)
        if problems := missing(subjects):
            raise BenchError("not measured, because " + "; ".join(problems))

        total = len(subjects) * len(CONNECTIONS) * rounds * seconds
        print(f"Asked by {measure.__name__.removeprefix('by_')}, {rounds} rounds of {seconds:g} s")
        print(f"each, medians; ratio to the bare view. About {total:.0f} s.\n", flush=True)
        for subject in subjects:
            measure(subject, 4, 0.5 if measure is by_threads else 1)
        for _ in range(rounds):
            for connections in CONNECTIONS:
                for subject in subjects:
                    result = measure(subject, connections, seconds)
                    subject.results.setdefault(connections, []).append(result)
        print(table(subjects))
        print(f"\n{STATE}, as a browser fetches it the first time:\n{sizes(urls['cached'])}")
        print(f"\n{cost_of_a_hash(served['cached'].environment)}")


if __name__ == "__main__":
    try:
        main()
    except (BenchError, ServingError) as problem:
        sys.exit(f"make bench: {problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
