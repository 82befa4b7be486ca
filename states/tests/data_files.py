import json
import shutil

import pytest

from states.loading import load
from states.reading import DATA, BrokenDataError


class Files:
    """A copy of the data files that a test may spoil: `files["culture"]` is one of them, parsed."""

    def __init__(self, folder):
        self.folder, self.parsed = folder, {}
        for path in DATA.glob("*.json"):
            shutil.copy(path, folder)

    def __getitem__(self, name):
        path = self.folder / f"{name}.json"
        return self.parsed.setdefault(name, json.loads(path.read_text(encoding="utf-8")))

    def at(self, name, path):
        """What holds the last key of a path, and that key."""
        *steps, last = path.split("/")
        holder = self[name]
        for step in steps:
            holder = holder[int(step) if isinstance(holder, list) else step]
        return holder, int(last) if isinstance(holder, list) else last

    def put(self, name, path, value):
        holder, key = self.at(name, path)
        holder[key] = value

    def cut(self, name, path):
        holder, key = self.at(name, path)
        del holder[key]

    def write(self):
        for name, value in self.parsed.items():
            (self.folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
        return self.folder

    def load(self, **options):
        return load(self.write(), **options)

    def problems(self):
        with pytest.raises(BrokenDataError) as caught:
            self.load()
        return caught.value.problems
