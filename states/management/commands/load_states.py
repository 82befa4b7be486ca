import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from states import finding
from states.loading import load
from states.models import State
from states.reading import DATA, BrokenDataError


class Command(BaseCommand):
    help = "Load the facts of states/data into the database; a second time changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=DATA, help="another directory of files")
        parser.add_argument(
            "--overwrite", action="store_true", help="put back words that staff edited"
        )
        parser.add_argument(
            "--if-new",
            action="store_true",
            help="only if these files were not loaded yet: figures that staff corrected stay",
        )

    def handle(self, *, data, overwrite, if_new, **options):
        stamp, files = settings.VAR_DIR / "loaded-from", fingerprint(data)
        is_known = State.objects.exists() and stamp.is_file() and stamp.read_text() == files
        if not (if_new and is_known):
            try:
                report = load(data, overwrite=overwrite)
            except BrokenDataError as error:
                raise CommandError(f"Nothing was loaded.\n{error}") from error
            self.stdout.write(str(report))
            stamp.write_text(files)
        if found := finding.refresh():  # a new release may find by more names
            self.stdout.write(f"search: {found} entries changed")


def fingerprint(directory: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(directory.glob("*.json")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
