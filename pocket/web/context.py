from django.conf import settings


def site(request) -> dict:
    """What every template may use: the site's own address, never the Host header's; where mails

    land when there is no mail server.
    """
    mail_folder = "" if settings.EMAIL_URL else f"{settings.VAR_DIR.name}/mail/"
    return {"SITE_URL": settings.SITE_URL, "MAIL_FOLDER": mail_folder}
