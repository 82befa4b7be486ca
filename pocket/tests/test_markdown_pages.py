"""What readers see of a story's Markdown: headings, footnotes, tables, the lines of marks."""

import re

import pytest

from pocket.web import markdown
from pocket.web.markdown import Mark


def html(source: str) -> str:
    return str(markdown.story(source).html)


# --- Headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Walking north", "s-walking-north"),
        ("मानसून की बारिश", "s-मानसून-की-बारिश"),
        ("தமிழ் மழை", "s-தமிழ்-மழை"),
        ("മഴ, പുഴ", "s-മഴ-പുഴ"),
        ("اردو", "s-اردو"),
        ("1956–2014", "s-1956-2014"),
        ("?!", "s-section"),
        ("*Rain* & `wind`", "s-rain-wind"),
    ],
)
def test_a_heading_has_an_id_of_its_words_in_any_script(text, name):
    made = markdown.story(f"## {text}")
    assert f'<h2 id="{name}">' in made.html
    assert made.headings[0].id == name


def test_headings_of_one_wording_have_ids_of_their_own():
    made = markdown.story("# Rain\n\n## Rain\n\n## Rain 2\n\n## Rain")
    ids = [heading.id for heading in made.headings]
    assert ids[:2] == ["s-rain", "s-rain-2"]
    assert len(set(ids)) == 4
    assert re.findall(r'id="(.*?)"', made.html) == ids


def test_headings_are_told_with_level_and_plain_words():
    made = markdown.story("## The *first*\n\ntext\n\nUnder it\n---\n\n### Third [x](/y)")
    assert [(it.level, it.text) for it in made.headings] == [
        (2, "The first"),
        (2, "Under it"),
        (3, "Third x"),
    ]


# --- Footnotes ----------------------------------------------------------------------------------


def test_a_footnote_leads_there_and_back():
    made = html("Rain[^a] falls.\n\n[^a]: In *June*.")
    assert re.search(r'<sup class="footnote-ref"><a href="#fn1" id="fnref1"[^>]*>\[1\]</a>', made)
    assert '<section class="footnotes">' in made
    assert re.search(r'<li id="fn1"><p>In <em>June</em>\. <a href="#fnref1"', made)


def test_every_call_of_a_footnote_is_led_back_to():
    made = html("One[^a] and two[^a].\n\n[^a]: Note.")
    assert made.count('href="#fn1"') == 2
    calls = re.findall(r'id="(fnref[^"]+)"', made)
    assert len(set(calls)) == 2
    for call in calls:
        assert f'href="#{call}"' in made


# --- Tables -------------------------------------------------------------------------------------


def test_a_table_scrolls_by_itself_and_is_named_by_its_heads():
    made = html("| When | *Variety* |\n|:--|--:|\n| April | Kesar |")
    assert made.startswith(
        '<div class="scroll" tabindex="0" role="group" aria-label="When, Variety">\n<table>'
    )
    assert made.rstrip().endswith("</table>\n</div>")
    assert '<th class="align-left">When</th>' in made
    assert '<td class="align-right">Kesar</td>' in made


def test_signs_in_the_heads_stay_within_the_name():
    made = markdown.story('| a "b" > <c> & d |\n|---|\n| 1 |')
    [label] = re.findall(r'aria-label="([^"]*)"', made.html)
    assert "&lt;c" in label or "<c" in label
    assert made.text.split()[-1] == "1"
    assert "aria" not in made.text
    assert "scroll" not in made.text


def test_a_title_with_a_sharp_bracket_does_not_run_into_the_words():
    assert markdown.story('[rain](/x "a > b") falls').text == "rain falls"


def test_a_table_without_heads_has_a_name_too():
    assert 'aria-label="…"' in html("| | |\n|---|---|\n| 1 | 2 |")


def test_members_have_no_tables():
    assert "<table" not in markdown.remark("| a |\n|---|\n| 1 |").html


# --- Marks --------------------------------------------------------------------------------------


def test_marks_tell_the_line_that_they_stand_in():
    source = "\n".join(
        [
            "# {{ state:goa }}",
            "",
            "a {{ fact:b.c }} {{state:d}}",
            "b {{ state: e }}",
            "",
            "- one",
            "- two {{ state:li }}",
            "",
            "| h |",
            "|---|",
            "| 1 |",
            "| {{ state:td }} |",
            "",
            "note[^1] ^[here {{ state:inline }}]",
            "",
            "> *{{ state:quote }}*",
            "",
            "[^1]: there {{ state:foot }}",
        ]
    )
    assert sorted((it.line, it.argument) for it in markdown.marks(source)) == [
        (1, "goa"),
        (3, "b.c"),
        (3, "d"),
        (4, "e"),
        (7, "li"),
        (12, "td"),
        (14, "inline"),
        (16, "quote"),
        (18, "foot"),
    ]


@pytest.mark.parametrize(
    "source",
    ["`{{ state:goa }}`", "    {{ state:goa }}", "```\n{{ state:goa }}\n```", "{{ goa }}"],
)
def test_what_is_no_mark_stays_as_it_is_written(source):
    assert list(markdown.marks(source)) == []
    assert "<!--" not in html(source)


def test_a_mark_in_a_link_stays_words_for_it_may_become_a_link():
    source = "[see {{ state:goa }}](/x)"
    assert list(markdown.marks(source)) == []
    assert "see {{ state:goa }}</a>" in html(source)


def test_every_mark_that_is_told_is_made_and_none_else():
    source = "{{ state:goa }} `{{ state:code }}` {{ fact:a.b }}"
    made = re.findall(r"<!--(\w+):(.*?)-->", html(source))
    assert made == [(it.name, it.argument) for it in markdown.marks(source)]
    assert Mark(1, "state", "goa") in list(markdown.marks(source))
