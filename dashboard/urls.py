from django.urls import path

from dashboard import health, log_views, overview, views

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("searches/", overview.searches, name="searches"),
    path("health/", health.health, name="health"),
    path("health/mail/", health.test_mail, name="test-mail"),
    path("columns/<slug:name>/", views.columns, name="columns"),
    path("log/", log_views.log, name="log"),
    path("log/entries.csv", log_views.log_csv, name="log-csv"),
    path("log/entries.json", log_views.log_json, name="log-json"),
    path("log/check/", log_views.check, name="log-check"),
    path("log/<int:number>/", log_views.entry, name="entry"),
    path("log/<str:kind>/<str:key>/", log_views.thing, name="thing"),
]
