"""An address below /blog/ that is none of these is a story's: no story may have one of them."""

from django.urls import include, path

from blog import views

app_name = "blog"

urlpatterns = [
    path("", views.post_list, name="list"),
    path("feed/", views.feed, name="feed"),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("tag/<str:slug>/feed/", views.tag_feed, name="tag-feed"),
    path("state/<str:slug>/", views.state, name="state"),
    path("state/<str:slug>/feed/", views.state_feed, name="state-feed"),
    path("by/<str:username>/", views.by, name="by"),
    path("by/<str:username>/feed/", views.by_feed, name="by-feed"),
    path("year/<int:year>/", views.year, name="year"),
    path("", include("blog.edit_urls")),
    path("", include("blog.comment_urls")),
    path("<str:slug>/qr.svg", views.qr, name="qr"),
    path("<str:slug>/share.png", views.picture, name="picture"),
    path("<str:slug>/", views.post, name="post"),
]
