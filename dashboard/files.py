"""A list of the desk as a file: streamed, harmless in a spreadsheet, and noted in the log."""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone

from audit import trail
from dashboard.lists import Shown
from pocket.web.http import Request
from pocket.web.spreadsheet import csv_lines


def as_csv(
    request: Request, shown: Shown, *, field: str, untold: tuple[str, ...] = ()
) -> StreamingHttpResponse:
    """All that the filters leave, from high to low by this unique field.

    Of the filters `untold`, which may name people, the log says only that they were used.
    """
    header = [column.name for column in shown.desk_list.columns]
    lines = csv_lines(header, shown.everything(field))
    return _file(request, shown, lines, "csv", "text/csv; charset=utf-8", untold)


def as_json(
    request: Request, shown: Shown, *, field: str, untold: tuple[str, ...] = ()
) -> StreamingHttpResponse:
    lines = json_lines(shown.rows_of_a_file(field))
    return _file(request, shown, lines, "json", "application/json", untold)


def json_lines(rows: Iterator[dict]) -> Iterator[str]:
    """A JSON list, an element a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, default=str)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _file(
    request: Request,
    shown: Shown,
    lines: Iterator[str],
    ending: str,
    content_type: str,
    untold: tuple[str, ...],
) -> StreamingHttpResponse:
    name = shown.desk_list.name
    asked = {key: "…" if key in untold else value for key, value in request.GET.items() if value}
    trail.record(
        "dashboard.exported", target=None, actor=request.user, list=name, form=ending, filters=asked
    )
    response = StreamingHttpResponse(lines, content_type=content_type)
    day = f"{timezone.localdate():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="pocket-{name}-{day}.{ending}"'
    return response
