from datetime import datetime

import pytest
from django.utils import timezone

from pocket.web import generation
from states import atlas


@pytest.fixture
def kept(states_loaded, settings, monkeypatch, atlas_keeper):
    """Keep the atlas between tests that only read the states, as a running site does."""
    settings.KEEP_ATLAS = True
    monkeypatch.setattr(atlas, "_keeper", atlas_keeper)
    monkeypatch.setattr(generation, "AGE", 3600)  # no page's own cost


@pytest.fixture
def it_is(monkeypatch):
    def _it_is(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return _it_is
