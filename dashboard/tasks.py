from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from dashboard import counting
from dashboard.models import Claim, Decision

KEPT = timedelta(days=30)  # a decision, with its reason, in which it may be undone


@task
def count_days() -> None:
    counting.count_days()


@task
def forget_decisions() -> None:
    """Delete what can be undone no more, as its reason may tell of people, and claims that ended.

    The audit log keeps who decided what, by its own rules.
    """
    now = timezone.now()
    Decision.objects.filter(at__lt=now - KEPT).delete()
    Claim.objects.filter(until__lt=now).delete()
