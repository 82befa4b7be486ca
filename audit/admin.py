import json

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

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


class RemovableAdmin(admin.ModelAdmin):
    """For models that are `Removable`: shows the removed too; to delete is to remove."""

    actions = ["restore"]

    def get_queryset(self, request):
        everything = self.model.everything.get_queryset()
        return everything.order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def get_list_display(self, request):
        return [*super().get_list_display(request), "removed_at"]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return [*filters, ("removed_at", admin.EmptyFieldListFilter)]

    def get_readonly_fields(self, request, obj=None):
        known = super().get_readonly_fields(request, obj)
        return [*known, "removed_at", "removed_by", "removed_why"]

    def get_deleted_objects(self, objs, request):
        """Nothing that hangs on them goes with them."""
        return [str(thing) for thing in objs], {}, set(), []

    def delete_model(self, request, obj):
        obj.remove(by=request.user)

    def delete_queryset(self, request, queryset):
        for thing in queryset:
            thing.remove(by=request.user)

    @admin.action(description=_("Restore selected %(verbose_name_plural)s"), permissions=["delete"])
    def restore(self, request, queryset):
        if not all(self.has_delete_permission(request, thing) for thing in queryset):
            raise PermissionDenied
        restored = 0
        for thing in queryset:
            try:
                restored += thing.restore(by=request.user)
            except ValidationError as problem:
                self.message_user(request, f"{thing}: {problem.messages[0]}", messages.ERROR)
        if not restored:
            return
        words = ngettext("%(count)d restored.", "%(count)d restored.", restored)
        self.message_user(request, words % {"count": restored})
