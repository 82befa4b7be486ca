"""What staff do to an account: keep it out, end its sessions, take off a lost second proof."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.people import keeping_an_admin
from accounts.sessions import end_others
from audit import trail
from pocket.web import generation


class Standing(models.Model):
    class Meta:
        abstract = True

    def may_be_changed_by(self, who) -> bool:
        """Only a superuser changes another: a new address would be the way to be one."""
        return who.is_superuser or not self.is_superuser

    def is_verified(self) -> bool:
        return self.emailaddress_set.filter(verified=True).exists()

    def second_proofs(self) -> list[str]:
        """What kinds they have; recovery codes are no proof of their own."""
        kinds = Authenticator.objects.filter(user=self).exclude(type="recovery_codes")
        return sorted(set(kinds.values_list("type", flat=True)))

    # --- Deeds; each raises PermissionDenied if `by` may not change this person -----------------

    def switch_off(self, *, by, reason: str = "") -> bool:
        """Keep them out from now on. Returns whether they were in. Raises LastAdminError."""
        return self._switch(False, "accounts.shut_out", by, reason)

    def switch_on(self, *, by, reason: str = "") -> bool:
        return self._switch(True, "accounts.let_in", by, reason)

    def end_sessions(self, *, by, here: str | None = None) -> None:
        """End all but `here`, so that nobody who does it to themselves is thrown out."""
        with transaction.atomic():
            self._lock(by)
            end_others(self, here=here)
            trail.record("accounts.sessions_ended", target=self, actor=by)

    def reset_second_proof(self, *, by, reason: str = "") -> bool:
        """Take off every second proof, and tell them. Returns whether there was one."""
        with transaction.atomic():
            self._lock(by)
            kinds = self.second_proofs()
            if not Authenticator.objects.filter(user=self).delete()[0]:
                return False
            end_others(self, here=None)
            trail.record(
                "accounts.factor_removed", target=self, actor=by, reason=reason, kinds=kinds
            )
        self._write("second_proof_reset")
        return True

    def ask_to_verify(self, *, by) -> bool:
        """Send the way to a new code. Returns whether no address of theirs was verified yet.

        The code itself is made where they log in: it is good in that browser alone.
        """
        with transaction.atomic():
            self._lock(by)
            if self.is_verified():
                return False
            trail.record("accounts.verification_asked", target=self, actor=by)
        self._write("verify_again")
        return True

    def _switch(self, is_active: bool, action: str, by, reason: str) -> bool:
        with keeping_an_admin(unless=is_active), transaction.atomic():
            if self._lock(by).is_active == is_active:
                return False
            type(self).objects.filter(pk=self.pk).update(is_active=is_active)
            if not is_active:
                end_others(self, here=None)
            generation.bump()  # their name may stand on any kept page
            trail.record(action, target=self, actor=by, reason=reason)
        self.is_active = is_active
        return True

    def _lock(self, by) -> "Standing":
        here = type(self).objects.select_for_update().get(pk=self.pk)  # one change at a time
        if by is not None and not here.may_be_changed_by(by):
            raise PermissionDenied("Only a superuser changes another.")
        return here

    def _write(self, what: str) -> None:
        told = {"username": self.username}
        get_adapter().send_notification_mail(f"account/email/{what}", self, told, email=self.email)
