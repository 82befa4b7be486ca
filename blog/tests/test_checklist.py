"""What keeps a story back, and what is only asked."""

import pytest

from blog.checklist import check
from blog.models import Image
from blog.tests.factories import content, draft, story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
FINE = {"dek": "It rains.", "body": "It rains on the coast of Kerala. " * 12}


def errors(body: str = "", **values) -> list[tuple[int, str]]:
    words = FINE | ({"body": f"{FINE['body']}\n\n{body}"} if body else {}) | values
    return [(it.line, str(it.words)) for it in check(content("rain", **words)).errors]


def warnings(**values) -> list[str]:
    return [str(it.words) for it in check(content("rain", **FINE | values)).warnings]


def test_nothing_stands_against_a_good_story():
    assert errors() == []
    assert warnings() == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("# Loud", "The title is the one heading"),
        ("Loud\n====", "The title is the one heading"),
        ("##", "A heading without words"),
        ("![a](https://other.example/a.png)", "is not one of this site"),
        ("![a](/media/stories/aaaaaaaaaaaaaaaaaaaaaa)", "is not one of this site"),
        ("[](https://other.example/)", "A link without words"),
        ("[a](/nowhere/)", "/nowhere/ leads nowhere"),
        ("[a](/states/keralla/)", "/states/keralla/ leads nowhere"),
        ("[a](/states/rankings/happiness/)", "leads nowhere"),
        ("[a](/blog/never-written/)", "leads nowhere"),
        ("[a](#nowhere)", "#nowhere leads nowhere"),
        ("[a](kerala/)", "begins with neither / nor https://"),
        ("[a](//other.example)", "begins with neither / nor https://"),
        ("{{ fact:kerala.happiness }}", "There is no indicator “happiness”"),
        ("{{ fact:keralla.literacy_rate_2011 }}", "There is no state “keralla”"),
    ],
)
def test_errors_are_told_with_their_line(body, words):
    found = errors(body)
    assert any(words in said for _, said in found), found
    assert {line for line, _ in found} == {3}


@pytest.mark.parametrize(
    "body",
    [
        "[a](https://other.example/)",
        "[a](mailto:a@b.example)",
        "[Kerala](/states/kerala/)",
        "[Kerala](http://127.0.0.1:8000/states/kerala/?x=1#food)",
        "[all](/states/)",
        "[literacy](/states/rankings/literacy-rate-2011/)",
        "## Coast\n\n[there](#s-coast)",
        "{{ fact:kerala.literacy_rate_2011 }}",
    ],
)
def test_what_leads_somewhere_is_let_through(body):
    assert errors(body) == []


def test_the_line_is_that_of_the_source_within_a_paragraph_and_a_table():
    body = "one\ntwo [a](/x/)\n\n| a |\n|---|\n| [b](/y/) |"
    assert [line for line, _ in errors(body)] == [4, 8]


def test_links_between_stories(editor):
    story("out", by=editor)
    draft("not-yet", by=editor)
    old = story("old", by=editor)
    old.revise(content("new"), version=old.version, by=editor)
    body = "[a](/blog/out/) [b](/blog/not-yet/) [c](/blog/old/)"
    assert errors(body) == []
    assert warnings(body=FINE["body"] + body) == ["The story /blog/not-yet/ is not public (yet)."]


def test_a_picture_needs_words(editor, media):
    from blog.tests.conftest import photo

    image = Image.take(photo(), by=editor)
    assert errors(f"![rain]({image.path})") == []
    assert "without words" in errors(f"![]({image.path})")[0][1]
    assert "cover has no words" in errors(cover=image.key)[0][1]


def test_warnings_ask():
    assert warnings(dek="") == ["There is no dek: lists and search show it."]
    assert warnings(body="Short.") == ["The text has 1 word. Is that all?"]
    assert "could it be two" in warnings(body="word " * 5_001)[0].lower()
    assert "A level is left out" in warnings(body=FINE["body"] + "\n\n#### Deep")[0]
    assert "does not say where" in warnings(body=FINE["body"] + "[here](/states/)")[0]
    assert "not in the script" in warnings(language="hi")[0]
    assert "more than 90 characters" in warnings(title="x" * 100)[0]


def test_a_text_in_its_own_script_is_right():
    assert warnings(language="hi", body="केरल में बारिश होती है। " * 12) == []


def test_no_text_at_all_is_an_error():
    for body in ("", " \n\t\n"):
        found = check(content("rain", **FINE | {"body": body})).errors
        assert [str(it.words) for it in found] == ["The story has no text."]


def test_a_check_costs_the_same_for_any_number_of_links(kept, django_assert_max_num_queries):
    body = "[a](/blog/x/) [b](/states/goa/) ![c](/media/stories/" + "a" * 22 + ")\n\n"
    check(content("rain", body=body))  # reads the facts
    with django_assert_max_num_queries(3):
        check(content("rain", body=body * 200))


def test_a_link_to_a_heading_of_odd_signs_is_alive():
    body = "## \\[Old\\](new)\n\n[to it](#s-old-new) [to nothing](#s-old)"
    assert [it[1] for it in errors(body=f"{body} {'word ' * 60}")] == [
        "The link #s-old leads nowhere."
    ]
