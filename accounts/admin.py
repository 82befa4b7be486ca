from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import LastAdminError, User


class PersonForm(UserChangeForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        stays = cleaned.get("is_superuser") and cleaned.get("is_active")
        others = User.objects.admins().exclude(pk=self.instance.pk)
        if self.instance.runs_the_site and not stays and not others.exists():
            raise LastAdminError
        return cleaned


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's, but asks for the address at once: no two people share one, nor an empty one."""

    form = PersonForm
    list_display = ("username", "shown_name", "email", "is_staff")
    search_fields = ("username", "shown_name", "first_name", "last_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("shown_name", "first_name", "last_name", "email")}),
        *UserAdmin.fieldsets[2:],
    )
    add_fieldsets = (
        *UserAdmin.add_fieldsets,
        (_("Personal info"), {"classes": ("wide",), "fields": ("email",)}),
    )

    def delete_view(self, request, *args, **kwargs):
        try:
            return super().delete_view(request, *args, **kwargs)
        except LastAdminError as problem:
            messages.error(request, problem.message)
            return redirect("admin:accounts_user_changelist")

    def changelist_view(self, request, *args, **kwargs):
        try:
            return super().changelist_view(request, *args, **kwargs)
        except LastAdminError as problem:  # of deleting several
            messages.error(request, problem.message)
            return redirect("admin:accounts_user_changelist")
