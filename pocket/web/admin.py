from django.contrib import admin
from django_tasks_db.models import DBTaskResult

# A mail that waits may hold somebody's code: nothing to look at, and nothing to change by hand.
admin.site.unregister(DBTaskResult)
