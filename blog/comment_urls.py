from django.urls import path

from blog import comment_views as views
from blog import moderation_views as moderation

# `moderate/` comes before the addresses of stories: no story is called so.
urlpatterns = [
    path("moderate/", moderation.queue, name="moderate"),
    path("moderate/bans/", moderation.ban_list, name="bans"),
    path("moderate/bans/<int:pk>/lift/", moderation.lift, name="ban-lift"),
    path("moderate/<uuid:pk>/approve/", moderation.approve, name="comment-approve"),
    path("moderate/<uuid:pk>/refuse/", moderation.refuse, name="comment-refuse"),
    path("moderate/<uuid:pk>/dismiss/", moderation.dismiss, name="comment-dismiss"),
    path("moderate/<uuid:pk>/ban/", moderation.ban, name="comment-ban"),
    path("<str:slug>/comments/", views.say, name="say"),
    path("<str:slug>/comments/open/", moderation.open_comments, name="comments-open"),
    path("<str:slug>/comments/close/", moderation.close_comments, name="comments-close"),
    path("<str:slug>/comments/<uuid:pk>/", views.comment, name="comment"),
    path("<str:slug>/comments/<uuid:pk>/reply/", views.reply, name="comment-reply"),
    path("<str:slug>/comments/<uuid:pk>/edit/", views.edit, name="comment-edit"),
    path("<str:slug>/comments/<uuid:pk>/delete/", views.delete, name="comment-delete"),
    path("<str:slug>/comments/<uuid:pk>/report/", views.report, name="comment-report"),
]
