"""The addresses of editors, below /blog/; part of the namespace of blog/urls.py."""

from django.urls import path

from blog import editing, editing_deeds, editing_history, editing_transfer, image_views

urlpatterns = [
    path("write/", editing.write, name="write"),
    path("write/preview/", editing.preview, name="preview"),
    path("write/draft/", editing.draft, name="draft"),
    path("write/draft/<uuid:pk>/drop/", editing.drop_draft, name="drop-draft"),
    path("write/token/", editing.token, name="token"),
    path("write/images/", image_views.upload, name="upload"),
    path("write/all/", editing_deeds.stories, name="stories"),
    path("write/all/archive/", editing_deeds.bulk_archive, name="bulk-archive"),
    path("write/all/withdraw/", editing_deeds.bulk_withdraw, name="bulk-withdraw"),
    path("write/all/bin/", editing_deeds.bulk_bin, name="bulk-bin"),
    path("write/all/restore/", editing_deeds.bulk_restore, name="bulk-restore"),
    path("write/export/", editing_transfer.export_all, name="export-all"),
    path("write/import/", editing_transfer.bring_in, name="import"),
    path("write/import/now/", editing_transfer.bring_in_now, name="import-now"),
    path("preview/<str:token>/", editing_deeds.shared, name="shared"),
    path("<str:slug>/edit/", editing.edit, name="edit"),
    path("<str:slug>/edit/preview/", editing.preview_of, name="preview-of"),
    path("<str:slug>/edit/draft/", editing.draft_of, name="draft-of"),
    path("<str:slug>/edit/merge/", editing.merge, name="merge"),
    path("<str:slug>/edit/aside/", editing.set_aside, name="set-aside"),
    path("<str:slug>/publish/", editing_deeds.publish, name="publish"),
    path("<str:slug>/withdraw/", editing_deeds.withdraw, name="withdraw"),
    path("<str:slug>/archive/", editing_deeds.archive, name="archive"),
    path("<str:slug>/bin/", editing_deeds.bin_story, name="bin"),
    path("<str:slug>/restore/", editing_deeds.restore, name="restore"),
    path("<str:slug>/share/", editing_deeds.share, name="share"),
    path("<str:slug>/unshare/", editing_deeds.unshare, name="unshare"),
    path("<str:slug>/export/", editing_transfer.export_one, name="export"),
    path("<str:slug>/history/", editing_history.history, name="history"),
    path("<str:slug>/history/<int:number>/", editing_history.revision, name="revision"),
    path(
        "<str:slug>/history/<int:number>/restore/",
        editing_deeds.restore_revision,
        name="restore-revision",
    ),
]
