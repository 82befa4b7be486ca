"""A story's Markdown, rendered once when it is saved."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from blog import images
from pocket.web import markdown
from pocket.web.markdown import Heading


@dataclass(frozen=True)
class Story:
    html: SafeString  # with marks for what is looked up when the page is made
    text: str
    headings: list[Heading]
    minutes: int


def rendered(body: str) -> Story:
    made = markdown.story(body, image=images.finder(body))
    return Story(made.html, made.text, made.headings, minutes_of(made.text))


def minutes_of(text: str) -> int:
    return max(1, round(len(text.split()) / 200))
