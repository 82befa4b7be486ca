from django.core.management.base import BaseCommand

from blog import starters


class Command(BaseCommand):
    help = "Put the stories that the site began with into the bin, from where they can be restored."

    def handle(self, **options):
        self.stdout.write(f"stories: {starters.remove()} in the bin")
