"""Headers that every answer carries, whoever makes it."""

from functools import cache

from django.conf import settings
from django.utils.csp import build_policy

FEATURES_OFF = (
    "accelerometer, autoplay, "
    "browsing-topics, camera, display-capture, encrypted-media, gamepad, geolocation, gyroscope, "
    "hid, identity-credentials-get, idle-detection, local-fonts, magnetometer, microphone, midi, "
    "otp-credentials, payment, picture-in-picture, screen-wake-lock, serial, storage-access, "
    "usb, window-management, xr-spatial-tracking"
)


@cache
def fixed_headers() -> dict[str, str]:
    """All security headers of an answer, for answers that pass no middleware as well."""
    headers = {
        "Content-Security-Policy": build_policy(settings.SECURE_CSP),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in FEATURES_OFF.split(", ")),
        "Reporting-Endpoints": 'csp="/csp-reports/"',
    }
    if settings.HTTPS:
        headers["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return headers
