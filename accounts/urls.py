from django.urls import include, path

from accounts import views

urlpatterns = [
    path("", views.overview, name="account"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("sessions/end-others/", views.sessions_end_others, name="sessions-end-others"),
    path("kept-form/", views.kept_form, name="kept-form"),
    path("security/", views.security, name="security-log"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
