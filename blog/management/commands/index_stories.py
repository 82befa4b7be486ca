from django.core.management.base import BaseCommand
from django.db import transaction

from blog.finding import entries
from blog.listed import Listed
from blog.posts import Post
from search import index
from search.kinds import Kind


class Command(BaseCommand):
    help = "Make lists and search index of stories anew, when rows were written past the site."

    def handle(self, **options):
        with transaction.atomic():
            Listed.rebuild()
            changed = index.replace([Kind.STORY], entries(Post.objects.all()))
        self.stdout.write(f"stories: {changed} entries of the search changed")
