"""Stories in the search index: what is published, each from its moment on."""

from collections.abc import Iterator

from search import index
from search.index import Entry
from search.kinds import Kind


def refresh(post) -> None:
    """Bring the index to what readers may find of a story, in the transaction of its deed."""
    if post.is_published:
        index.put([entry(post)])
    else:
        drop(post)


def drop(post) -> None:
    index.drop(Kind.STORY, [str(post.pk)])


def entry(post) -> Entry:
    tags = [tag.name for tag in post.tags.all()]
    states = [state.name for state in post.states.all()]
    return Entry(
        kind=Kind.STORY,
        key=str(post.pk),
        title=post.title,
        lang="" if post.language == "en" else post.language,
        url=post.get_absolute_url(),
        context=post.dek,
        body=" ".join([post.text, *tags, *states]),
        from_when=post.published_at,
    )


def entries(posts) -> Iterator[Entry]:
    """Entries of many stories, a few at a time in memory."""
    published = posts.filter(status="published").prefetch_related("tags", "states")
    for post in published.defer("body", "html", "headings").iterator(chunk_size=500):
        yield entry(post)
