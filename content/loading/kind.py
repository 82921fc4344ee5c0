"""What a kind of rows is: how its files become rows of one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from content.loading.children import Children
from content.loading.rows import Columns, Model, Reader, word_for
from content.loading.source import Entry


def as_it_is(entry: Entry) -> Entry:
    """Return the entry: nothing to take apart."""
    return entry


@dataclass(frozen=True)
class Kind:
    """How the files of one kind become rows of one model.

    Attributes:
        model: what the rows are rows of.
        key: the column that finds a row again.
        files: where the files are, relative to the library.
        columns: the columns by their name in the file; others are left as they are in the database.
        table: how a TOML file names its tables; empty: the file as a whole is one.
        named_by_file: the key is the file's name.
        readers: by name in the file, where a field is not read by the type of its column.
        children: rows that belong to a row.
        head: the first line of a CSV file.
        repeats: a row may stand on several lines, as long as they agree.
        prepare: takes apart the text below the front matter.
    """

    model: Model
    key: str
    files: str
    columns: Columns
    table: str = ""
    named_by_file: bool = False
    readers: Mapping[str, Reader] = field(default_factory=dict)
    children: tuple[Children, ...] = ()
    head: tuple[str, ...] = ()
    repeats: bool = False
    prepare: Callable[[Entry], Entry] = as_it_is

    @property
    def label(self) -> str:
        """The kind in words, for several."""
        return word_for(self.model, several=True).capitalize()

    @property
    def names(self) -> list[str]:
        """Everything that may stand in an entry; the first line of a CSV file."""
        if self.head:
            return list(self.head)
        own = [name for name in self.columns if not (self.named_by_file and name == self.key)]
        return own + [name for children in self.children for name in children.names]
