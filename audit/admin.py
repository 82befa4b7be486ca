import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """To read, nothing else."""

    list_display = ["number", "time", "action", "actor_words", "target_words", "reason"]
    list_filter = ["time", "action"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = [
        "=number",
        "action",
        "=actor_id",
        "=target_id",
        "=person_id",
        "=request_id",
        "detail__actor_name",
        "detail__target_name",
        "detail__reason",
    ]
    search_help_text = _("A name, a reason, a key, a request id, a number or a part of an action.")
    fieldsets = [
        (None, {"fields": ["number", "time", "action", "actor_words", "target_words", "reason"]}),
        (_("Changes"), {"fields": ["before", "after", "more", "erased_in"]}),
        (_("Where from"), {"fields": ["request_id", "address"]}),
        (_("Keys"), {"fields": ["id", "actor_id", "target_type", "target_id", "person_id"]}),
        (_("Chain"), {"fields": ["erased", "digest", "previous", "hash"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).in_words()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("who"))
    def actor_words(self, entry):
        return entry.actor_words

    @admin.display(description=_("to what"))
    def target_words(self, entry):
        return entry.target_words

    @admin.display(description=_("reason"))
    def reason(self, entry):
        return entry.detail.reason

    @admin.display(description=_("before"))
    def before(self, entry):
        return _shown(entry.detail.before)

    @admin.display(description=_("after"))
    def after(self, entry):
        return _shown(entry.detail.after)

    @admin.display(description=_("more"))
    def more(self, entry):
        return _shown(entry.detail.more)

    @admin.display(description=_("network"))
    def address(self, entry):
        return entry.detail.address

    @admin.display(description=_("details erased by"))
    def erased_in(self, entry):
        return entry.detail.erased_in


def _shown(values: dict) -> str:
    return format_html("<pre>{}</pre>", json.dumps(values, ensure_ascii=False, indent=2))
