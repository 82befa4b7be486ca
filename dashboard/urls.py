from django.urls import path

from dashboard import log_views, overview, review_views, views

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("columns/<slug:name>/", views.columns, name="columns"),
    path("review/", review_views.review, name="review"),
    path("review/next/", review_views.beside, name="review-next"),
    path("review/keys/", review_views.keys, name="review-keys"),
    path("review/approve/", review_views.approve_many, name="review-approve-many"),
    path("review/refuse/", review_views.refuse_many, name="review-refuse-many"),
    path("review/decided/", review_views.decided, name="review-decided"),
    path("review/decided/<int:pk>/undo/", review_views.undo, name="review-undo"),
    *review_views.paths("comment", "uuid"),
    *review_views.paths("message", "int"),
    path("log/", log_views.log, name="log"),
    path("log/entries.csv", log_views.log_csv, name="log-csv"),
    path("log/entries.json", log_views.log_json, name="log-json"),
    path("log/check/", log_views.check, name="log-check"),
    path("log/<int:number>/", log_views.entry, name="entry"),
    path("log/<str:kind>/<str:key>/", log_views.thing, name="thing"),
]
