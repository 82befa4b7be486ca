from django.core.management.base import BaseCommand

from accounts import founding


class Command(BaseCommand):
    help = "Show the code that the first sign-up needs, where others can reach the site."

    def handle(self, **options):
        if code := founding.ready_code():
            self.stdout.write(
                f"Nobody runs this site yet. Sign up with this set-up code: {code}\n"
                f"(It also stands in {founding.code_file()}.)"
            )
