from django.urls import path

from privacy import export_views, views

app_name = "privacy"

urlpatterns = [
    path("privacy/", views.agreement, name="agreement"),
    path("delete/", views.delete, name="delete"),
    path("delete/undo/", views.come_back, name="come-back"),
    path("export/", export_views.export, name="export"),
    path(
        "export/<uuid:pk>/download/",
        export_views.export_download,
        name="export-download",
    ),
]
