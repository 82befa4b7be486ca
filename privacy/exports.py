"""The zip with everything of one person, and the folder where it waits.

A file gets its name only once it is whole, and stays only while a row says that it is ready; what
else lies in the folder was left by a crash, and is swept. With the same holdings and moment it has
the same bytes. However much there is, little of it is in memory at a time.
"""

import csv
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files import File
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

from pocket.web.spreadsheet import harmless
from privacy.holdings import holders

DRAFT = timedelta(hours=6)  # the queue has long given up what is as old as that
IN_MEMORY = 1024 * 1024
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST_NAME = 100


# --- The folder ----------------------------------------------------------------------------------


def path_of(key: object) -> Path:
    return settings.EXPORTS_ROOT / f"{key}.zip"


@contextmanager
def draft(key: object) -> Iterator[IO[bytes]]:
    """Open a file for the site alone; it is gone afterwards unless `keep` took it."""
    settings.EXPORTS_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {"dir": settings.EXPORTS_ROOT, "prefix": f"{key}.", "suffix": ".part"}
    with NamedTemporaryFile(**options, delete=False) as file:  # of mode 0600
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def keep(file: IO[bytes], key: object) -> None:
    """Give a whole file its name, and be sure that it is on the disk before anybody says so."""
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(path_of(key))


def remove(keys: Iterable[object]) -> None:
    for key in keys:
        path_of(key).unlink(missing_ok=True)


def sweep(wanted: Collection[str]) -> None:
    """Remove every file but those of these keys, and drafts that somebody may be writing."""
    if not settings.EXPORTS_ROOT.is_dir():
        return
    old = (timezone.now() - DRAFT).timestamp()
    for path in settings.EXPORTS_ROOT.iterdir():
        if path.suffix == ".zip" and path.stem in wanted:
            continue
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)


# --- The zip -------------------------------------------------------------------------------------


def write(file: IO[bytes], person, *, moment: datetime) -> None:
    """Write the zip, its words in the person's language."""
    language = person.chosen_language or settings.LANGUAGE_CODE
    with translation.override(language), ZipFile(file, "w") as zipped:
        parcel = Parcel(zipped, moment)
        for holder in holders():
            app, words = holder.__name__.partition(".")[0], getattr(holder, "WORDS", {})
            if hasattr(holder, "of"):
                for name, held in holder.of(person).items():
                    parcel.put_data(f"data/{app}-{name}", held, words.get(name, ""))
            if hasattr(holder, "files"):
                for name, file_held in holder.files(person):
                    with file_held:
                        parcel.put_file(name, file_held, words.get("files", ""))
        parcel.put_readme(person)


class Parcel:
    """A zip that is being packed, and remembers what was put into it."""

    def __init__(self, zipped: ZipFile, moment: datetime) -> None:
        self.zipped = zipped
        self.moment = moment.astimezone(UTC)
        self.contents: dict[str, str | Promise] = {}

    @contextmanager
    def member(self, name: str, words: str | Promise, how: int = ZIP_DEFLATED) -> Iterator[IO]:
        info = ZipInfo(name, self.moment.timetuple()[:6])
        info.create_system, info.external_attr = 3, 0o600 << 16  # on every machine alike
        info.compress_type = how
        self.contents[name] = words
        with self.zipped.open(info, "w") as member:
            yield member

    def put_data(self, name: str, held: Any, words: str | Promise) -> None:
        if isinstance(held, dict | str | int | float | None):
            with self.member(f"{name}.json", words) as member:
                member.write(as_json(held) + b"\n")
        else:
            self.put_rows(name, held, words)

    def put_rows(self, name: str, rows: Iterable[Any], words: str | Promise) -> None:
        """Write them as JSON, and as a table unless there is nothing or no columns."""
        with SpooledTemporaryFile(IN_MEMORY) as spool:
            table = Table(spool)
            with self.member(f"{name}.json", words) as member:
                before = b"[\n  "
                for row in rows:
                    # No other line ends in it: those of a text are written as \n.
                    member.write(before + as_json(row).replace(b"\n", b"\n  "))
                    before = b",\n  "
                    if isinstance(row, dict):
                        table.add(row)
                member.write(b"[]\n" if before.startswith(b"[") else b"\n]\n")
            if table.is_begun:
                table.rewind()
                with self.member(f"{name}.csv", words) as member:
                    shutil.copyfileobj(spool, member)

    def put_file(self, name: str, file: File, words: str | Promise) -> None:
        path = f"files/{safe_name(name)}"
        start, dot, end = path.rpartition(".")
        names = (f"{start} ({n}).{end}" if dot else f"{path} ({n})" for n in count(2))
        while path in self.contents:
            path = next(names)
        with self.member(path, words, ZIP_STORED) as member:  # pictures are packed already
            for chunk in file.chunks():
                member.write(chunk)

    def put_readme(self, person) -> None:
        told: dict[str, tuple[list[str], str | Promise]] = {}
        for name, words in sorted(self.contents.items()):
            twins, _ = told.setdefault(name.removesuffix(".csv").removesuffix(".json"), ([], words))
            twins.append(name)
        context = {
            "person": person,
            "moment": self.moment.isoformat(timespec="seconds"),
            "contents": told.values(),
            "SITE_URL": settings.SITE_URL,
        }
        text = render_to_string("privacy/export_readme.txt", context)
        with self.member("README.txt", "") as member:
            member.write(text.encode())


class Table:
    """Rows as CSV: a mark at the beginning, so that spreadsheets read it as UTF-8."""

    def __init__(self, file: IO[bytes]) -> None:
        self.text = TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
        self.writer: csv.DictWriter | None = None

    @property
    def is_begun(self) -> bool:
        return self.writer is not None

    def add(self, row: dict) -> None:
        if self.writer is None:
            self.writer = csv.DictWriter(self.text, list(row), quoting=csv.QUOTE_ALL)
            self.writer.writerow({name: cell(name) for name in row})
        self.writer.writerow({name: cell(value) for name, value in row.items()})

    def rewind(self) -> None:
        """Hand the file back, to be read from its beginning."""
        self.text.detach().seek(0)


def as_json(held: Any) -> bytes:
    text = json.dumps(held, ensure_ascii=False, indent=2)
    return text.encode(errors="replace")  # a database may hold half a character


def cell(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return json.dumps(value, ensure_ascii=False)


def safe_name(name: str) -> str:
    """Make a name that every system takes for a file in the folder where it is unpacked."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    name = UNSAFE.sub("_", name).strip(". ") or "file"
    start, dot, end = name.rpartition(".")
    if dot and len(end) <= 10:
        name = f"{start[: LONGEST_NAME - len(end) - 1]}.{end}"
    name = name[:LONGEST_NAME]
    return f"_{name}" if RESERVED.match(name) else name
