from django.urls import path

from contact import inbox, views

app_name = "contact"

urlpatterns = [
    path("", views.contact, name="contact"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/", inbox.thread, name="thread"),
    path("inbox/<int:pk>/open/", inbox.open_message, name="open"),
    path("inbox/<int:pk>/assign/", inbox.assign, name="assign"),
    path("inbox/<int:pk>/note/", inbox.note, name="note"),
    path("inbox/<int:pk>/answer/", inbox.answer, name="answer"),
    path("inbox/<int:pk>/close/", inbox.close, name="close"),
    path("inbox/<int:pk>/reopen/", inbox.reopen, name="reopen"),
    path("inbox/<int:pk>/trust/", inbox.trust, name="trust"),
    path("<str:code>/", views.receipt, name="receipt"),
]
