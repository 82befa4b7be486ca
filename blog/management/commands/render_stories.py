from django.core.management.base import BaseCommand

from blog.posts import Post


class Command(BaseCommand):
    help = "Render all stories anew, after the rules of Markdown changed."

    def handle(self, *args, **options) -> None:
        stories = Post.everything.order_by("pk").iterator(chunk_size=100)
        outcomes = [post.render_again() for post in stories]
        self.stdout.write(f"{len(outcomes)} stories read, {sum(outcomes)} changed.")
