"""The Chromium for the browser tests."""

import sys
from pathlib import Path

from tools.servers import Missing, install_from_debian, on_path, quiet

SHELL = "chromium-headless-shell"  # the same engine without windows: half the time
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path:
    """Take Debian's package where we may, else what is installed, else Playwright's own."""
    if found := on_path(SHELL):
        return found
    for package in (SHELL, "chromium"):
        install_from_debian(package)
        if found := on_path(*NAMES):
            return found
    if found := playwrights_own():
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
