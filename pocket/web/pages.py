"""Pages in plain words, and the files that machines ask every site for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pocket.web.http import Request
from pocket.web.pagecache import kept_until, made_of, public_page

A_DAY = "public, max-age=86400"


def plain_page(name: str):
    @require_safe
    @public_page()
    def view(request: Request) -> TemplateResponse:
        return TemplateResponse(request, f"pages/{name}.html", {"path": request.path})

    return view


about = plain_page("about")
accessibility = plain_page("accessibility")


@require_safe
@public_page(cache_control=A_DAY, neutral=True)
def robots(request: Request) -> HttpResponse:
    """Keep crawlers out of pages that are made of questions, and tell them the map of the site."""
    closed = ("/search/", "/admin/", "/accounts/", "/dashboard/", "/contact/?")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public_page(cache_control=A_DAY, neutral=True)
def security_txt(request: Request) -> HttpResponse:
    """RFC 9116. Without SECURITY_CONTACT nobody is named, so there is no file."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (datetime.now(UTC) + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: en, hi",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@csrf_exempt  # it only reads: a POST is a 405, with or without a token
def favicon(request: Request) -> HttpResponse:
    """Browsers that were not told ask here; the icon itself has a hashed name."""
    response = HttpResponse(status=302)
    response["Location"] = static("img/pocket.svg")
    response["Cache-Control"] = A_DAY
    return response


@require_safe
@public_page(cache_control=A_DAY, neutral=True)
def sitemap(request: Request, sitemaps: dict[str, type[Sitemap]]) -> HttpResponse:
    """Every page for search engines, with the configured address, never the Host header's.

    A section may name the topics that it is made of, and say when it will be outdated.
    """
    site = urlsplit(settings.SITE_URL)
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for section in sitemaps.values():
        found = section()
        made_of(request, *getattr(found, "topics", ()))
        if until := getattr(found, "until", None):
            kept_until(request, until())
        for item in found.items():
            xml.startElement("url", {})
            xml.addQuickElement("loc", f"{site.scheme}://{site.netloc}{found.location(item)}")
            if lastmod := getattr(found, "lastmod", None):
                xml.addQuickElement("lastmod", lastmod(item).isoformat(timespec="seconds"))
            xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return response
