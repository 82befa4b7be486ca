from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from states.structured import script


def story(post, tags: list, states: list) -> SafeString:
    """What search engines read of a story: schema.org's BlogPosting."""
    site = settings.SITE_URL
    address = site + post.get_absolute_url()
    if post.signer:
        page = reverse("blog:by", args=[post.signer.username])
        author = {"@type": "Person", "name": post.author_name, "url": site + page}
    else:
        author = {"@type": "Organization", "name": str(post.author_name)}
    return script(
        {
            "@type": "BlogPosting",
            "headline": post.title,
            "description": post.dek,
            "url": address,
            "mainEntityOfPage": address,
            "image": [
                *([site + post.shown_cover.src] if post.shown_cover else []),
                site + reverse("blog:picture", args=[post.slug]),
            ],
            "inLanguage": post.language,
            "datePublished": post.published_at.isoformat(),
            "dateModified": max(post.published_at, post.changed_at).isoformat(),
            "author": author,
            "publisher": {"@type": "Organization", "name": "Pocket", "url": f"{site}/"},
            "timeRequired": f"PT{post.minutes}M",
            "keywords": [tag.name for tag in tags],
            "about": [
                {
                    "@type": "AdministrativeArea",
                    "name": state.name,
                    "url": site + state.get_absolute_url(),
                }
                for state in states
            ],
        }
    )
