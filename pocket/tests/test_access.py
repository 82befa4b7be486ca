"""Who gets what: every address of the site, asked by everybody who may come.

A new address has to be put into the table, or a test fails with its name.
"""

import re
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Profile, User
from accounts.roles import ROLES
from blog.content import Content
from blog.models import Ban, Draft, HeldWord, Post, ShareLink
from blog.tests.comment_factories import say, shown
from blog.tests.factories import story
from contact.models import Message
from dashboard.models import Decision
from notices import unsubscribing
from notices.models import Notice
from passport.models import Passport, Stamp
from pocket.testing import connections_kept
from privacy.models import Export
from states.models import State

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Six words for these six; "a | b": a visitor and all the others; one word: all alike.
WHO = ["visitor", "member", "editor", "moderator", "producer", "admin"]

# Of GET and of POST with an empty form: page (200), wrong (422), log-in (led there), proof (led to
# prove who they are once more), away (led elsewhere), or the number. All but the visitor have just
# proved who they are. The admin has the role and is no superuser: the role alone opens doors. What
# is somebody's is asha's, who is none of the six.
TABLE = {
    # For everybody.
    "": ("page", "405"),
    "share.png": ("page", "405"),
    "states/": ("page", "405"),
    "states/compare/": ("page", "405"),
    "states/rankings/": ("page", "405"),
    "states/rankings/<slug:slug>/": ("page", "405"),
    "states/rankings/<slug:slug>.csv": ("page", "405"),
    "states/rankings/<slug:slug>.json": ("page", "405"),
    "states/data.csv": ("page", "405"),
    "states/data.json": ("page", "405"),
    "states/<slug:slug>/": ("page", "405"),
    "states/<slug:slug>.json": ("page", "405"),
    "states/<slug:slug>/card/": ("page", "405"),
    "states/<slug:slug>/qr.svg": ("page", "405"),
    "states/<slug:slug>/share.png": ("page", "405"),
    "states/<str:slug>/": ("page", "405"),
    "sources/": ("page", "405"),
    "health/": ("page", "405"),
    "health/ready/": ("page", "405"),
    "csp-reports/": ("405", "400"),
    "about/": ("page", "405"),
    "privacy/": ("page", "405"),
    "accessibility/": ("page", "405"),
    "robots.txt": ("page", "405"),
    "favicon.ico": ("away", "405"),
    "sitemap.xml": ("page", "405"),
    ".well-known/security.txt": ("404", "405"),
    "search/": ("page", "405"),
    "search/suggest/": ("away", "405"),
    # Of one's own: whoever else asks is sent to log in, and somebody else's thing is not there.
    "accounts/": ("log-in | page", "405"),
    "accounts/security/": ("log-in | page", "405"),
    "accounts/sessions/": ("log-in | page", "405"),
    "accounts/sessions/<int:pk>/end/": ("405", "log-in | 404"),
    "accounts/sessions/end-others/": ("405", "log-in | away"),
    "accounts/kept-form/": ("log-in | away", "405"),
    "accounts/login/": ("page | away", "wrong | away"),
    "accounts/logout/": ("away | page", "away"),
    "accounts/inactive/": ("page", "405"),
    "accounts/signup/": ("page | away", "wrong | away"),
    "accounts/reauthenticate/": ("log-in | page", "log-in | wrong"),
    "accounts/email/": ("log-in | page", "log-in | away"),
    "accounts/confirm-email/": ("log-in | away", "log-in | away"),
    "accounts/password/change/": ("log-in | page", "log-in | wrong"),
    "accounts/password/set/": ("log-in | away", "log-in | away"),
    "accounts/password/reset/": ("page", "wrong"),
    "accounts/login/code/confirm/": ("log-in | away", "log-in | away"),
    "accounts/password/reset/confirm/": ("log-in", "log-in"),
    "accounts/password/reset/complete/": ("away", "away"),
    "accounts/password/reset/done/": ("page", "405"),
    "accounts/2fa/": ("log-in | page", "log-in | 405"),
    "accounts/2fa/authenticate/": ("log-in | away", "log-in | away"),
    "accounts/2fa/reauthenticate/": ("log-in | proof", "log-in | proof"),
    "accounts/2fa/totp/activate/": ("log-in | page", "log-in | wrong"),
    "accounts/2fa/totp/deactivate/": ("log-in | 404", "log-in | 404"),
    "accounts/2fa/recovery-codes/": ("log-in | 404", "log-in | 405"),
    "accounts/2fa/recovery-codes/generate/": ("log-in | page", "log-in | wrong"),
    "accounts/2fa/recovery-codes/download/": ("log-in | 404", "log-in | 404"),
    "accounts/2fa/webauthn/": ("log-in | page", "log-in | 405"),
    "accounts/2fa/webauthn/add/": ("log-in | page", "log-in | wrong"),
    "accounts/2fa/webauthn/reauthenticate/": ("log-in | proof", "log-in | proof"),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": ("log-in | 404", "log-in | 404"),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": ("log-in | 404", "log-in | 404"),
    "accounts/2fa/webauthn/login/": ("page", "log-in | away"),
    "accounts/profile/": ("log-in | page", "log-in | away"),
    "accounts/preferences/": ("log-in | page", "log-in | wrong"),
    "accounts/username/": ("log-in | page", "log-in | wrong"),
    "accounts/privacy/": ("log-in | page", "log-in | away"),
    "accounts/delete/": ("log-in | page", "log-in | wrong"),
    "accounts/delete/undo/": ("405", "log-in | away"),
    "accounts/export/": ("log-in | page", "log-in | away"),
    "accounts/export/<uuid:pk>/download/": ("log-in | 404", "405"),
    # Passport and people.
    "people/<str:username>/": ("page", "405"),
    "media/avatars/<name>-<size>.webp": ("404", "405"),
    # The desk.
    "dashboard/": ("log-in 404 page page page page", "405"),
    "dashboard/columns/<slug:name>/": ("405", "log-in 404 away away away away"),
    "dashboard/views/<slug:name>/": ("405", "log-in 404 away away away away"),
    "dashboard/views/<slug:name>/drop/": ("405", "log-in 404 away away away away"),
    "dashboard/stories/": ("log-in 404 page 404 404 page", "405"),
    "dashboard/stories/stories.csv": ("log-in 404 page 404 404 page", "405"),
    "dashboard/stories/tag/": ("405", "log-in 404 away 404 404 away"),
    "dashboard/stories/calendar/": ("log-in 404 page 404 404 page", "405"),
    "dashboard/searches/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/health/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/health/mail/": ("405", "log-in 404 404 404 404 away"),
    "dashboard/review/": ("log-in 404 404 page 404 page", "405"),
    "dashboard/review/next/": ("log-in 404 404 away 404 away", "405"),
    "dashboard/review/keys/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/approve/": ("405", "log-in 404 404 wrong 404 wrong"),
    "dashboard/review/refuse/": ("405", "log-in 404 404 wrong 404 wrong"),
    "dashboard/review/decided/": ("log-in 404 404 page 404 page", "405"),
    "dashboard/review/decided/<int:pk>/undo/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/comment/<uuid:key>/": ("log-in 404 404 page 404 page", "405"),
    "dashboard/review/comment/<uuid:key>/claim/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/comment/<uuid:key>/release/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/comment/<uuid:key>/approve/": ("405", "log-in 404 404 409 404 409"),
    "dashboard/review/comment/<uuid:key>/refuse/": ("405", "log-in 404 404 wrong 404 wrong"),
    "dashboard/review/message/<int:key>/": ("log-in 404 404 page 404 page", "405"),
    "dashboard/review/message/<int:key>/claim/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/message/<int:key>/release/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/message/<int:key>/approve/": ("405", "log-in 404 404 away 404 away"),
    "dashboard/review/message/<int:key>/refuse/": ("405", "log-in 404 404 wrong 404 wrong"),
    "dashboard/people/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/people/people.csv": ("log-in 404 404 404 404 page", "405"),
    "dashboard/people/<uuid:pk>/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/people/<uuid:pk>/role/": ("405", "log-in 404 404 404 404 wrong"),
    "dashboard/people/<uuid:pk>/switch-off/": (
        "log-in 404 404 404 404 page",
        "log-in 404 404 404 404 away",
    ),
    "dashboard/people/<uuid:pk>/switch-on/": ("405", "log-in 404 404 404 404 409"),
    "dashboard/people/<uuid:pk>/end-sessions/": ("405", "log-in 404 404 404 404 away"),
    "dashboard/people/<uuid:pk>/ban/": (
        "log-in 404 404 404 404 page",
        "log-in 404 404 404 404 wrong",
    ),
    "dashboard/people/<uuid:pk>/unban/": ("405", "log-in 404 404 404 404 409"),
    "dashboard/people/<uuid:pk>/verify/": ("405", "log-in 404 404 404 404 wrong"),
    "dashboard/people/<uuid:pk>/second-proof/": (
        "log-in 404 404 404 404 page",
        "log-in 404 404 404 404 away",
    ),
    "dashboard/log/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/log/entries.csv": ("log-in 404 404 404 404 page", "405"),
    "dashboard/log/entries.json": ("log-in 404 404 404 404 page", "405"),
    "dashboard/log/check/": ("405", "log-in 404 404 404 404 away"),
    "dashboard/log/<int:number>/": ("log-in 404 404 404 404 page", "405"),
    "dashboard/log/<str:kind>/<str:key>/": ("log-in 404 404 404 404 away", "405"),
    "passport/": ("log-in | page", "405"),
    "passport/share/": ("405", "log-in | away"),
    "passport/unshare/": ("405", "log-in | away"),
    "passport/qr.svg": ("log-in | 404", "405"),
    "passport/shared/<str:code>/": ("page", "405"),
    "passport/<str:slug>/": ("log-in | page", "log-in | wrong"),
    "passport/<str:slug>/visited/": ("405", "log-in | away"),
    "passport/<str:slug>/wished/": ("405", "log-in | away"),
    "passport/<str:slug>/clear/": ("405", "log-in | away"),
    # Contact: the form is for all, the inbox for whoever may answer.
    "contact/": ("page", "wrong"),
    "contact/<str:code>/": ("page", "405"),
    "contact/inbox/": ("log-in 404 404 page 404 page", "405"),
    "contact/inbox/<int:pk>/": ("log-in 404 404 page 404 page", "405"),
    "contact/inbox/<int:pk>/open/": ("405", "log-in 404 404 away 404 away"),
    "contact/inbox/<int:pk>/assign/": ("405", "log-in 404 404 away 404 away"),
    "contact/inbox/<int:pk>/note/": ("405", "log-in 404 404 wrong 404 wrong"),
    "contact/inbox/<int:pk>/answer/": ("405", "log-in 404 404 wrong 404 wrong"),
    "contact/inbox/<int:pk>/close/": ("405", "log-in 404 404 away 404 away"),
    "contact/inbox/<int:pk>/reopen/": ("405", "log-in 404 404 away 404 away"),
    "contact/inbox/<int:pk>/trust/": ("405", "log-in 404 404 away 404 away"),
    # Stories.
    "blog/": ("page", "405"),
    "blog/feed/": ("page", "405"),
    "blog/tag/<str:slug>/": ("page", "405"),
    "blog/tag/<str:slug>/feed/": ("page", "405"),
    "blog/state/<str:slug>/": ("page", "405"),
    "blog/state/<str:slug>/feed/": ("page", "405"),
    "blog/by/<str:username>/": ("page", "405"),
    "blog/by/<str:username>/feed/": ("page", "405"),
    "blog/year/<int:year>/": ("page", "405"),
    "blog/<str:slug>/qr.svg": ("page", "405"),
    "blog/<str:slug>/share.png": ("page", "405"),
    "blog/<str:slug>/": ("page", "405"),
    # Where editors write. Asked before anything is looked up: nobody else learns what there is.
    "blog/write/": ("log-in 403 page 403 403 page", "log-in 403 wrong 403 403 wrong"),
    "blog/write/preview/": ("405", "log-in 403 wrong 403 403 wrong"),
    "blog/write/draft/": ("405", "401 403 wrong 403 403 wrong"),
    "blog/write/draft/<uuid:pk>/drop/": ("405", "log-in 403 404 403 403 404"),
    "blog/write/token/": ("401 403 page 403 403 page", "405"),
    "blog/write/images/": ("405", "401 403 wrong 403 403 wrong"),
    "blog/write/all/": ("log-in 403 page 403 403 page", "405"),
    "blog/write/all/archive/": ("405", "log-in 403 away 403 403 away"),
    "blog/write/all/withdraw/": ("405", "log-in 403 away 403 403 away"),
    "blog/write/all/bin/": ("405", "log-in 403 away 403 403 away"),
    "blog/write/all/restore/": ("405", "log-in 403 away 403 403 away"),
    "blog/write/export/": ("405", "log-in 403 page 403 403 page"),
    "blog/write/import/": ("log-in 403 page 403 403 page", "log-in 403 wrong 403 403 wrong"),
    "blog/write/import/now/": ("405", "log-in 403 away 403 403 away"),
    "blog/preview/<str:token>/": ("page", "405"),
    "blog/<str:slug>/edit/": ("log-in 403 page 403 403 page", "log-in 403 wrong 403 403 wrong"),
    "blog/<str:slug>/edit/preview/": ("405", "log-in 403 wrong 403 403 wrong"),
    "blog/<str:slug>/edit/draft/": ("405", "401 403 wrong 403 403 wrong"),
    "blog/<str:slug>/edit/merge/": ("405", "log-in 403 wrong 403 403 wrong"),
    "blog/<str:slug>/edit/aside/": ("405", "log-in 403 away 403 403 away"),
    "blog/<str:slug>/publish/": ("log-in 403 page 403 403 page", "log-in 403 wrong 403 403 wrong"),
    "blog/<str:slug>/withdraw/": ("405", "log-in 403 409 403 403 409"),
    "blog/<str:slug>/archive/": ("405", "log-in 403 409 403 403 409"),
    "blog/<str:slug>/bin/": ("405", "log-in 403 409 403 403 409"),
    "blog/<str:slug>/restore/": ("405", "log-in 403 409 403 403 409"),
    "blog/<str:slug>/share/": ("405", "log-in 403 away 403 403 away"),
    "blog/<str:slug>/unshare/": ("405", "log-in 403 away 403 403 away"),
    "blog/<str:slug>/export/": ("405", "log-in 403 page 403 403 page"),
    "blog/<str:slug>/history/": ("log-in 403 page 403 403 page", "405"),
    "blog/<str:slug>/history/<int:number>/": ("log-in 403 page 403 403 page", "405"),
    "blog/<str:slug>/history/<int:number>/restore/": ("405", "log-in 403 409 403 403 409"),
    "media/stories/<key>-<width>.webp": ("404", "405"),
    # Stories, what is said to them, and who decides about that.
    "blog/<str:slug>/comments/": ("log-in | page", "log-in | wrong"),
    "blog/<str:slug>/comments/open/": ("405", "log-in 404 away away 404 away"),
    "blog/<str:slug>/comments/close/": ("405", "log-in 404 away away 404 away"),
    "blog/<str:slug>/comments/<uuid:pk>/": ("page", "405"),
    "blog/<str:slug>/comments/<uuid:pk>/reply/": ("log-in | page", "log-in | wrong"),
    "blog/<str:slug>/comments/<uuid:pk>/edit/": ("log-in | 403", "log-in | 403"),
    "blog/<str:slug>/comments/<uuid:pk>/delete/": ("405", "log-in | 403"),
    "blog/<str:slug>/comments/<uuid:pk>/report/": ("log-in | page", "log-in | wrong"),
    "blog/moderate/": ("log-in 404 404 page 404 page", "405"),
    "blog/moderate/bans/": ("log-in 404 404 page 404 page", "405"),
    "blog/moderate/bans/<int:pk>/lift/": ("405", "log-in 404 404 away 404 away"),
    "blog/moderate/<uuid:pk>/approve/": ("405", "log-in 404 404 409 404 409"),
    "blog/moderate/<uuid:pk>/dismiss/": ("405", "log-in 404 404 409 404 409"),
    "blog/moderate/<uuid:pk>/refuse/": (
        "log-in 404 404 page 404 page",
        "log-in 404 404 wrong 404 wrong",
    ),
    "blog/moderate/<uuid:pk>/ban/": (
        "log-in 404 404 page 404 page",
        "log-in 404 404 wrong 404 wrong",
    ),
    "notices/": ("log-in | page", "405"),
    "notices/read/": ("405", "log-in | away"),
    "notices/<int:pk>/open/": ("405", "log-in | 404"),
    "notices/unsubscribe/<str:token>/": ("page", "page"),
    # The back room. Staff see its hall; what a room shows and changes, the role decides.
    "admin/login/": ("log-in | 403", "log-in | 403"),
    "admin/": ("log-in 403 page page page page", "log-in 403 page page page page"),
    "admin/logout/": ("away away 405 405 405 405", "away"),
    "admin/password_change/": ("away", "away"),
    "admin/password_change/done/": ("log-in 403 page page page page", "log-in 403 405 405 405 405"),
    "admin/autocomplete/": ("log-in | 403", "log-in 403 405 405 405 405"),
    "admin/jsi18n/": ("log-in 403 page page page page", "log-in 403 405 405 405 405"),
    "admin/r/<path:content_type_id>/<id>/": (
        "log-in 403 away away away away",
        "log-in 403 away away away away",
    ),
    "admin/account/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/account/*/add/": ("log-in | 403", "log-in | 403"),
    "admin/account/*/<id>/history/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/account/*/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/account/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in | 403"),
    "admin/account/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/mfa/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/mfa/*/add/": ("log-in | 403", "log-in | 403"),
    "admin/mfa/*/<id>/history/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/mfa/*/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/mfa/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in | 403"),
    "admin/mfa/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/usersessions/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/usersessions/*/add/": ("log-in | 403", "log-in | 403"),
    "admin/usersessions/*/<id>/history/": (
        "log-in 403 403 403 403 page",
        "log-in 403 403 403 403 page",
    ),
    "admin/usersessions/*/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/usersessions/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in | 403"),
    "admin/usersessions/*/<id>/": (
        "log-in 403 away away away away",
        "log-in 403 away away away away",
    ),
    "admin/audit/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/audit/*/add/": ("log-in | 403", "log-in | 403"),
    "admin/audit/*/<id>/history/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/audit/*/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/audit/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in | 403"),
    "admin/audit/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/accounts/*/<id>/password/": (
        "log-in 403 403 403 403 page",
        "log-in 403 403 403 403 wrong",
    ),
    "admin/accounts/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/accounts/*/add/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/accounts/*/<id>/history/": (
        "log-in 403 403 403 403 page",
        "log-in 403 403 403 403 page",
    ),
    "admin/accounts/*/<id>/delete/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/accounts/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/accounts/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/auth/*/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/auth/*/add/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/auth/*/<id>/history/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/auth/*/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/auth/*/<id>/change/": ("log-in 403 403 403 403 page", "log-in | 403"),
    "admin/auth/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/blog/*/": ("log-in 403 403 page 403 page", "log-in 403 403 page 403 page"),
    "admin/blog/*/add/": ("log-in 403 403 page 403 page", "log-in 403 403 page 403 page"),
    "admin/blog/*/<id>/history/": ("log-in 403 403 page 403 page", "log-in 403 403 page 403 page"),
    "admin/blog/*/<id>/delete/": ("log-in 403 403 page 403 page", "log-in 403 403 page 403 page"),
    "admin/blog/*/<id>/change/": ("log-in 403 403 page 403 page", "log-in 403 403 page 403 page"),
    "admin/blog/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
    "admin/<app_label>/": ("log-in 403 page 404 404 page", "log-in 403 page 404 404 page"),
    "admin/<url>": ("log-in 403 404 404 404 404", "log-in 403 404 404 404 404"),
    # Its facts: * is any model of theirs but what has a row of its own.
    "admin/states/state/add/": ("log-in | 403", "log-in | 403"),
    "admin/states/state/<id>/delete/": ("log-in | 403", "log-in | 403"),
    "admin/states/*/": ("log-in 403 page 403 403 page", "log-in 403 page 403 403 page"),
    "admin/states/*/add/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/states/*/<id>/history/": (
        "log-in 403 page 403 403 page",
        "log-in 403 page 403 403 page",
    ),
    "admin/states/*/<id>/delete/": ("log-in 403 403 403 403 page", "log-in 403 403 403 403 page"),
    "admin/states/*/<id>/change/": ("log-in 403 page 403 403 page", "log-in 403 page 403 403 page"),
    "admin/states/*/<id>/": ("log-in 403 away away away away", "log-in 403 away away away away"),
}


def words_for_all(words: str) -> list[str]:
    if " | " in words:
        visitor, others = words.split(" | ")
        return [visitor, *[others] * 5]
    return words.split() if " " in words else [words] * 6


# --- The walk ----------------------------------------------------------------------------------

ROOM = re.compile(r"^admin/(?P<app>(?!password_change|autocomplete)\w+)/(?P<model>\w+)/")
NAMELESS = {  # routes that are regular expressions
    "admin/^": "admin/<app_label>/",
    "admin/(?P<url>": "admin/<url>",
    "^media/avatars/": "media/avatars/<name>-<size>.webp",
    "^media/stories/": "media/stories/<key>-<width>.webp",
}


def routes(patterns=None, before="") -> list[str]:
    """The walk over the addresses of the site, each by its name in TABLE."""
    found = []
    if patterns is None:
        patterns = get_resolver("pocket.urls").url_patterns
    for pattern in patterns:
        route = before + str(pattern.pattern)
        is_more = isinstance(pattern, URLResolver)
        found += routes(pattern.url_patterns, route) if is_more else [route]
    named = {start: name for start, name in NAMELESS.items() if not before}
    for at, route in enumerate(found):
        for start, name in named.items():
            found[at] = name if route.startswith(start) else found[at]
    return list(dict.fromkeys(found))


def row_of(route: str) -> str:
    """The models of one app share their rows of the back room."""
    own = route if route in TABLE else route.replace("<path:object_id>", "<id>")
    return own if own in TABLE else ROOM.sub(r"admin/\g<app>/*/", own)


ROUTES = routes()
# A room's twins ask the same of the role for both methods; with all of them it would take a minute.
FIRST = {row_of(route): route for route in reversed(ROUTES)}


def test_every_address_has_its_row():
    missing = [route for route in ROUTES if row_of(route) not in TABLE]
    assert not missing, "Say in TABLE who gets what at these."


def test_every_row_has_its_address():
    assert not TABLE.keys() - FIRST.keys()


@pytest.mark.parametrize("route", ROUTES)
def test_everybody_gets_what_the_table_says(cast, route):
    row, address = row_of(route), address_of(route, cast)
    for method, words in zip(["GET", "POST"], TABLE[row], strict=True):
        if method == "GET" or FIRST[row] == route:
            got = [asked(cast, who, method, address) for who in WHO]
            assert dict(zip(WHO, got, strict=True)) == dict(
                zip(WHO, words_for_all(words), strict=True)
            ), f"{method} {address}"


WRITING = re.compile(
    r"blog/<str:slug>/(edit|publish|withdraw|archive|bin|restore|share/|unshare|export|history)"
).match


def address_of(route: str, cast) -> str:
    """An address that leads to something: of asha's, where it is somebody's."""
    if (room := ROOM.match(route)) and room["app"] in apps.app_configs:
        model = apps.get_model(room["app"], room["model"])
        thing = cast.asha if model is User else model._base_manager.first()
        return "/" + re.sub(r"<.*?>", str(thing.pk), route)
    for name, value in {
        "<app_label>": "states",
        "<url>": "nowhere/",
        "<name>": "a" * 22,
        "<size>": "96",
        "<key>": "a" * 22,
        "<width>": "480",
        "<path:content_type_id>": ContentType.objects.get_for_model(State).pk,
        "<path:object_id>": cast.kerala.pk,
        "<str:username>": cast.asha.username,
        "<uuid:pk>": uuid_in(route, cast),
        "<uuid:key>": cast.comment.pk,
        "<int:key>": cast.message.pk,
        "<str:token>": token_in(route, cast),
        "<int:number>": 1,
        "<str:code>": cast.message.code if route.startswith("contact/") else cast.code,
        "contact/inbox/<int:pk>": f"contact/inbox/{cast.message.pk}",
        "<int:pk>": pk_in(route, cast),
        "<int:year>": timezone.localdate().year,
        "<slug:slug>": "population-2011" if "rankings" in route else "kerala",
        "<str:slug>": slug_in(route, cast),
        "<slug:name>": "log",
        "<str:kind>": "accounts.user",
        "<str:key>": cast.asha.pk,
    }.items():
        route = route.replace(name, str(value))
    assert "<" not in route, "Say here which address that is."
    return f"/{route}"


def uuid_in(route: str, cast):
    owned = {"draft/": cast.unsaved, "export/": cast.export, "people/": cast.asha}
    return next((thing.pk for part, thing in owned.items() if part in route), cast.comment.pk)


def token_in(route: str, cast) -> str:
    stops = unsubscribing.address(cast.asha, "replies").split("/")[-2]
    return stops if route.startswith("notices/") else cast.token


def slug_in(route: str, cast) -> str:
    if WRITING(route):
        return cast.draft.slug
    return "monsoon" if "/comments/" in route else "kerala"


def pk_in(route: str, cast):
    owned = {
        "/keys/": cast.passkey,
        "/bans/": cast.ban,
        "notices/": cast.notice,
        "/decided/": cast.decision,
    }
    return next((thing.pk for part, thing in owned.items() if part in route), cast.session.pk)


# --- The people --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker):
    """Everybody, made once; gone with the module."""
    with django_db_blocker.unblock(), undone():
        yield SimpleNamespace(**made())


@pytest.fixture(autouse=True)
def haste(settings, monkeypatch, atlas_keeper, tmp_path):
    """One atlas for all, and no words on the pages that say no: there are two thousand answers."""
    settings.KEEP_ATLAS = True
    settings.EXPORTS_ROOT = tmp_path
    monkeypatch.setattr("states.atlas._keeper", atlas_keeper)
    monkeypatch.setattr("pocket.web.errors.render_to_string", lambda *args: "no")


def made() -> dict:
    keys = {}
    for name in ["asha", *WHO[1:]]:
        person = User.objects.create_user(f"{name}1", f"{name}@pocket.example", "x")
        if name.title() in ROLES:
            person.give_role(name.title(), by=None)
        keys[name] = logged_in(person)
    now = timezone.now()
    asha, kerala = User.objects.get(username="asha1"), State.objects.get(slug="kerala")
    asha.emailaddress_set.create(email=asha.email, verified=True, primary=True)
    Profile.objects.create(user=asha, phone="+919845012345")
    story("kerala", by=asha, tags=("Kerala",))
    Stamp.objects.write(asha, kerala, "visited", year=2019, note="tea at the lake")
    draft = Post.start(Content("Rain", "rain", body="It rains."), by=asha)
    unsaved = Draft.keep(draft, by=asha, form="a" * 22, typed={"title": "Rain"}, version=1)
    post = story("monsoon", byline="Pocket editors")
    HeldWord.objects.create(words="casino")
    waiting = say(post, by=User.objects.create_user("lata1", "lata@pocket.example"))
    banned = User.objects.create_user("ravi1", "ravi@pocket.example")
    site = BaseHandler()
    site.load_middleware()
    return {
        "site": site,
        "at_the_door": {},
        "keys": keys,
        "asha": asha,
        "kerala": kerala,
        "draft": draft,
        "unsaved": unsaved,
        "token": ShareLink.make(draft, by=asha).address.rstrip("/").rpartition("/")[2],
        "comment": shown(post, by=asha),
        "decision": Decision.make(waiting, "approved", version=waiting.version, by=asha),
        "ban": Ban.impose(banned, by=None, reason="Insults.", days=None),
        "notice": Notice.objects.get(person=asha),
        "passkey": Authenticator.objects.create(
            user=asha, type="webauthn", data={"name": "her phone", "credential": {}}
        ),
        "session": UserSession.objects.create(
            user=asha, session_key="elsewhere", ip="203.0.113.7", user_agent="Firefox/140.0"
        ),
        "code": Passport.objects.share(asha, with_notes=False).code,
        "export": Export.objects.create(
            person=asha, ready_at=now, expires_at=now + timedelta(days=7), size=1
        ),
        "message": Message.send(
            by=asha, subject="A bridge is missing", text="over the Periyar", email=asha.email
        ),
    }


def logged_in(person) -> str:
    client = Client()
    client.force_login(person)
    session = client.session
    record_authentication(
        SimpleNamespace(session=session), person, "password", reauthenticated=True
    )
    session.save()
    return session.session_key


@contextmanager
def undone():
    block = transaction.atomic()
    block._from_testcase = True  # so that a durable block within it is let be
    with block:
        yield
        transaction.set_rollback(True)


def answer(cast, who: str, method: str, address: str, data: dict | None = None) -> HttpResponse:
    """Ask where Django begins: the test client would copy what every template was given."""
    request = getattr(RequestFactory(), method.lower())(address, data)
    request._dont_enforce_csrf_checks = True
    if who in cast.keys:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = cast.keys[who]
    response = cast.site.get_response(request)
    with connections_kept():
        response.close()
    return response


PLACES = {
    "/accounts/login/": "log-in",
    "/accounts/reauthenticate/": "proof",
    "/accounts/2fa/reauthenticate/": "proof",
    "": "away",
}
WORDS = {200: "page", 422: "wrong"}


def asked(cast, who: str, method: str, address: str) -> str:
    """What comes of it, in a word of the table; nothing of it stays."""
    with undone():
        response = answer(cast, who, method, address)
    place = response.get("Location")
    if place is None:
        return WORDS.get(response.status_code, str(response.status_code))
    if place.startswith("/admin/login/"):  # no page: it leads on, or says no
        if who not in cast.at_the_door:
            cast.at_the_door[who] = asked(cast, who, "GET", "/admin/login/")
        return cast.at_the_door[who]
    return next(word for start, word in PLACES.items() if place.startswith(start))


# --- Other people's things -----------------------------------------------------------------------


def test_a_session_is_ended_by_its_owner_alone(cast):
    address = f"/accounts/sessions/{cast.session.pk}/end/"
    for who in ("member", "admin"):
        assert answer(cast, who, "POST", address).status_code == 404
    assert answer(cast, "member", "POST", "/accounts/sessions/end-others/").status_code == 302
    assert UserSession.objects.filter(pk=cast.session.pk).exists()
    assert answer(cast, "asha", "POST", address).status_code == 302
    assert not UserSession.objects.filter(pk=cast.session.pk).exists()


def test_an_export_is_downloaded_by_its_owner_alone(cast, tmp_path):
    address = f"/accounts/export/{cast.export.pk}/download/"
    tmp_path.joinpath(f"{cast.export.pk}.zip").write_bytes(b"all of asha")
    for who in ("member", "admin"):
        assert answer(cast, who, "GET", address).status_code == 404
    assert answer(cast, "asha", "GET", address).status_code == 200


def test_a_passkey_is_named_and_removed_by_its_owner_alone(cast):
    keys = f"/accounts/2fa/webauthn/keys/{cast.passkey.pk}"
    assert answer(cast, "asha", "GET", f"{keys}/edit/").status_code == 200
    for who in ("member", "admin"):
        assert answer(cast, who, "POST", f"{keys}/edit/", {"name": "mine"}).status_code == 404
        assert answer(cast, who, "POST", f"{keys}/remove/").status_code == 404
        assert b"her phone" not in answer(cast, who, "GET", "/accounts/2fa/webauthn/").content
    assert b"her phone" in answer(cast, "asha", "GET", "/accounts/2fa/webauthn/").content
    assert answer(cast, "asha", "POST", f"{keys}/remove/").status_code == 302
    assert not Authenticator.objects.filter(pk=cast.passkey.pk).exists()


def test_a_stamp_is_seen_and_cleared_by_its_owner_alone(cast):
    note = b"tea at the lake"
    for who in ("member", "admin"):
        assert note not in answer(cast, who, "GET", "/passport/kerala/").content
        assert note not in answer(cast, who, "GET", f"/passport/shared/{cast.code}/").content
        assert answer(cast, who, "POST", "/passport/kerala/clear/").status_code == 302
        assert answer(cast, who, "POST", "/passport/unshare/").status_code == 302
    assert note in answer(cast, "asha", "GET", "/passport/kerala/").content
    assert answer(cast, "visitor", "GET", f"/passport/shared/{cast.code}/").status_code == 200
    answer(cast, "asha", "POST", "/passport/unshare/")
    assert answer(cast, "member", "GET", f"/passport/shared/{cast.code}/").status_code == 404


def test_a_message_is_read_by_whoever_has_its_link_or_may_answer(cast):
    link, thread = f"/contact/{cast.message.code}/", f"/contact/inbox/{cast.message.pk}/"
    for who in WHO:
        assert b"asha@pocket.example" not in answer(cast, who, "GET", link).content
        reads = answer(cast, who, "GET", thread)
        assert (b"asha@pocket.example" in reads.content) == (who in ("moderator", "admin"))


def test_a_notice_is_its_persons_alone(cast):
    address = f"/notices/{cast.notice.pk}/open/"
    for who in ("member", "moderator", "admin"):
        assert answer(cast, who, "POST", address).status_code == 404
        assert b"Monsoon" not in answer(cast, who, "GET", "/notices/").content
    assert b"Monsoon" in answer(cast, "asha", "GET", "/notices/").content
    assert answer(cast, "asha", "POST", address).status_code == 302


def test_a_comment_is_changed_by_its_author_alone(cast):
    page = cast.comment.get_absolute_url()
    for who in ("member", "editor", "moderator", "admin"):
        assert answer(cast, who, "POST", f"{page}edit/", {"body": "Mine."}).status_code == 403
        assert answer(cast, who, "POST", f"{page}delete/").status_code == 403
    assert answer(cast, "asha", "POST", f"{page}edit/", {"body": "Hers."}).status_code == 302
    cast.comment.refresh_from_db()
    assert cast.comment.body == "Hers."


def test_a_profile_is_seen_and_written_by_its_owner_alone(cast):
    phone = b"9845012345"
    for who in ("visitor", "member", "admin"):
        assert phone not in answer(cast, who, "GET", "/people/asha1/").content
        assert phone not in answer(cast, who, "GET", "/accounts/profile/").content
    sent = {"bio": "mine", "user": cast.asha.pk, "username": "asha1"}
    assert answer(cast, "member", "POST", "/accounts/profile/", sent).status_code == 302
    assert Profile.objects.get(bio="mine").user.username == "member1"
    assert phone in answer(cast, "asha", "GET", "/accounts/profile/").content
