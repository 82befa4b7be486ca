from django.core.management.base import BaseCommand, CommandError

from blog.filling import NotScratchError, fill


class Command(BaseCommand):
    help = "Fill a scratch database with stories and comments, to measure what grows."

    def add_arguments(self, parser):
        parser.add_argument("--stories", type=int, default=1_000)
        parser.add_argument("--comments", type=int, default=0)

    def handle(self, *, stories: int, comments: int, **options):
        if stories < 1 or comments < 0:
            raise CommandError("At least one story, and no fewer than no comments.")
        try:
            fill(stories, comments, self.stdout.write)
        except NotScratchError as problem:
            raise CommandError(f"Nothing was filled in. {problem} Take a scratch one.") from problem
        except LookupError as problem:
            raise CommandError(f"There are no comments here yet: {problem}") from problem
