from django.urls import path

from blog import comment_urls, plain_story

app_name = "blog"

urlpatterns = [
    *comment_urls.urlpatterns,
    path("<str:slug>/", plain_story.post, name="post"),
]
