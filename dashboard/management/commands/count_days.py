from django.core.management.base import BaseCommand

from dashboard import counting


class Command(BaseCommand):
    help = "Count what came on each of the last 30 days, for the desk; a daily task does it too."

    def handle(self, **options):
        self.stdout.write(f"{counting.count_days()} counts are kept.")
