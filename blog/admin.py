from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.models import HeldWord


@admin.register(HeldWord)
class HeldWordAdmin(admin.ModelAdmin):
    list_display = ["words", "folded", "added_at"]
    search_fields = ["words", "folded"]
    search_help_text = _("A word, in its own script.")
