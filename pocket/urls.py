"""Every address of the site. PRODUCT promises them; an app adds its own below."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.sitemaps import People
from accounts.views import back_room_door
from blog.sitemaps import SITEMAPS as STORIES
from pocket.web import health, pages
from pocket.web.reports import csp_reports
from privacy.views import page as privacy_page
from states.sitemaps import SITEMAPS

urlpatterns = [
    path("", include("states.urls")),
    path("health/", health.alive, name="alive"),
    path("health/ready/", health.ready, name="ready"),
    path("csp-reports/", csp_reports, name="csp-reports"),
    path("about/", pages.about, name="about"),
    path("privacy/", privacy_page, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path(
        "sitemap.xml",
        pages.sitemap,
        {"sitemaps": SITEMAPS | STORIES | {"people": People}},
        name="sitemap",
    ),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    path("accounts/", include("privacy.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/login/", back_room_door, name="back-room-door"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("search/", include("search.urls")),
    path("", include("accounts.profile_urls")),
    path("passport/", include("passport.urls")),
    path("blog/", include("blog.urls")),
    path("contact/", include("contact.urls")),
    path("", include("blog.image_urls")),
    path("notices/", include("notices.urls")),
    path("dashboard/", include("dashboard.urls")),
]

handler400 = "pocket.web.errors.bad_request"
handler403 = "pocket.web.errors.permission_denied"
handler404 = "pocket.web.errors.not_found"
handler500 = "pocket.web.errors.server_error"
handler429 = "accounts.views.too_many"  # asked for by allauth
