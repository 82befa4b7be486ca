from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pocket.web.http import Request, render_page
from pocket.web.pagecache import made_of, public_page
from search import missed
from search.index import TOPIC, find
from search.kinds import Kind
from search.words import MAX_LENGTH

PER_KIND = 5  # of each kind on the first page
OF_ONE_KIND = 50
SUGGESTED_KINDS = 3
SUGGESTED = 3  # of each


@require_safe
@public_page("kind", free=("q",))
def results(request: Request) -> HttpResponse:
    made_of(request, TOPIC)
    words = request.GET.get("q", "").strip()
    q = words[:MAX_LENGTH]
    wanted = request.GET.get("kind", "")
    kind = Kind(wanted) if wanted in Kind.values else None
    found = find(q, kinds=[kind] if kind else [], per_kind=OF_ONE_KIND if kind else PER_KIND)
    if not found:
        missed.note(q)

    context = {
        "q": q,
        "most": MAX_LENGTH,
        "is_cut": len(words) > MAX_LENGTH,
        "kind": kind,
        "unknown_kind": wanted[:40] if not kind else "",
        "found": found,
        "listed": [group for group in found.groups if group.hits],
        "link": {"q": q},
    }
    response = render_page(request, "search/results.html", context, partial="results")
    response["X-Robots-Tag"] = "noindex"  # endless pages made of questions
    return response


@require_safe
@public_page(free=("q",))
def suggest(request: Request) -> HttpResponse:
    """Answer the options under the search field; only htmx asks for them."""
    made_of(request, TOPIC)
    q = request.GET.get("q", "").strip()[:MAX_LENGTH]
    if request.htmx.request_type != "partial":
        return redirect(reverse("search:results", query={"q": q}))

    found = find(q, per_kind=SUGGESTED)
    context = {"q": q, "found": found, "groups": found.groups[:SUGGESTED_KINDS], "link": {"q": q}}
    response = render(request, "search/_suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
