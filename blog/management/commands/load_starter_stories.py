from django.core.management.base import BaseCommand
from django.db import IntegrityError

from blog import starters


class Command(BaseCommand):
    help = "Load the stories that a new site begins with; a second time, or beside others, nothing."

    def handle(self, **options):
        try:
            number = starters.load()
        except IntegrityError:
            number = 0  # another host starts at the same moment, and was faster
        if number:
            self.stdout.write(f"stories: {number} to begin with")
