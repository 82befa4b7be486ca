"""Who asks: the address of the client, as far as somebody trustworthy vouches for it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

FORWARDED = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA"}


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address, or "" where there is none (a Unix socket, say).

    Each trusted proxy appends the address it saw to X-Forwarded-For, so with n proxies the n-th
    from the right is the client's; whatever stands further left, anybody may have written.
    """
    if not settings.TRUSTED_PROXIES:
        return _valid(request.META.get("REMOTE_ADDR", ""))
    if not (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
        return _valid(request.META.get("REMOTE_ADDR", ""))
    # Fewer hops than proxies: somebody came in behind the outer ones; the nearest wrote the first.
    hops = forwarded.split(",")
    return _valid(hops[-min(settings.TRUSTED_PROXIES, len(hops))])


def shortened(address: str) -> str:
    """Return the network an address is in, which many share: /24 of IPv4, /48 of IPv6."""
    if not address:
        return ""
    if ":" in address:
        if known := ipaddress.IPv6Address(address).ipv4_mapped:
            return shortened(str(known))
        return str(ipaddress.IPv6Network((address, 48), strict=False))
    return f"{address.rpartition('.')[0]}.0/24"


def is_loopback(request: HttpRequest) -> bool:
    if not settings.TRUSTED_PROXIES and FORWARDED & request.META.keys():
        return False  # a proxy that nobody told us of: whoever stands behind it is no neighbour
    address = client_address(request)
    return bool(address) and ipaddress.ip_address(address).is_loopback


def _valid(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    return "" if getattr(address, "scope_id", None) else str(address)  # a scope is free text
