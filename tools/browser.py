"""The Chromium for the browser tests."""

import sys
from pathlib import Path

from tools.servers import Missing, install_from_debian, on_path, quiet

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path:
    """Find an installed one; else take Debian's package where we may, else Playwright's own."""
    if found := on_path(*NAMES):
        return found
    install_from_debian("chromium")
    if found := on_path(*NAMES) or playwrights_own():
        return found
    print("Installing Playwright's Chromium …", flush=True)
    quiet(sys.executable, "-m", "playwright", "install", "chromium")
    if found := playwrights_own():
        return found
    raise Missing("Chromium cannot be had: not installed, no Debian package, none from Playwright.")


def playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None
