from django.urls import path

from dashboard import log_views, overview, story_views, views

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("columns/<slug:name>/", views.columns, name="columns"),
    path("views/<slug:name>/", views.save_view, name="save-view"),
    path("views/<slug:name>/drop/", views.drop_view, name="drop-view"),
    path("stories/", story_views.stories, name="stories"),
    path("stories/stories.csv", story_views.stories_csv, name="stories-csv"),
    path("stories/tag/", story_views.tag, name="stories-tag"),
    path("stories/calendar/", story_views.calendar, name="calendar"),
    path("log/", log_views.log, name="log"),
    path("log/entries.csv", log_views.log_csv, name="log-csv"),
    path("log/entries.json", log_views.log_json, name="log-json"),
    path("log/check/", log_views.check, name="log-check"),
    path("log/<int:number>/", log_views.entry, name="entry"),
    path("log/<str:kind>/<str:key>/", log_views.thing, name="thing"),
]
