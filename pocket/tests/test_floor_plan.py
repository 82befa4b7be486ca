"""Imports go down the stairs, never up. The plan is drawn in README.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FLOORS = [  # ground floor first; apps on one floor do not know each other
    {"pocket.web", "audit", "once", "search"},
    {"accounts"},
    {"states", "privacy", "notices"},
    {"blog", "contact", "produce", "passport"},
    {"assistant"},
    {"dashboard"},
    {"pocket"},  # the roof: settings, addresses, front door; nobody imports them
]
FLOOR_OF = {app: number for number, apps in enumerate(FLOORS) for app in apps}
TOOLS = {("search", "pocket.web"), ("audit", "pocket.web")}  # the drawer that every app may use
TESTING = {"tests", "migrations"}
ROOT = Path(__file__).resolve().parents[2]


def app_of(module: str) -> str | None:
    """The app that a module belongs to; pocket.web before pocket."""
    found = [app for app in FLOOR_OF if module == app or module.startswith(f"{app}.")]
    return max(found, key=len, default=None)


def imports_of(path: Path, package: list[str]) -> Iterator[str]:
    """Every module that a file imports, also inside functions, also by dots or by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("import_module", "__import__") and node.args:
                yield str(getattr(node.args[0], "value", ""))


def climbers(root: Path) -> list[str]:
    """Every import that goes up or sideways, with its file."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        app = app_of(".".join(parts))
        if app is None or TESTING & set(parts) or parts == ("pocket", "testing"):
            continue
        for module in imports_of(path, list(parts[:-1])):
            other = app_of(module)
            if other in (None, app) or (app, other) in TOOLS:
                continue
            if FLOOR_OF[other] >= FLOOR_OF[app]:
                found.append(f"{path.relative_to(root)} imports {module}")
    return found


def test_imports_go_down_the_stairs():
    assert climbers(ROOT) == []


def test_every_app_has_its_floor():
    ours = {app for app in settings.INSTALLED_APPS if ROOT.joinpath(*app.split(".")).is_dir()}
    assert ours
    assert ours <= set(FLOOR_OF)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("states/views.py", "from blog.models import Post"),
        ("states/views.py", "import dashboard"),
        ("accounts/models.py", "from states import models"),
        ("search/index.py", "import accounts.models as people"),
        ("search/index.py", "from audit import trail"),
        ("blog/views.py", "from produce.models import Batch"),
        ("pocket/web/pages.py", "from states.models import State"),
        ("pocket/web/pages.py", "from pocket.settings import DEBUG"),
        ("pocket/web/pages.py", "from .. import settings"),
        ("pocket/web/deep/pages.py", "from ...urls import urlpatterns"),
        ("pocket/web/pages.py", "def late():\n    from states import atlas"),
        (
            "states/views.py",
            "try:\n    import blog\nexcept ImportError:\n    pass",
        ),
        ("states/views.py", "from pocket import urls"),
        ("states/views.py", "import_module('blog.models')"),
    ],
)
def test_whoever_climbs_is_named(tmp_path, file, line):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(line)
    [found] = climbers(tmp_path)
    assert found.startswith(f"{file} imports ")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("states/views.py", "from pocket.web import http\nfrom pocket.web.http import Request"),
        ("states/views.py", "from . import models\nfrom .models import State\nimport states.atlas"),
        ("states/finding.py", "from search import index"),
        ("search/views.py", "from pocket.web.http import Request"),
        ("dashboard/views.py", "import blog, states, accounts, search"),
        ("pocket/urls.py", "from states.sitemaps import SITEMAPS"),
        ("states/tests/test_views.py", "import dashboard"),
        ("tools/bench.py", "import pocket.settings"),
        ("pocket/web/pages.py", "from django import urls\nimport statesman"),
    ],
)
def test_going_down_is_allowed(tmp_path, file, line):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert climbers(tmp_path) == []
