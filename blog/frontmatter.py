"""Fields at the head of a Markdown file, between two lines of `---`.

What we write is JSON after each name, which is YAML as well. Of what others write we read plain
words, and lists with `- ` before each item or in brackets.
"""

import json
import re

FENCE = "---"
FIELD = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?$")
MOST_FIELDS, LONGEST = 50, 10_000


class FrontMatterError(ValueError):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line, self.text = line, text


def written(fields: dict, body: str) -> str:
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join([FENCE, *lines, FENCE, "", body.rstrip("\n"), ""])


def read(text: str) -> tuple[dict, str]:
    """Return the fields and the text below them. Raises FrontMatterError with the line."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE:
        return {}, "\n".join(lines)
    fields: dict = {}
    name = ""
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == FENCE:
            return fields, "\n".join(lines[number:]).strip("\n")
        name = _field(fields, name, line, number)
    raise FrontMatterError(1, lines[0])


def _field(fields: dict, name: str, line: str, number: int) -> str:
    """Read a line into `fields`; return the name that a following item belongs to."""
    if not line.strip() or line.lstrip().startswith("#"):
        return name
    item = line.strip()
    if item.startswith("- ") and name and (fields[name] == "" or isinstance(fields[name], list)):
        fields[name] = [*fields[name], _value(item[2:], number, line)]
        return name
    match = FIELD.match(line)
    if not match or len(line) > LONGEST or len(fields) >= MOST_FIELDS or match[1] in fields:
        raise FrontMatterError(number, line[:80])
    fields[match[1]] = _value(match[2] or "", number, line)
    return match[1]


def _value(text: str, number: int, line: str):
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    try:
        value = json.loads(text) if text.startswith(("[", '"')) else _plain(text)
    except (ValueError, RecursionError) as error:
        if not text.startswith("["):
            raise FrontMatterError(number, line[:80]) from error
        value = [_plain(part) for part in text.strip("[]").split(",") if part.strip()]
    said = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in said or said.encode(errors="replace").decode() != said:
        raise FrontMatterError(number, line[:80])  # NUL, or half a character: no database takes it
    return value


def _plain(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text
