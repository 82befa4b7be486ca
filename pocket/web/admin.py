from django.contrib import admin
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class QueueAdmin(DBTaskResultAdmin):
    def get_readonly_fields(self, request, obj=None) -> list[str]:
        """Without what was handed over: in a mail that waits it may be somebody's code."""
        return [it for it in super().get_readonly_fields(request, obj) if it != "args_kwargs"]
