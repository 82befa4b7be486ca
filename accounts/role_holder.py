"""How a person comes by a role and loses it. What roles there are stands in accounts/roles.py."""

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.people import keeping_an_admin
from accounts.roles import ADMIN, ROLES
from audit import trail

KEPT_PERMISSIONS = ["_perm_cache", "_user_perm_cache", "_group_perm_cache"]


class RoleHolder(models.Model):
    class Meta:
        abstract = True

    def roles(self) -> list[str]:
        held = self.groups.filter(name__in=ROLES).order_by("name")
        return list(held.values_list("name", flat=True))

    @property
    def is_admin(self) -> bool:
        return self.is_active and (self.is_superuser or ADMIN in self.roles())

    @property
    def runs_alone(self) -> bool:
        """Whether nobody would be left to run the site without them."""
        return self.is_admin and not type(self).objects.admins().exclude(pk=self.pk).exists()

    def give_role(self, role: str, *, by, reason: str = "") -> None:
        """Give the role and with it the way into the staff's rooms. Twice changes nothing.

        Raises PermissionDenied for somebody who is no admin and gives it to themselves. `by` is
        None for the site itself; whether others may give roles, the view asks.
        """
        group = group_of(role)
        if by == self and not by.is_admin:
            raise PermissionDenied("Nobody gives themselves a role.")
        with transaction.atomic():
            before = self._locked_rank()
            if role in before["roles"]:
                return
            self.groups.add(group)
            self._note_rank("accounts.role_given", role, before, by, reason)

    def take_role(self, role: str, *, by, reason: str = "") -> None:
        """Take the role; from an admin also that they are superuser. Twice changes nothing.

        Raises LastAdminError if nobody would be left to run the site.
        """
        group = group_of(role)
        with keeping_an_admin(unless=role != ADMIN), transaction.atomic():
            before = self._locked_rank()
            if role not in before["roles"]:
                return
            self.groups.remove(group)
            if role == ADMIN:
                self.is_superuser = False
            self._note_rank("accounts.role_taken", role, before, by, reason)

    def _locked_rank(self) -> dict:
        """What roles make of a person, for the log; one change at a time."""
        here = type(self).objects.select_for_update().get(pk=self.pk)
        self.is_staff, self.is_superuser = here.is_staff, here.is_superuser
        return self._rank()

    def _rank(self) -> dict:
        return {
            "roles": self.roles(),
            "is_staff": self.is_staff,
            "is_superuser": self.is_superuser,
        }

    def _note_rank(self, action: str, role: str, before: dict, by, reason: str) -> None:
        self.is_staff = self.is_superuser or bool(self.roles())
        self.save(update_fields=["is_staff", "is_superuser"])
        for kept in KEPT_PERMISSIONS:
            self.__dict__.pop(kept, None)
        changes = trail.changed(before, self._rank())
        trail.record(action, target=self, actor=by, reason=reason, role=role, **changes)


def group_of(role: str) -> Group:
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role of the site.")
    return Group.objects.get_or_create(name=role)[0]
