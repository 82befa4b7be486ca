"""The form for everybody, and the page where its sender finds the answers.

Neither is kept by anybody: both answer `no-store`, the default of the house.
"""

import math

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import client_of
from contact import opening
from contact.facts import fact_called
from contact.forms import ContactForm, path_on_this_site
from contact.limits import MESSAGES
from contact.models import Line, Message, new_code
from once.models import AlreadySpentError, spend
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from states.atlas import atlas


class TooOftenError(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, ContactForm(initial=begun(request), label_suffix=""))
    form = ContactForm(request.POST, label_suffix="")
    if not form.is_valid():
        return form_page(request, form, status=422)
    try:
        return redirect(send(request, form))
    except AlreadySpentError as spent:
        return redirect(spent.answer or "contact:contact")
    except TooOftenError as error:
        form.add_error(None, wait(error.seconds))
        response = form_page(request, form, status=429)
        response["Retry-After"] = str(error.seconds)
        return response


def words_again(request: Request) -> HttpResponse:
    """The form as it was filled in, with a token that is fresh."""
    typed = {name: request.POST[name] for name in ContactForm.base_fields if name in request.POST}
    words = _(
        "It was not sent: the form was open for too long, or your browser keeps no cookies of this"
        " site. Your words are here; please send them again."
    )
    form = ContactForm(initial=typed, label_suffix="")
    return form_page(request, form, status=403, trouble=words).render()


contact.after_csrf_failure = words_again


@transaction.atomic
def send(request: Request, form: ContactForm) -> str:
    """Keep the message once, and return where its sender follows it."""
    code = new_code()
    address = reverse("contact:receipt", args=[code])
    spend(form.key_of_words, address)
    if seconds := MESSAGES.take(client_of(request)):
        raise TooOftenError(seconds)
    Message.send(by=request.user, request=request, code=code, **form.written())
    return address


def begun(request: Request) -> dict:
    """What a form begins with: what the link says it is about, and who asks."""
    name = request.GET.get("fact", "")
    fact = fact_called(name, atlas()) if name else None
    person = request.user
    about = path_on_this_site(request.GET.get("about", ""))
    return {
        "about": (about or "")[:500],
        "opened": opening.signed(fact),
        "subject": correction(fact) if fact else "",
        "name": person.display_name if person.is_authenticated else "",
        "email": person.email if person.is_authenticated else "",
    }


def correction(fact: dict) -> str:
    return _("Correction: %(state)s, %(label)s") % {
        "state": fact["state_name"],
        "label": fact["label"],
    }


def wait(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    words = ngettext(
        "You sent several messages in a short time. Wait %(minutes)s minute, then send this one;"
        " it is still here.",
        "You sent several messages in a short time. Wait %(minutes)s minutes, then send this one;"
        " it is still here.",
        minutes,
    )
    return words % {"minutes": minutes}


def form_page(
    request: Request, form: ContactForm, status: int = 200, trouble: str = ""
) -> TemplateResponse:
    context = {
        "form": form,
        "fact": form.fact,
        "kept_days": settings.CONTACT_KEPT_DAYS,
        "trouble": trouble,
    }
    return render_page(
        request, "contact/contact.html", context, partial="contact-form", status=status
    )


@require_safe
def receipt(request: Request, code: str) -> HttpResponse:
    """What whoever knows the code may see: no address, no name of the team, no note."""
    message = Message.objects.filter(code=code).first()
    if message is None:
        raise Missing(_("There is no message at this address."))
    context = {
        "message": message,
        "answers": message.lines.filter(kind=Line.Kind.ANSWER),
        "address": settings.SITE_URL + message.get_absolute_url(),
    }
    response = TemplateResponse(request, "contact/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
