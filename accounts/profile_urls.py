from django.urls import path, re_path

from accounts import profile_views as views

app_name = "people"
urlpatterns = [
    path("accounts/profile/", views.profile, name="profile"),
    path("accounts/preferences/", views.preferences, name="preferences"),
    path("accounts/username/", views.username, name="username"),
    path("people/<str:username>/", views.person, name="person"),
    re_path(
        r"^media/avatars/(?P<name>[A-Za-z0-9_-]{22})-(?P<size>96|384)\.webp$",
        views.avatar,
        name="avatar",
    ),
]
