"""The site with its back room read anew, as tests register models in it."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("pocket.urls"))]
