from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.models import HeldWord


@admin.register(HeldWord)
class HeldWordAdmin(admin.ModelAdmin):
    list_display = ["words", "folded", "added_at"]
    search_fields = ["words", "folded"]
    search_help_text = _("A word, in its own script.")

    def save_model(self, request, obj, form, change):
        obj.hold(by=request.user)

    def delete_model(self, request, obj):
        obj.let_go(by=request.user)

    def delete_queryset(self, request, queryset):
        for word in queryset:
            word.let_go(by=request.user)
