from django.core.management.base import BaseCommand, CommandError

from blog.filling import NotScratchError
from dashboard import demo


class Command(BaseCommand):
    help = "Fill a scratch site with made-up people, stories and work to do, to look around."

    def handle(self, **options):
        try:
            made = demo.fill()
        except NotScratchError as problem:
            raise CommandError(f"Nothing was filled in. {problem} Take a scratch one.") from problem
        self.stdout.write(
            f"{made.members} members, {made.stories} stories, {made.comments} comments.\n"
            f"Log in as {', '.join(demo.STAFF)}; the password of each is {made.password}"
        )
