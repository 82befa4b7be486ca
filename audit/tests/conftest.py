import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models

from accounts.models import User
from audit.admin import RemovableAdmin
from audit.removal import Removable, living


@pytest.fixture(scope="module")
def note_models(django_db_setup, django_db_blocker):
    """Two models with tables, for as long as a module's tests run."""

    class Note(Removable):
        slug = models.CharField(max_length=20)
        author = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")

        class Meta:
            app_label = "audit"
            ordering = ["slug"]
            constraints = [
                models.UniqueConstraint(fields=["slug"], condition=living, name="note_slug_once")
            ]

        def __str__(self):
            return self.slug

        def whose(self):
            return self.author

    class Remark(Removable):
        note = models.ForeignKey(Note, models.CASCADE, related_name="remarks")

        class Meta:
            app_label = "audit"

        def __str__(self):
            return f"on {self.note}"

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Note)
            editor.create_model(Remark)
        admin.site.register(Note, RemovableAdmin)
        yield Note, Remark
        admin.site.unregister(Note)
        with connection.schema_editor() as editor:
            editor.delete_model(Remark)
            editor.delete_model(Note)
    for name in ("note", "remark"):
        del apps.all_models["audit"][name]
    apps.clear_cache()
