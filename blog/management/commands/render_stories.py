from django.core.management.base import BaseCommand

from blog.comments import Comment
from blog.posts import Post


class Command(BaseCommand):
    help = "Render all stories and comments anew, after the rules of Markdown changed."

    def handle(self, *args, **options) -> None:
        for name, rows in (("stories", Post.everything), ("comments", Comment.objects)):
            read = changed = 0
            for row in rows.order_by("pk").iterator(chunk_size=100):
                read, changed = read + 1, changed + row.render_again()
            self.stdout.write(f"{read} {name} read, {changed} changed.")
