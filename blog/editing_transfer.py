"""Stories taken along as a zip, and brought in again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from blog import transfer
from blog.editing_access import editors_only, post_or_404
from blog.editing_forms import ImportForm
from blog.posts import Post
from pocket.web.http import Request


@require_POST
@editors_only("blog.change_post")
def export_one(request: Request, slug: str) -> HttpResponse:
    post = post_or_404(slug)
    return _zip(request, [post], f"{transfer.name_of(post)}.zip")


@require_POST
@editors_only("blog.change_post")
def export_all(request: Request) -> HttpResponse:
    name = f"pocket-stories-{timezone.localdate():%Y-%m-%d}.zip"
    return _zip(request, Post.objects.order_by("id").iterator(chunk_size=100), name)


def _zip(request: Request, posts, name: str) -> HttpResponse:
    with transaction.atomic():
        made = transfer.exported(posts, by=request.user)
    return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only("blog.add_post")
def bring_in(request: Request) -> HttpResponse:
    """The dry run: what a zip would bring. It waits for `bring_in_now` for a day."""
    form = ImportForm(request.POST if request.method == "POST" else None, request.FILES or None)
    plan = token = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > transfer.MOST_BYTES:
                raise ValidationError(_("That zip is too large."))
            plan = transfer.planned(file)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            if plan.is_possible:
                file.seek(0)
                token = _signer(request).sign(transfer.put_aside(file))
    context = {"form": form, "plan": plan, "token": token}
    status = 422 if form.is_bound and not (plan and plan.is_possible) else 200
    return TemplateResponse(request, "blog/bring_in.html", context, status=status)


@require_POST
@editors_only("blog.add_post")
def bring_in_now(request: Request) -> HttpResponse:
    publishes = "publishes" in request.POST and request.user.has_perm("blog.publish_post")
    try:
        name = _signer(request).unsign(request.POST.get("token", ""), max_age=transfer.KEPT)
        with transfer.taken_up(name) as file:
            posts = transfer.brought_in(
                transfer.planned(file), by=request.user, publishes=publishes
            )
    except BadSignature:
        messages.error(request, _("That zip waited too long. Please send it again."))
        return redirect("blog:import")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("blog:import")
    transfer.let_go(name)
    count = len(posts)
    words = ngettext("%(count)s story came in.", "%(count)s stories came in.", count)
    messages.success(request, words % {"count": count})
    return redirect("blog:stories")


def _signer(request: Request) -> TimestampSigner:
    return TimestampSigner(salt=f"blog.import.{request.user.pk}")
