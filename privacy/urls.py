from django.urls import path

from privacy import views

app_name = "privacy"

urlpatterns = [
    path("privacy/", views.agreement, name="agreement"),
    path("delete/", views.delete, name="delete"),
    path("delete/undo/", views.come_back, name="come-back"),
]
