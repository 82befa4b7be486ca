"""Mails of a site without a mail server: files in var/mail, for whoever runs it to read."""

import secrets
from datetime import datetime
from pathlib import Path

from django.core.mail.backends.filebased import EmailBackend


class MailFiles(EmailBackend):
    def _get_filename(self) -> str:
        """A file for each mail. Django's names repeat, and one file would be two people's."""
        if self._fname is None:
            name = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(8)}.log"
            self._fname = str(Path(self.file_path, name))
        return self._fname
