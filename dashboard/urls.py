from django.urls import path

from dashboard import log_views, overview, people_views, person_views, story_views, views

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
    path("people/", people_views.people, name="people"),
    path("people/people.csv", people_views.people_csv, name="people-csv"),
    path("people/<uuid:pk>/", person_views.person, name="person"),
    path("people/<uuid:pk>/role/", person_views.role, name="person-role"),
    path("people/<uuid:pk>/switch-off/", person_views.switch_off, name="person-off"),
    path("people/<uuid:pk>/switch-on/", person_views.switch_on, name="person-on"),
    path("people/<uuid:pk>/end-sessions/", person_views.end_sessions, name="person-sessions"),
    path("people/<uuid:pk>/ban/", person_views.ban, name="person-ban"),
    path("people/<uuid:pk>/unban/", person_views.unban, name="person-unban"),
    path("people/<uuid:pk>/verify/", person_views.verify, name="person-verify"),
    path("people/<uuid:pk>/second-proof/", person_views.second_proof, name="person-proof"),
]
