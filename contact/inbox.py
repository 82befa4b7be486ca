"""The team's side, until the dashboard has it: the boxes, a thread, and a page for each deed."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contact.forms import AnswerForm, AssignForm, NoteForm
from contact.models import ANSWER, HELD, Message, OutdatedError, team
from once.models import AlreadySpentError, spend
from pocket.web.http import Request
from pocket.web.keyset import keyset_page
from pocket.web.left_behind import leave_behind, left_behind, sent_too_late

PER_PAGE = 50
BOXES = {
    "new": gettext_lazy("New"),
    "open": gettext_lazy("Open"),
    "answered": gettext_lazy("Answered"),
    "closed": gettext_lazy("Closed"),
    HELD: gettext_lazy("Suspicious"),
}


def team_only(view: Callable) -> Callable:
    """Send strangers to log in; for members without the right there is no inbox."""

    @wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                leave_behind(request)
            page = reverse("contact:thread", kwargs=kwargs) if kwargs else request.get_full_path()
            return redirect_to_login(page)
        if not request.user.has_perm(ANSWER):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.after_csrf_failure = back_to_thread
    return guarded


def back_to_thread(request: Request) -> HttpResponse | None:
    kwargs = request.resolver_match.kwargs
    return sent_too_late(request, reverse("contact:thread", kwargs=kwargs)) if kwargs else None


@require_safe
@team_only
def inbox(request: Request) -> HttpResponse:
    notices = []
    box = request.GET.get("status", "") or "new"
    if box not in BOXES:
        notices.append(_("There is no such box; these are the new messages."))
        box = "new"
    counts = Message.objects.counts()
    context = {
        "page": keyset_page(
            Message.objects.in_box(box).for_rows(), request.GET, ("id",), size=PER_PAGE
        ),
        "box": box,
        "boxes": [(name, label, counts[name]) for name, label in BOXES.items()],
        "notices": notices,
    }
    return TemplateResponse(request, "contact/inbox.html", context)


@require_safe
@team_only
def thread(request: Request, pk: int) -> HttpResponse:
    return thread_page(request, message_or_404(pk))


@require_POST
@team_only
def open_message(request: Request, pk: int) -> HttpResponse:
    message_or_404(pk).open(by=request.user)
    return done(request, pk, _("The message is open."))


@require_POST
@team_only
def close(request: Request, pk: int) -> HttpResponse:
    message_or_404(pk).close(by=request.user)
    return done(request, pk, _("The message is closed."))


@require_POST
@team_only
def reopen(request: Request, pk: int) -> HttpResponse:
    message_or_404(pk).reopen(by=request.user)
    return done(request, pk, _("The message is open again."))


@require_POST
@team_only
def trust(request: Request, pk: int) -> HttpResponse:
    message_or_404(pk).trust(by=request.user)
    return done(request, pk, _("The message is not suspicious any more."))


@require_POST
@team_only
def assign(request: Request, pk: int) -> HttpResponse:
    message = message_or_404(pk)
    form = AssignForm(request.POST, team=team(), label_suffix="", auto_id="assign_%s")
    if not form.is_valid():
        return thread_page(request, message, assign_form=form, status=422)
    message.assign(form.cleaned_data["to"], by=request.user)
    return done(request, pk, _("Noted who takes care of it."))


@require_POST
@team_only
def note(request: Request, pk: int) -> HttpResponse:
    message = message_or_404(pk)
    form = NoteForm(request.POST, label_suffix="", auto_id="note_%s")
    if not form.is_valid():
        return thread_page(request, message, note_form=form, status=422)
    try:
        with transaction.atomic():
            spend(form.key_of_words)
            message.note(form.cleaned_data["text"], by=request.user)
    except AlreadySpentError:
        pass  # sent twice: the first one stands, and its page is the answer
    return done(request, pk, _("The note is kept."))


@require_POST
@team_only
def answer(request: Request, pk: int) -> HttpResponse:
    message = message_or_404(pk)
    form = AnswerForm(request.POST.dict(), label_suffix="", auto_id="answer_%s")
    if not form.is_valid():
        return thread_page(request, message, answer_form=form, status=422)
    written = form.cleaned_data
    try:
        with transaction.atomic():
            spend(form.key_of_words)
            message.answer(written["text"], by=request.user, seen=written["seen"])
    except AlreadySpentError:
        pass  # sent twice: the first one stands, and its page is the answer
    except ValidationError as error:
        form.add_error(None, error)
        return thread_page(request, message, answer_form=form, status=422)
    except OutdatedError:
        words = _("Somebody else answered meanwhile; see above. Yours is still here, not yet sent.")
        form.data = form.data | {"seen": message.answers().count()}
        form.add_error(None, words)
        return thread_page(request, message, answer_form=form, status=409)
    return done(request, pk, _("The answer is sent."))


def message_or_404(pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("member", "assigned_to"), pk=pk)


def done(request: Request, pk: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("contact:thread", pk)


def thread_page(
    request: Request,
    message: Message,
    *,
    status: int = 200,
    answer_form: AnswerForm | None = None,
    note_form: NoteForm | None = None,
    assign_form: AssignForm | None = None,
) -> TemplateResponse:
    lines = list(message.lines.select_related("author"))
    seen = sum(line.is_answer for line in lines)
    answered = left_behind(request, reverse("contact:answer", args=[message.pk]))
    noted = left_behind(request, reverse("contact:note", args=[message.pk]))
    wrong = next((it for it in (answer_form, note_form, assign_form) if it), None)
    context = {
        "message": message,
        "lines": lines,
        "wrong": wrong,
        "answer_form": answer_form
        or AnswerForm(initial={"seen": seen} | answered, label_suffix="", auto_id="answer_%s"),
        "note_form": note_form or NoteForm(initial=noted, label_suffix="", auto_id="note_%s"),
        "assign_form": assign_form
        or AssignForm(
            team=team(),
            initial={"to": message.assigned_to_id},
            label_suffix="",
            auto_id="assign_%s",
        ),
    }
    return TemplateResponse(request, "contact/thread.html", context, status=status)
