"""The queue: what waits, one of it, what is decided about it, and what was."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from blog.comment_forms import Words
from dashboard import sections
from dashboard.review_list import Item, Queue, item_called, read_key
from dashboard.review_models import Claim, Decision, NotYoursError, things_of
from dashboard.sections import desk_only
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.keyset import keyset_page
from pocket.web.left_behind import leave_behind, left_behind, sent_too_late

MOST_TICKED = 100
KEYS_OFF = "review_keys_off"  # in the session
APPROVED, REFUSED = Decision.What.APPROVED, Decision.What.REFUSED


class ReasonForm(forms.Form):
    reason = Words(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy(
            "Who wrote it reads this: beside the comment, or as the answer to the message. At most"
            " 500 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Give a reason: who wrote it reads it.")},
    )


def keeps_words(view: Callable) -> Callable:
    """Keep what was typed when its sender was logged out, and lead back to where it is typed."""

    def page_of(kwargs: dict) -> str:
        if "thing" in kwargs:
            return reverse(f"dashboard:review-{kwargs['thing']}", args=[kwargs["key"]])
        return reverse("dashboard:review")

    @wraps(view)
    def guarded(request: Request, **kwargs) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            leave_behind(request)
            return redirect_to_login(page_of(kwargs))
        return view(request, **kwargs)

    def again(request: Request) -> HttpResponse | None:
        return sent_too_late(request, page_of(request.resolver_match.kwargs))

    guarded.after_csrf_failure = again
    return guarded


@require_safe
@desk_only(sections.REVIEW)
def review(request: Request) -> HttpResponse:
    return list_page(request)


@require_safe
@desk_only(sections.REVIEW)
def beside(request: Request) -> HttpResponse:
    """Lead to the item after a place in the queue, or before it."""
    queue = Queue.of(request.user, request.GET)
    backwards = "before" in request.GET
    asked = request.GET.get("before" if backwards else "after", "")
    found = queue.beside(asked, backwards=backwards)
    if found is None:
        messages.info(request, _("Nothing else waits."))
        return redirect(reverse("dashboard:review") + queue.query)
    return redirect(found.at() + queue.query)


@require_safe
@desk_only(sections.REVIEW)
def item(request: Request, thing: str, key) -> HttpResponse:
    return item_page(request, item_or_404(request, thing, key))


@require_POST
@desk_only(sections.REVIEW)
def claim(request: Request, thing: str, key) -> HttpResponse:
    found = item_or_404(request, thing, key)
    try:
        found.claim = Claim.take(found.row, by=request.user)
    except NotYoursError as other:
        return item_page(request, found, trouble=str(other), status=409)
    return redirect(found.at() + Queue.of(request.user, request.GET).query)


@require_POST
@desk_only(sections.REVIEW)
def release(request: Request, thing: str, key) -> HttpResponse:
    found = item_or_404(request, thing, key)
    Claim.give_back(found.row, by=request.user)
    return redirect(reverse("dashboard:review") + Queue.of(request.user, request.GET).query)


@require_POST
@desk_only(sections.REVIEW)
def approve(request: Request, thing: str, key) -> HttpResponse:
    return decide(request, item_or_404(request, thing, key), APPROVED)


@require_POST
@keeps_words
@desk_only(sections.REVIEW)
def refuse(request: Request, thing: str, key) -> HttpResponse:
    found = item_or_404(request, thing, key)
    form = ReasonForm(request.POST, label_suffix="")
    if not form.is_valid():
        return item_page(request, found, form=form, status=422)
    return decide(request, found, REFUSED, form)


@require_POST
@keeps_words
@desk_only(sections.REVIEW)
def approve_many(request: Request) -> HttpResponse:
    return decide_many(request, APPROVED)


@require_POST
@keeps_words
@desk_only(sections.REVIEW)
def refuse_many(request: Request) -> HttpResponse:
    return decide_many(request, REFUSED)


@require_safe
@desk_only(sections.REVIEW)
def decided(request: Request) -> HttpResponse:
    """What was decided here, the latest first, each to be undone."""
    return decided_page(request)


@require_POST
@desk_only(sections.REVIEW)
def undo(request: Request, pk: int) -> HttpResponse:
    found = Decision.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None or found.thing not in things_of(request.user):
        raise Missing(_("There is no such decision."))
    try:
        found.undo(by=request.user)
    except NotYoursError as since:
        return decided_page(request, trouble=str(since), status=409)
    messages.success(request, _("It is undone: the item waits again."))
    key = read_key(found.thing, found.key)
    return redirect(f"dashboard:review-{found.thing}", key)


@require_POST
@desk_only(sections.REVIEW)
def keys(request: Request) -> HttpResponse:
    """Switch the keys off, or on again."""
    request.session[KEYS_OFF] = not request.session.get(KEYS_OFF)
    return redirect(reverse("dashboard:review") + Queue.of(request.user, request.GET).query)


def paths(thing: str, converter: str) -> list[URLPattern]:
    """The addresses of one kind of thing."""
    deeds = {"claim": claim, "release": release, "approve": approve, "refuse": refuse}
    start, more = f"review/{thing}/<{converter}:key>/", {"thing": thing}
    return [
        path(start, item, more, name=f"review-{thing}"),
        *(
            path(f"{start}{deed}/", view, more, name=f"review-{thing}-{deed}")
            for deed, view in deeds.items()
        ),
    ]


def item_or_404(request: Request, thing: str, key) -> Item:
    is_possible = not isinstance(key, int) or key < 2**63
    found = item_called(request.user, thing, key) if is_possible else None
    if found is None:
        raise Missing(_("It is not there any more, or not for you to decide."))
    return found


def decide(
    request: Request, found: Item, what: str, form: ReasonForm | None = None
) -> HttpResponse:
    """Decide and go on with the next; whoever comes second is told who decided what."""
    queue = Queue.of(request.user, request.GET)
    place, was_claimed = found.place, found.claim is not None
    reason = form.cleaned_data["reason"] if form else ""
    version = read_version(request.POST.get("version", ""))
    try:
        Decision.make(found.row, what, version=version, by=request.user, reason=reason)
    except NotYoursError as first:
        now = item_or_404(request, found.thing, found.row.pk)
        return item_page(request, now, form=form, trouble=str(first), status=409)
    messages.success(request, told(found, what))
    following = queue.beside(place)
    if following is None:
        return redirect(reverse("dashboard:review") + queue.query)
    if was_claimed:  # who works through the queue keeps one of it for themselves
        with suppress(NotYoursError):  # somebody was faster, as their page will say
            following.claim = Claim.take(following.row, by=request.user)
    address = following.at() + queue.query
    if request.htmx.request_type != "partial":
        return redirect(address)
    response = item_page(request, following)
    response["HX-Push-Url"] = address
    return response


def decide_many(request: Request, what: str) -> HttpResponse:
    """Decide all that is ticked, each by itself, and say what became of each."""
    ticks = list(dict.fromkeys(request.POST.getlist("item")))[:MOST_TICKED]
    form = ReasonForm(request.POST, label_suffix="")
    form.fields["reason"].required = what == REFUSED
    is_right = form.is_valid()
    if not ticks:
        form.add_error(None, _("Tick at least one."))
    if not is_right or not ticks:
        return list_page(request, form=form, ticked=ticks, status=422)
    reason = form.cleaned_data["reason"] if what == REFUSED else ""
    results = [carry_out(request.user, tick, what, reason) for tick in ticks]
    done = sum(is_done for _item, is_done, _words in results)
    context = {
        "results": results,
        "done": done,
        "query": Queue.of(request.user, request.GET).query,
        "summary": ngettext(
            "%(done)s of %(all)s is decided.", "%(done)s of %(all)s are decided.", done
        )
        % {"done": done, "all": len(results)},
    }
    return TemplateResponse(request, "dashboard/review_results.html", context)


def carry_out(person, tick: str, what: str, reason: str) -> tuple[Item | None, bool, str]:
    thing, _dot, rest = tick.partition(".")
    name, _dot, version = rest.partition(".")
    key = read_key(thing, name) if name.isascii() else None
    found = item_called(person, thing, key) if key is not None else None
    if found is None:
        return None, False, _("It is not there any more, or not for you to decide.")
    try:
        Decision.make(found.row, what, version=read_version(version), by=person, reason=reason)
    except NotYoursError as first:
        return found, False, str(first)
    return found, True, told(found, what)


def told(found: Item, what: str) -> str:
    if what == REFUSED:
        if found.is_comment:
            return _("The comment is refused; its author reads why.")
        if found.row.suspicion:
            return _("The message is closed; your reason stands beside it as a note.")
        return _("The message is closed; its sender got your reason as the answer.")
    if not found.is_comment:
        return _("The message is open in the inbox.")
    return _("Everybody can read the comment.")


def read_version(text: str) -> int:
    """The version that the person saw; 0, which nothing has, if the form is broken."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def shared(request: Request, queue: Queue) -> dict:
    return {
        "query": queue.query,
        "just_made": Decision.objects.just_made(request.user),
        "keys_off": request.session.get(KEYS_OFF, False),
    }


def list_page(
    request: Request, *, form: ReasonForm | None = None, ticked=(), status: int = 200
) -> HttpResponse:
    queue = Queue.of(request.user, request.GET)
    typed = left_behind(request, reverse("dashboard:review-refuse-many"))
    typed = typed or left_behind(request, reverse("dashboard:review-approve-many"))
    context = {
        "queue": queue,
        "page": queue.page(request.GET),
        "form": form or ReasonForm(initial=typed, label_suffix=""),
        "ticked": ticked,
        **shared(request, queue),
    }
    return TemplateResponse(request, "dashboard/review.html", context, status=status)


def item_page(
    request: Request,
    found: Item,
    *,
    form: ReasonForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    queue = Queue.of(request.user, request.GET)
    typed = left_behind(request, found.at("refuse"))
    context = {
        "item": found,
        "is_mine": found.claim is not None and found.claim.by == request.user,
        "form": form or ReasonForm(initial=typed, label_suffix=""),
        "trouble": trouble,
        **shared(request, queue),
    }
    return render_page(
        request, "dashboard/review_item.html", context, partial="item", status=status
    )


def decided_page(request: Request, *, trouble: str = "", status: int = 200) -> HttpResponse:
    made = Decision.objects.filter(thing__in=things_of(request.user))
    made = made.select_related("by", "undone_by")
    page = keyset_page(made, request.GET, ("-id",), size=50)
    rows = [(it, reverse(f"dashboard:review-{it.thing}", args=[it.key])) for it in page]
    context = {"page": page, "rows": rows, "trouble": trouble}
    return TemplateResponse(request, "dashboard/review_decided.html", context, status=status)
