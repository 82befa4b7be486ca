"""Files as `make run` collects them: hashed names, one stylesheet, kept for ever."""

import json
import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def manifest(collected):
    return json.loads((collected / "staticfiles.json").read_text())["paths"]


def test_the_stylesheet_holds_all_that_it_imports(collected, manifest, settings):
    bundle = (collected / manifest["css/pocket.css"]).read_text()
    source = settings.BASE_DIR / "static" / "css"
    imported = re.findall(r'@import "([\w.-]+)"', (source / "pocket.css").read_text())
    assert len(imported) > 5
    assert "@import" not in bundle
    at = 0
    for name in imported:  # in the order of the imports: layers depend on it
        last_line = (source / name).read_text().strip().splitlines()[-1]
        at = bundle.index(last_line, at)


def test_names_are_hashed(manifest):
    assert re.fullmatch(r"css/pocket\.[0-9a-f]{12}\.css", manifest["css/pocket.css"])
    assert re.fullmatch(r"js/pocket\.[0-9a-f]{12}\.js", manifest["js/pocket.js"])


def test_a_hashed_file_is_kept_for_ever(door, manifest):
    answer = door(f"/static/{manifest['css/pocket.css']}", headers={"Accept-Encoding": "br"})
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["Content-Encoding"] == "br"
    assert answer["Vary"] == "Accept-Encoding"


def test_a_page_asks_for_hashed_files_only(door):
    html = door("/").text
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert files
    for file in files:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", file)
        assert door(file).status == 200


def test_a_changed_import_changes_the_name_of_the_stylesheet(tmp_path, settings):
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import FileSystemStorage

    from pocket.testing import hashed_storages

    settings.STORAGES, settings.STATIC_ROOT = hashed_storages(), tmp_path / "root"
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css",)
    css = tmp_path / "source" / "css"
    css.mkdir(parents=True)
    (css / "pocket.css").write_text('@layer base;\n@import "one.css";\n@import "two.css";\n')
    (css / "one.css").write_text("a { color: red }\n")
    names = set()
    for colour in ("blue", "green"):
        (css / "two.css").write_text(f"b {{ color: {colour} }}\n")
        source = FileSystemStorage(location=tmp_path / "source")
        paths = {
            f"css/{name}.css": (source, f"css/{name}.css") for name in ("pocket", "one", "two")
        }
        for path in paths:
            with source.open(path) as file:
                staticfiles_storage.delete(path)
                staticfiles_storage.save(path, file)
        done = {old: new for old, new, _ in staticfiles_storage.post_process(paths)}
        names.add(done["css/pocket.css"])
        assert (settings.STATIC_ROOT / done["css/pocket.css"]).read_text() == (
            f"@layer base;\na {{ color: red }}\nb {{ color: {colour} }}\n"
        )
    assert len(names) == 2
