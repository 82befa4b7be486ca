"""The pages about a person: their own to fill in, and the one that others see."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import etag, require_http_methods, require_safe

from accounts.former import FormerName
from accounts.models import Profile
from accounts.profile_forms import PreferencesForm, ProfileForm, UsernameForm
from accounts.profiles import avatar_path, person_at
from pocket.web.errors import Missing
from pocket.web.http import Request

A_YEAR = "public, max-age=31536000, immutable"
# What could end the script element, or begin a comment in it.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: Request) -> HttpResponse:
    mine = Profile.of(request.user)
    form = ProfileForm(_posted(request), request.FILES or None, profile=mine)

    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Your profile is saved."))
        return redirect("people:profile")

    return _form_page(request, "accounts/profile_form.html", {"form": form, "profile": mine})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(_posted(request), person=request.user)

    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Your preferences are saved, and hold from this page on."))
        return redirect("people:preferences")

    return _form_page(request, "accounts/preferences_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def username(request: Request) -> HttpResponse:
    form = UsernameForm(_posted(request), person=request.user)

    if form.is_valid() and form.save(by=request.user):
        messages.success(
            request, _("You are now called %(name)s.") % {"name": request.user.username}
        )
        return redirect("people:profile")

    return _form_page(request, "accounts/username_form.html", {"form": form})


def _posted(request: Request):
    """What was sent; an empty form was sent too, so it is not the same as none."""
    return request.POST if request.method == "POST" else None


def _form_page(request: Request, template: str, context: dict) -> TemplateResponse:
    """A whole page also for htmx: the theme and the numbers of all of it may change."""
    status = 422 if context["form"].is_bound else 200
    return TemplateResponse(request, template, context, status=status)


@require_safe
def person(request: Request, username: str) -> HttpResponse:
    found = person_at(username)
    if found is None or not found.may_be_seen:
        return _who_left(username)
    shown = Profile.of(found)
    if found.username != username:
        return redirect(shown)
    context = {"person": found, "profile": shown, "structured": _structured(shown)}
    return TemplateResponse(request, "accounts/person.html", context)


def _who_left(username: str) -> HttpResponse:
    """Send an address of the last 90 days to where its person is now."""
    left = FormerName.objects.kept().called(username).select_related("person").first()
    if left is None or not left.person.is_active or not left.person.may_be_seen:
        raise Missing(_("There is nobody of that name here."))
    return redirect("people:person", left.person.username)


def _structured(profile: Profile) -> SafeString | str:
    """The person as schema.org, for search engines that they let in."""
    if not profile.is_indexed:
        return ""
    data = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": profile.shown_real_name or profile.name,
        "alternateName": profile.user.username,
        "url": settings.SITE_URL + profile.get_absolute_url(),
        "description": profile.shown_bio,
        "homeLocation": profile.shown_home and profile.shown_home.name,
    }
    if profile.shown_avatar:
        address = reverse("people:avatar", args=[profile.shown_avatar, 384])
        data["image"] = settings.SITE_URL + address
    text = json.dumps({k: v for k, v in data.items() if v}, ensure_ascii=False)
    escaped = text.translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S308


@require_safe
@etag(lambda request, name, size: f'"{name}-{size}"')
def avatar(request: Request, name: str, size: str) -> HttpResponse:
    """One of our own WebP files. Its name was chance, and what it names never changes."""
    try:
        file = default_storage.open(avatar_path(name, size))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = A_YEAR
    return response
