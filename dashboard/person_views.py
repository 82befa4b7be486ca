"""One person: what they are and what they wrote, and what may be done about their account.

A password is neither shown nor set here, and nobody becomes somebody else.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import LastAdminError, User
from accounts.reauthentication import asked_again, is_recent
from accounts.roles import ROLES
from accounts.sessions import seats_of
from audit.models import Entry
from blog.bans import MODERATE, AlreadyBannedError, Ban
from blog.comment_forms import BanForm
from blog.models import Comment, Post
from contact.models import ANSWER, Message
from dashboard import sections
from dashboard.people_list import ranks, standings, with_standing
from dashboard.sections import desk_only
from pocket.web.errors import Missing
from pocket.web.http import Request
from pocket.web.left_behind import leave_behind, left_behind, sent_too_late

CHANGE = "accounts.change_user"
SEE_SESSIONS, END_SESSIONS = "usersessions.view_usersession", "usersessions.delete_usersession"
LATEST = 8
PROOFS = {"totp": gettext_lazy("app with codes"), "webauthn": gettext_lazy("passkey")}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[(role, role) for role in ROLES])
    deed = forms.ChoiceField(choices=[("give", ""), ("take", "")])


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("It stands in the audit log. At most 500 characters."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def may_touch(who: User, person: User, permission: str = CHANGE) -> bool:
    return who.has_perm(permission) and person.may_be_changed_by(who)


def deed(permission: str, *, proves: bool = True, asks: bool = False) -> Callable:
    """Let in who may do it to this person; with `proves`, who has just shown who they are.

    With `asks` it has a page, where what was typed waits for who was logged out meanwhile.
    """

    def decorate(view: Callable) -> Callable:
        @desk_only(sections.PEOPLE)
        def entering(request: Request, pk: UUID) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise Http404
            person = person_or_404(pk)
            if not may_touch(request.user, person, permission):
                raise PermissionDenied("Only a superuser changes another.")
            if proves and request.method == "POST" and not is_recent(request):
                return asked_again(request, keeps=True)
            return view(request, person)

        @wraps(view)
        def entered(request: Request, pk: UUID) -> HttpResponse:
            is_stranger = not request.user.is_authenticated
            if asks and is_stranger and request.method == "POST" and leave_behind(request):
                return redirect_to_login(request.path)
            return entering(request, pk)

        if asks:
            entered.after_csrf_failure = sent_too_late
        return entered

    return decorate


def person_or_404(pk: UUID) -> User:
    if found := with_standing(User.objects.defer("password")).filter(pk=pk).first():
        return found
    raise Missing(_("There is no account of this key. It may have been erased."))


# --- The page -----------------------------------------------------------------------------------


@require_safe
@desk_only(sections.PEOPLE)
def person(request: Request, pk: UUID) -> HttpResponse:
    return page_of(request, person_or_404(pk))


def page_of(
    request: Request, person: User, *, trouble: str = "", status: int = 200
) -> TemplateResponse:
    who = request.user
    may_change = may_touch(who, person)
    held = [group.name for group in person.held]
    context = {
        "person": person,
        "trouble": trouble,
        "ranks": ranks(person),
        "standings": standings(person),
        "held": held,
        "free": [role for role in ROLES if role not in held],
        "addresses": EmailAddress.objects.filter(user=person).order_by("-primary", "email"),
        "proofs": [PROOFS.get(kind, kind) for kind in person.second_proofs()],
        "is_me": person == who,
        "may_change": may_change,
        "is_out_of_reach": not person.may_be_changed_by(who),
        "may_ban": may_touch(who, person, MODERATE) and not person.has_perm(MODERATE),
        "may_end": may_touch(who, person, END_SESSIONS),
        "ban": Ban.objects.on(person) if who.has_perm(MODERATE) else None,
        "sends_mail": settings.VERIFY_EMAIL,
        **_written_by(person, who),
        **_told_of(person, who),
    }
    if who.has_perm(SEE_SESSIONS):
        context["seats"] = seats_of(person, here=request.session.session_key)
    return TemplateResponse(request, "dashboard/person.html", context, status=status)


def _written_by(person: User, who: User) -> dict:
    """Their latest stories, comments and messages, as far as `who` may read such."""
    stories = Post.objects.by(person).only(
        "author", "title", "slug", "status", "published_at", "removed_at"
    )
    if not who.has_perm("blog.change_post"):
        stories = stories.public().filter(byline="")
    comments = Comment.objects.by(person).visible_to(who).of_public_stories()
    comments = comments.select_related("post").only(
        "author", "html", "made_at", "status", "post__slug", "post__title"
    )
    latest = F("published_at").desc(nulls_first=True)  # drafts, which the databases sort apart
    written = {
        "stories": stories.order_by(latest, "-id")[:LATEST],
        "comments": comments.order_by("-id")[:LATEST],
    }
    if who.has_perm(ANSWER):
        theirs = Message.objects.filter(member=person).defer("text")
        written["letters"] = theirs.order_by("-id")[:LATEST]
    return written


def _told_of(person: User, who: User) -> dict:
    if not sections.LOG.is_open_to(who):
        return {}
    entries = Entry.objects.in_words().order_by("-number")
    return {
        "about": entries.filter(person_id=str(person.pk))[:LATEST],
        "done": entries.filter(actor_id=str(person.pk))[:LATEST],
    }


# --- Deeds --------------------------------------------------------------------------------------


@require_POST
@deed(CHANGE)
def role(request: Request, person: User) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        words = _("Choose one of the roles that there are.")
        return page_of(request, person, trouble=words, status=422)
    name, gives = form.cleaned_data["role"], form.cleaned_data["deed"] == "give"
    if (name in person.roles()) == gives:
        has, has_not = _("They have this role already."), _("They do not have this role any more.")
        return page_of(request, person, trouble=has if gives else has_not, status=409)
    try:
        (person.give_role if gives else person.take_role)(name, by=request.user)
    except PermissionDenied:
        words = _("Nobody gives themselves a role.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=422)
    except LastAdminError as problem:
        return _kept_an_admin(request, person, problem)
    words = _("%(name)s has the role %(role)s now.")
    if not gives:
        words = _("%(name)s does not have the role %(role)s any more.")
    return _done(request, person, words % {"name": person.username, "role": name})


@require_http_methods(["GET", "HEAD", "POST"])
@deed(CHANGE, asks=True)
def switch_off(request: Request, person: User) -> HttpResponse:
    form = _form_of(WhyForm, request)
    if person == request.user:
        words = _("You cannot switch yourself off: somebody else has to.")
        return page_of(request, person, trouble=words, status=422 if form.is_bound else 200)
    if not form.is_valid():
        return _asked(request, person, form, "off")
    try:
        was_in = person.switch_off(by=request.user, reason=form.cleaned_data["reason"])
    except LastAdminError as problem:
        return _kept_an_admin(request, person, problem)
    if not was_in:
        words = _("Somebody else switched this account off already.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=409)
    return _done(request, person, _("The account is switched off; its sessions have ended."))


@require_POST
@deed(CHANGE)
def switch_on(request: Request, person: User) -> HttpResponse:
    if not person.switch_on(by=request.user):
        words = _("This account is on already.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=409)
    return _done(request, person, _("The account is on again: its owner may log in."))


@require_POST
@deed(END_SESSIONS)
def end_sessions(request: Request, person: User) -> HttpResponse:
    here = request.session.session_key if person == request.user else None
    person.end_sessions(by=request.user, here=here)
    words = _("All their sessions have ended.")
    return _done(request, person, words if here is None else _("All your other sessions ended."))


@require_http_methods(["GET", "HEAD", "POST"])
@deed(MODERATE, proves=False, asks=True)
def ban(request: Request, person: User) -> HttpResponse:
    form = _form_of(BanForm, request)
    if form.is_valid():
        days, reason = form.cleaned_data["length"], form.cleaned_data["reason"]
        try:
            Ban.impose(person, by=request.user, reason=reason, days=days)
        except PermissionDenied:
            form.add_error(None, _("Nobody bans themselves or another moderator."))
        except AlreadyBannedError as first:
            form.add_error(None, _already(first.ban))
            return _asked(request, person, form, "ban", status=409)
        else:
            return _done(request, person, _("Nobody sees what they wrote any more."))
    return _asked(request, person, form, "ban")


@require_POST
@deed(MODERATE, proves=False)
def unban(request: Request, person: User) -> HttpResponse:
    standing = Ban.objects.on(person)
    if standing is None or not standing.lift(by=request.user):
        words = _("This ban was over already.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=409)
    return _done(request, person, _("The ban is lifted: all they wrote is there again."))


@require_POST
@deed(CHANGE, proves=False)
def verify(request: Request, person: User) -> HttpResponse:
    if not settings.VERIFY_EMAIL:
        words = _("This site sends no mail, so no address is verified.")
        return page_of(request, person, trouble=words, status=422)
    if person.is_removed or not person.is_active:
        words = _("This account opens for nobody now, so a code would be no use.")
        return page_of(request, person, trouble=words, status=422)
    if not person.ask_to_verify(by=request.user):
        words = _("They have verified an address meanwhile.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=409)
    return _done(request, person, _("A mail is on its way: it leads to a new code."))


@require_http_methods(["GET", "HEAD", "POST"])
@deed(CHANGE, asks=True)
def second_proof(request: Request, person: User) -> HttpResponse:
    form = _form_of(WhyForm, request)
    if person == request.user:
        words = _("Your own second proof you change in your account.")
        return page_of(request, person, trouble=words, status=422 if form.is_bound else 200)
    if not form.is_valid():
        return _asked(request, person, form, "proof")
    if not person.reset_second_proof(by=request.user, reason=form.cleaned_data["reason"]):
        words = _("There is no second proof to take off.")
        return page_of(request, person_or_404(person.pk), trouble=words, status=409)
    return _done(request, person, _("The second proof is taken off, and they have a mail."))


def _form_of(form: type[forms.Form], request: Request) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    return form(sent, initial=left_behind(request), label_suffix="")


def _asked(request: Request, person: User, form: forms.Form, what: str, status: int = 0):
    context = {"person": person, "form": form, "what": what}
    status = status or (422 if form.is_bound else 200)
    return TemplateResponse(request, "dashboard/person_deed.html", context, status=status)


def _kept_an_admin(request: Request, person: User, problem: LastAdminError) -> HttpResponse:
    again = person_or_404(person.pk)  # as it is, not as it would have been
    return page_of(request, again, trouble=problem.message, status=422)


def _done(request: Request, person: User, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("dashboard:person", person.pk)


def _already(ban: Ban) -> str:
    who = ban.imposed_by.username if ban.imposed_by else _("a deleted member")
    return _("%(who)s banned them already. Reason: %(reason)s") % {"who": who, "reason": ban.reason}
