from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import LastAdminError, User
from accounts.roles import ADMIN, ROLES
from audit import trail
from audit.admin import RemovableAdmin

admin.site.unregister(Group)


class PersonForm(UserChangeForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        if self.instance.runs_alone and not self._stays_admin(cleaned):
            raise LastAdminError
        return cleaned

    def clean_email(self) -> str:
        """No address that another person verified as a further one of theirs."""
        email = self.cleaned_data["email"]
        others = EmailAddress.objects.filter(email=email.lower(), verified=True)
        if others.exclude(user=self.instance).exists():
            raise ValidationError(_("Someone with this e-mail address has an account."))
        return email

    def _stays_admin(self, cleaned: dict) -> bool:
        names = {group.name for group in cleaned.get("groups", ())}
        loses_role = ADMIN in self.instance.roles() and ADMIN not in names
        is_superuser = cleaned.get("is_superuser", self.instance.is_superuser) and not loses_role
        return bool(cleaned.get("is_active") and (is_superuser or ADMIN in names))


@admin.register(User)
class PersonAdmin(RemovableAdmin, UserAdmin):
    """Django's, but asks for the address at once: no two people share one, nor an empty one."""

    form = PersonForm
    list_display = ("username", "shown_name", "email", "is_staff")
    search_fields = ("username", "shown_name", "first_name", "last_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("shown_name", "first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        *UserAdmin.fieldsets[3:],
    )
    add_fieldsets = (
        *UserAdmin.add_fieldsets,
        (_("Personal info"), {"classes": ("wide",), "fields": ("email",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Roles decide who is staff, and only a superuser makes another one."""
        known = [*super().get_readonly_fields(request, obj), "is_staff"]
        if obj:  # people rename themselves, which leaves a way from the old name
            known.append("username")
        return known if request.user.is_superuser else [*known, "is_superuser"]

    def save_model(self, request, obj, form, change):
        if "is_superuser" not in form.changed_data:
            super().save_model(request, obj, form, change)
            return
        obj.is_staff = obj.is_superuser or bool(obj.roles())
        super().save_model(request, obj, form, change)
        verb = "given" if obj.is_superuser else "taken"
        trail.record(f"accounts.superuser_{verb}", target=obj, actor=request.user)

    def save_related(self, request, form, formsets, change):
        """Roles are given and taken by their deeds; other groups are saved as ever."""
        if "groups" not in form.cleaned_data:
            super().save_related(request, form, formsets, change)
            return
        person, chosen = form.instance, form.cleaned_data["groups"]
        held, wanted = set(person.roles()), {group.name for group in chosen} & ROLES.keys()
        others = chosen.exclude(name__in=ROLES)
        form.cleaned_data["groups"] = others | Group.objects.filter(name__in=held)
        super().save_related(request, form, formsets, change)
        for role in sorted(wanted - held):
            person.give_role(role, by=request.user)
        for role in sorted(held - wanted):
            person.take_role(role, by=request.user)

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


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """A role is what accounts/roles.py says; a group of one's own is free."""

    def has_change_permission(self, request, obj=None):
        is_free = obj is None or obj.name not in ROLES
        return is_free and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_free = obj is None or obj.name not in ROLES
        return is_free and super().has_delete_permission(request, obj)
