"""The site's addresses and, below /odd/, views that do what no view of ours should."""

from datetime import timedelta

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from pocket import urls
from pocket.web import errors, generation
from pocket.web.errors import error_page
from pocket.web.pagecache import kept_until, made_of, public_page

calls = []  # one entry for each time that the counted view ran


def error(request, status):
    return error_page(request, status, retry_after=30 if status == 429 else None)


def bare(request, status):
    return HttpResponse(status=status)


def breaks(request):
    raise RuntimeError("the secret recipe")


def asks(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("asked")


def form(request):
    return HttpResponse(get_token(request))


@public_page("colour", free=("q",))
def counted(request):
    """Repeat everything that the request says, as a careless view might."""
    calls.append(request)
    headers = [value for value in request.META.values() if isinstance(value, str)]
    told = [request.build_absolute_uri(), dict(request.GET), headers, request.htmx.request_type]
    return HttpResponse(f"<p>{told}</p>" + "x" * 300)


def page_of(template: str):
    @public_page()
    def view(request):
        engine = engines["django"].from_string(template)
        return HttpResponse(engine.render({"user": request.user}, request))

    return view


@public_page()
def touches_session(request):
    return HttpResponse(request.session.get("name"))


@public_page()
def touches_session_item(request):
    return HttpResponse(request.session["name"])


@public_page()
def touches_user(request):
    return HttpResponse(f"Hello {request.user}")


@public_page()
def reads_messages(request):
    return HttpResponse("".join(str(message) for message in messages.get_messages(request)))


@public_page()
def reads_everything(request):
    return HttpResponse(repr([request.COOKIES, vars(request), request.META, request.headers]))


@public_page()
def public_error(request, status):
    calls.append(request)
    return error_page(request, status)


@public_page()
def public_break(request):
    calls.append(request)
    raise RuntimeError("the secret recipe")


@public_page()
def public_redirect(request):
    calls.append(request)
    return HttpResponseRedirect("/states/")


@public_page()
def public_stream(request):
    calls.append(request)
    return StreamingHttpResponse(["streamed ", str(len(calls))])


@public_page()
def public_cookie(request):
    calls.append(request)
    response = HttpResponse("with a cookie")
    response.set_cookie("flavour", "saffron")
    return response


@public_page()
def changes_meanwhile(request):
    calls.append(request)
    generation._bump_now()
    return HttpResponse("made of the old")


@public_page()
def about_a_thing(request, thing):
    calls.append(request)
    made_of(request, thing)
    if thing == "changing":
        generation._bump_now(generation._key(thing))
    return HttpResponse(f"about {thing}")


@public_page()
def for_a_minute(request):
    calls.append(request)
    kept_until(request, timezone.now() + timedelta(seconds=60))
    return HttpResponse("for a minute")


@public_page()
def with_hole(request):
    return TemplateResponse(request, "base.html")


urlpatterns = [
    *urls.urlpatterns,
    path("odd/error/<int:status>/", error),
    path("odd/bare/<int:status>/", bare),
    path("odd/breaks/", breaks),
    path("odd/asks/", asks),
    path("odd/form/", form),
    path("odd/counted/", counted),
    path("odd/about/<thing>/", about_a_thing),
    path("odd/until/", for_a_minute),
    path("odd/session/", touches_session),
    path("odd/session-item/", touches_session_item),
    path("odd/user/", touches_user),
    path("odd/session-in-template/", page_of("{{ request.session.name }}")),
    path("odd/user-in-template/", page_of("{{ user.username }}")),
    path("odd/token/", page_of("{% csrf_token %}")),
    path("odd/messages/", reads_messages),
    path("odd/everything/", reads_everything),
    path("odd/public/<int:status>/", public_error),
    path("odd/public/break/", public_break),
    path("odd/public/redirect/", public_redirect),
    path("odd/public/stream/", public_stream),
    path("odd/public/cookie/", public_cookie),
    path("odd/meanwhile/", changes_meanwhile),
    path("odd/hole/", with_hole),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
