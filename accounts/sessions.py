"""Where a person is logged in, in words."""

import re
import time
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from pocket.web.client import shortened

OFTEN = 5 * 60  # seconds; more exact is nobody's need, and every note is a write
LONGEST = 30 * 24 * 60 * 60

# The first that is found counts: browsers name those they resemble as well.
BROWSERS = {
    r"Edg(e|A|iOS)?/": "Edge",
    r"OPR/|Opera": "Opera",
    r"SamsungBrowser/": "Samsung Internet",
    r"UCBrowser/": "UC Browser",
    r"YaBrowser/": "Yandex",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chrom(e|ium)/|CriOS/|HeadlessChrome/": "Chrome",
    r"Safari/": "Safari",
}
SYSTEMS = {
    r"iPhone|iPod": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"KAIOS": "KaiOS",
    r"Windows": "Windows",
    r"Macintosh|Mac OS X": "Mac",
    r"CrOS": "Chromebook",
    r"Linux|X11": "Linux",
}


def is_over(*, began: float | None, seen: float | None, staff: bool) -> bool:
    """Whether a session has ended; see session_end.py."""
    now = time.time()
    idle = 60 * settings.STAFF_IDLE_MINUTES + OFTEN
    return bool(began and now - began > LONGEST) or bool(staff and seen and now - seen > idle)


def listen() -> None:
    pre_save.connect(keep_network_only, sender=UserSession, dispatch_uid="network only")


def keep_network_only(sender, instance: UserSession, **kwargs) -> None:
    """Of a client's address not more is kept than the page shows; allauth would keep all of it."""
    instance.ip = shortened(instance.ip).partition("/")[0]


@dataclass(frozen=True)
class Seat:
    """One session as its owner sees it."""

    pk: int
    device: str
    network: str
    began: datetime
    seen: datetime
    is_here: bool

    @classmethod
    def of(cls, session: UserSession, *, here: str) -> "Seat":
        return cls(
            pk=session.pk,
            device=device(session.user_agent),
            network=shortened(session.ip),
            began=session.created_at,
            seen=session.last_seen_at,
            is_here=session.session_key == here,
        )


def seats_of(person, *, here: str) -> list[Seat]:
    """Return the person's living sessions: this one first, then the latest seen."""
    living = []
    for session in UserSession.objects.purge_and_list(person):
        began, seen = session.created_at.timestamp(), session.last_seen_at.timestamp()
        if session.session_key != here and is_over(began=began, seen=seen, staff=person.is_staff):
            session.end()
        else:
            living.append(session)
    seats = [Seat.of(session, here=here) for session in living]
    return sorted(seats, key=lambda seat: (not seat.is_here, -seat.seen.timestamp()))


def end_others(person, *, here: str | None) -> None:
    """End every session of the person but this one."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=here):
        session.end()


def device(agent: str) -> str:
    """Say "Firefox on Android" of a User-Agent header; it is a claim, and good enough here."""
    browser = next((name for mark, name in BROWSERS.items() if re.search(mark, agent)), "")
    system = next((name for mark, name in SYSTEMS.items() if re.search(mark, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
