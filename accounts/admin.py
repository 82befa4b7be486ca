from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's, but asks for the address at once: no two people share one, nor an empty one."""

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
