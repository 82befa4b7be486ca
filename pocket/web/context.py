from django.conf import settings


def site(request) -> dict:
    """What every template may use: the site's own address, never the Host header's."""
    return {"SITE_URL": settings.SITE_URL}
