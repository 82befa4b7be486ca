from django.urls import path

from privacy import export_views

app_name = "privacy"

urlpatterns = [
    path("export/", export_views.export, name="export"),
    path(
        "export/<uuid:pk>/download/",
        export_views.export_download,
        name="export-download",
    ),
]
