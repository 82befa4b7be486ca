from django.contrib import admin

from blog.models import HeldWord


@admin.register(HeldWord)
class HeldWordAdmin(admin.ModelAdmin):
    list_display = ["words", "folded", "added_at"]
    search_fields = ["words", "folded"]
    search_help_text = "A word, in its own script."
