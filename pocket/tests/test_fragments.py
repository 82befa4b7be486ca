"""`{% kept %}`: parts of pages that are made once, and must never be somebody's own."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from pocket.web import fragments, generation, numbers

pytestmark = pytest.mark.django_db


class Counted:
    """Says how often it was looked at."""

    def __init__(self):
        self.looks = 0

    def __str__(self):
        self.looks += 1
        return f"look {self.looks}"


@pytest.fixture
def keeping(settings, monkeypatch):
    """A site that keeps; `keeping.append("two")` begins a new generation."""
    settings.PAGE_CACHE = True
    tokens = ["one"]
    monkeypatch.setattr(generation, "current", lambda: tokens[-1])
    fragments.shelf.clear()
    yield tokens
    fragments.shelf.clear()


def test_it_is_made_once_for_each_value(keeping):
    template = Template("{% kept thing=thing kind=kind %}{{ kind }} {{ thing }}{% endkept %}")
    thing = Counted()
    kinds = ("a", "b", "a", "b", "<a>")
    made = [template.render(Context({"thing": thing, "kind": kind})) for kind in kinds]
    assert made == ["a look 1", "b look 2", "a look 1", "b look 2", "&lt;a&gt; look 3"]


def test_two_blocks_of_the_same_values_are_two(keeping):
    template = Template("{% kept %}one{% endkept %} {% kept %}two{% endkept %}")
    assert [template.render(Context()) for _ in range(2)] == ["one two"] * 2


@pytest.mark.parametrize("keeps", [True, False])
def test_it_sees_nothing_that_it_does_not_name(keeping, settings, rf, keeps):
    settings.PAGE_CACHE = keeps
    html = "{% kept seen=seen %}{{ seen }}{{ user }}{{ request.path }}{{ messages }}{% endkept %}"
    context = {"seen": "seen", "user": "asha", "request": rf.get("/"), "messages": ["for asha"]}
    assert Template(html).render(Context(context)) == "seen"


def test_a_form_in_it_gets_the_token_of_who_asks(keeping):
    template = Template("{% kept %}<form>{% csrf_token %}</form>{% endkept %}")
    for token in ("ofasha", "ofravi"):
        html = template.render(Context({"csrf_token": token}))
        assert f'value="{token}"' in html
        assert html.count("value=") == 1


def test_each_language_and_style_of_numbers_has_its_own(keeping, settings):
    settings.LANGUAGES = [("en", "English"), ("hi", "Hindi")]
    template, context = Template("{% kept t=t %}{{ t }}{% endkept %}"), Context({"t": Counted()})
    first = template.render(context)
    with translation.override("hi"):
        assert template.render(context) == "look 2"
    with numbers.written_in(numbers.Style.MILLION):
        assert template.render(context) == "look 3"
    assert template.render(context) == first == "look 1"


def test_new_facts_make_it_anew(keeping):
    template, context = Template("{% kept t=t %}{{ t }}{% endkept %}"), Context({"t": Counted()})
    template.render(context)
    keeping.append("two")
    assert [template.render(context) for _ in range(2)] == ["look 2", "look 2"]


def test_what_was_made_while_the_facts_changed_is_not_kept(keeping):
    def make() -> str:
        keeping.append("two")
        return "made of the old"

    assert fragments.kept(("x",), make) == "made of the old"
    assert fragments.kept(("x",), lambda: "made of the new") == "made of the new"


def test_nothing_is_kept_where_pages_are_not(keeping, settings):
    settings.PAGE_CACHE = False
    template, context = Template("{% kept t=t %}{{ t }}{% endkept %}"), Context({"t": Counted()})
    assert [template.render(context) for _ in range(2)] == ["look 1", "look 2"]


def test_a_value_that_may_change_is_refused(keeping):
    with pytest.raises(TypeError, match="unhashable"):
        Template("{% kept units=units %}{% endkept %}").render(Context({"units": []}))


def test_it_takes_names_and_values_only():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template("{% kept unit %}{% endkept %}")
