from django.urls import path

from passport import views

app_name = "passport"

urlpatterns = [
    path("", views.passport, name="passport"),
    path("share/", views.share, name="share"),
    path("unshare/", views.unshare, name="unshare"),
    path("qr.svg", views.qr, name="qr"),
    path("shared/<str:code>/", views.shared, name="shared"),
    path("<str:slug>/", views.stamp, name="stamp"),
    path("<str:slug>/visited/", views.visited, name="visited"),
    path("<str:slug>/wished/", views.wished, name="wished"),
    path("<str:slug>/clear/", views.clear, name="clear"),
]
