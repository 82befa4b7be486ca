from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import etag, require_POST, require_safe

from accounts.profile_views import A_YEAR
from blog.editing_access import editors_only
from blog.images import Image, image_path
from pocket.web.http import Request
from pocket.web.limits import Limit

UPLOADS = Limit("story-image", 60, 10 * 60)


@require_safe
@etag(lambda request, key, width: f'"{key}-{width}"')
def image(request: Request, key: str, width: str) -> HttpResponse:
    """One of our own WebP files. Its name was chance, and what it names never changes."""
    try:
        file = default_storage.open(image_path(key, width))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = A_YEAR
    return response


@require_POST
@editors_only("blog.add_post", in_background=True)
def upload(request: Request) -> HttpResponse:
    """Take a picture that was dropped or pasted; the answer is for editor-pictures.js."""
    if wait := UPLOADS.take(request.user.pk):
        words = _("That were many pictures. Please wait %(seconds)s seconds.") % {"seconds": wait}
        return JsonResponse({"error": words}, status=429)
    if "picture" not in request.FILES:
        return JsonResponse({"error": _("There was no picture in it.")}, status=422)
    try:
        taken = Image.take(request.FILES["picture"], by=request.user)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse({"path": taken.path})
