from django.urls import path

from states import exports, views

app_name = "states"

urlpatterns = [
    path("", views.home, name="home"),
    path("share.png", views.home_picture, name="home-picture"),
    path("states/", views.state_list, name="list"),
    path("states/compare/", views.compare, name="compare"),
    path("states/rankings/", views.ranking_list, name="rankings"),
    path("states/rankings/<slug:slug>/", views.ranking, name="ranking"),
    path("states/rankings/<slug:slug>.csv", exports.ranking_csv, name="ranking-csv"),
    path("states/rankings/<slug:slug>.json", exports.ranking_json, name="ranking-json"),
    path("states/data.csv", exports.data_csv, name="data-csv"),
    path("states/data.json", exports.data_json, name="data-json"),
    path("states/<slug:slug>/", views.state, name="state"),
    path("states/<slug:slug>.json", exports.state_json, name="state-json"),
    path("states/<slug:slug>/card/", views.card, name="card"),
    path("states/<slug:slug>/qr.svg", views.qr, name="qr"),
    path("states/<slug:slug>/share.png", views.picture, name="picture"),
    path("states/<str:slug>/", views.state),  # a name in any script; leads to the slug
    path("sources/", views.sources, name="sources"),
]
