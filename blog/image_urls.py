from django.urls import re_path

from blog import image_views
from blog.images import KEY

app_name = "story-images"

urlpatterns = [
    re_path(
        rf"^media/stories/(?P<key>{KEY})-(?P<width>480|960|1600)\.webp$",
        image_views.image,
        name="image",
    ),
]
