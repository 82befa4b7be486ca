"""How a person leaves the site, and comes back while that is possible.

Who leaves is `removed`: nobody sees them from that moment on, and their own log-in leads to the
one page where they may come back. What a week later is left to erase stands in privacy/erasing.py.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import agreements
from accounts.agreements import Agreement
from accounts.people import UNDO, keeping_an_admin
from accounts.sessions import end_others
from audit.removal import Removable
from pocket.web import generation


class Leaver(Removable):
    words_stay = models.BooleanField(
        _("what was said in public stays, without the name"), default=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def erased_after(self) -> datetime:
        return self.removed_at + UNDO

    @property
    def may_come_back(self) -> bool:
        """Whether they left by themselves; whom staff removed, staff bring back."""
        return self.is_removed and self.removed_by_id == self.pk

    @property
    def keeps_words(self) -> bool:
        """What they chose; who came back and was then removed by staff has not chosen."""
        return self.words_stay or not self.may_come_back

    @property
    def is_due(self) -> bool:
        return self.is_removed and self.erased_after <= timezone.now()

    def whose(self) -> models.Model:
        return self

    def remove(self, **how) -> bool:
        """Raises LastAdminError if nobody would be left to run the site."""
        with keeping_an_admin():
            return super().remove(**how) and self._tell_readers()

    def restore(self, **how) -> bool:
        return super().restore(**how) and self._tell_readers()

    def _tell_readers(self) -> bool:
        """Their name may stand on any kept page."""
        generation.bump()
        return True

    def leave(self, *, words_stay: bool, request: HttpRequest) -> bool:
        """Leave for good in a week. Returns whether they were here: twice changes nothing.

        All sessions end but the one that asks. Raises LastAdminError.
        """
        with transaction.atomic():
            if not self.remove(by=self, request=request):
                return False
            self.words_stay = words_stay
            type(self).objects.filter(pk=self.pk).update(words_stay=words_stay)
            Agreement.objects.withdraw(self)
        end_others(self, here=request.session.session_key)
        tell(request, self, "leaving", erased_after=self.erased_after)
        return True

    def come_back(self, *, request: HttpRequest) -> bool:
        """Undo the leaving, and agree to the privacy page anew; returns whether it was undone."""
        with transaction.atomic():
            if not (self.may_come_back and self.restore(by=self, request=request)):
                return False
            Agreement.objects.agree(self, agreements.newest())
        tell(request, self, "back")
        return True


def tell(request: HttpRequest, person: Leaver, what: str, **context) -> None:
    get_adapter(request).send_notification_mail(f"account/email/{what}", person, context)
