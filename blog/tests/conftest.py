from datetime import datetime
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from accounts.roles import MODERATOR
from blog.tests.comment_factories import MemberFactory
from blog.tests.factories import EditorFactory, story


@pytest.fixture
def it_is(monkeypatch):
    def _it_is(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return _it_is


@pytest.fixture
def media(settings, tmp_path):
    """The folder of what people upload."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def files(media):
    def _files() -> list[str]:
        return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())

    return _files


@pytest.fixture
def editor(db):
    person = EditorFactory(username="meera", shown_name="Meera")
    person.give_role("Editor", by=None)
    return person


@pytest.fixture
def other(db):
    person = EditorFactory(username="ravi", shown_name="Ravi")
    person.give_role("Editor", by=None)
    return person


@pytest.fixture
def desk(client, editor):
    """The client of somebody who may write."""
    client.force_login(editor)
    return client


@pytest.fixture
def post(db):
    return story("monsoon", byline="Pocket editors")


@pytest.fixture
def asha(db):
    return MemberFactory(username="asha")


@pytest.fixture
def ravi(db):
    return MemberFactory(username="ravi", shown_name="Ravi Das")


@pytest.fixture
def meena(db):
    """A moderator."""
    person = MemberFactory(username="meena")
    person.give_role(MODERATOR, by=None)
    return User.objects.get(pk=person.pk)


@pytest.fixture(autouse=True)
def no_limits_yet(db):
    cache.clear()


def photo(name="rain.jpg", kind="JPEG", size=(1200, 800)) -> SimpleUploadedFile:
    file = BytesIO()
    Pillow.new("RGB", size, (30, 90, 60)).save(file, kind)
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")
