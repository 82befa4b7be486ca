import re

from django import forms

from once.models import new_key

KEY = re.compile(r"[A-Za-z0-9_-]{16,32}").fullmatch


class OnceForm(forms.Form):
    """Mix this into a form that makes something, and spend `cleaned_data["once"]` as it does."""

    once = forms.CharField(required=False, widget=forms.HiddenInput, initial=new_key)

    def clean_once(self) -> str:
        """Return the key that came, or a new one where none came that could be ours."""
        key = self.cleaned_data["once"]
        return key if KEY(key) else new_key()
