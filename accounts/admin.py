from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import LastAdminError, User
from accounts.names import show_anew
from accounts.reauthentication import asked_again, is_recent
from accounts.roles import ADMIN, ROLES
from accounts.security_log import note
from accounts.sessions import device
from audit import trail
from audit.admin import RemovableAdmin
from pocket.web.client import shortened

admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


class AsksAgain:
    """A room where a change decides who may do what: so it asks first who is there."""

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        # Whoever is added can do nothing yet, and their password may not wait in a session.
        return self._asking(super().changeform_view, request, object_id, *args, **kwargs)

    def delete_view(self, request, object_id, *args, **kwargs):
        return self._asking(super().delete_view, request, object_id, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        if request.method == "POST" and not is_recent(request):
            return asked_again(request, keeps=True)
        return super().changelist_view(request, *args, **kwargs)

    def _asking(self, view, request, object_id, *args, **kwargs):
        if request.method == "POST" and object_id and not is_recent(request):
            return asked_again(request, keeps=True)
        return view(request, object_id, *args, **kwargs)


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
class PersonAdmin(AsksAgain, RemovableAdmin, UserAdmin):
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

    def has_change_permission(self, request, obj=None):
        return _may_touch(request.user, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _may_touch(request.user, obj) and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if change and "is_active" in form.changed_data:
            verb = "let_in" if obj.is_active else "shut_out"
            note(f"accounts.{verb}", obj, actor=request.user)
        if "shown_name" in form.changed_data:
            show_anew(obj)
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

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 Django names it
        if not is_recent(request):  # also before the form opens, when nothing is typed yet
            return asked_again(request, keeps=False)
        person = self.get_object(request, unquote(id))
        before = person and person.password
        response = super().user_change_password(request, id, form_url)
        if person and User.objects.get(pk=person.pk).password != before:
            note("accounts.password_changed", person, actor=request.user)
            get_adapter().send_notification_mail("account/email/password_given", person)
        return response

    def get_deleted_objects(self, objs, request):
        *found, _needed, kept = super().get_deleted_objects(objs, request)
        is_free = all(_may_touch(request.user, person) for person in objs)
        return *found, set() if is_free else {self.opts.verbose_name}, kept

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


def _may_touch(who: User, person: User | None) -> bool:
    return person is None or person.may_be_changed_by(who)


@admin.register(Group)
class RoleAdmin(AsksAgain, GroupAdmin):
    """A role is what accounts/roles.py says; a group of one's own is free."""

    def has_change_permission(self, request, obj=None):
        is_free = obj is None or obj.name not in ROLES
        return is_free and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_free = obj is None or obj.name not in ROLES
        return is_free and super().has_delete_permission(request, obj)


# --- What allauth keeps of people, to read ------------------------------------------------------


class OnlyToRead(admin.ModelAdmin):
    search_fields = ["user__username"]
    list_select_related = ["user"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(EmailAddress)
class AddressAdmin(OnlyToRead):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    search_fields = ["email", "user__username"]


@admin.register(Authenticator)
class FactorAdmin(OnlyToRead):
    """That there is a second proof, not what it is made of."""

    fields = list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]


@admin.register(UserSession)
class SessionAdmin(OnlyToRead):
    fields = list_display = ["user", "device", "network", "created_at", "last_seen_at"]
    actions = ["end"]

    @admin.display(description=_("device"))
    def device(self, session):
        return device(session.user_agent)

    @admin.display(description=_("network"))
    def network(self, session):
        return shortened(session.ip)

    def has_end_permission(self, request):
        return request.user.has_perm("usersessions.delete_usersession")

    @admin.action(description=_("End selected sessions"), permissions=["end"])
    def end(self, request, queryset):
        for session in queryset.select_related("user"):
            if _may_touch(request.user, session.user):
                with transaction.atomic():
                    what = device(session.user_agent)
                    session.end()
                    note("accounts.session_ended", session.user, actor=request.user, what=what)
