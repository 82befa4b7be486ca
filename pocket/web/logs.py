"""One JSON line for everything the site writes to its log."""

import json
import logging


class JSONFormatter(logging.Formatter):
    """A record as one JSON object; `extra={"fields": {…}}` adds to it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **getattr(record, "fields", {}),
        }
        if request := getattr(record, "request", None):
            line["id"] = getattr(request, "META", {}).get("pocket.request_id")
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        text = json.dumps(line, ensure_ascii=False, default=str)
        return text.encode(errors="backslashreplace").decode()  # lone surrogates cannot be written


def _message(record: logging.LogRecord) -> str:
    """Django's own words on a request end in its path, which may name a person: leave it out."""
    if record.name.startswith("django.request") and hasattr(record, "status_code"):
        return f"answered {record.status_code}"
    return record.getMessage()
