import hashlib
import json
import re

from django import forms

from once.models import new_key

KEY = re.compile(r"[A-Za-z0-9_-]{16,32}").fullmatch


class OnceForm(forms.Form):
    """Mix this into a form that makes something, and spend `cleaned_data["once"]` as it does.

    What people write is spent with `key_of_words`: a browser that went back sends other words with
    the key of the first ones, and they are not to be lost.
    """

    once = forms.CharField(required=False, widget=forms.HiddenInput, initial=new_key)

    def clean_once(self) -> str:
        """Return the key that came, or a new one where none came that could be ours."""
        key = self.cleaned_data["once"]
        return key if KEY(key) else new_key()

    @property
    def key_of_words(self) -> str:
        """One key for this form with these words in it, and no other form's."""
        told = json.dumps([type(self).__name__, self.cleaned_data], default=str, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]
