"""Words without case and accents, so that half a name finds it as it is typed on any keyboard; the same here and in both databases.

The folding rests on one table and on nothing that a database's locale, a Python or a PostgreSQL decides: an index on PostgreSQL is built
on it. Whoever changes the table builds that index anew in a migration, see consultations/migrations/0010_search_by_folded_parts.py.
"""

from __future__ import annotations

import string
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, Func
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler

# Of each group, the first stands for all: capitals, letters with accents or strokes, and other signs for an apostrophe or a hyphen.
# PostgreSQL looks through them from the first to the last for each letter of a name, so the rarest are last.
LETTERS = (
    # Europe and Turkey.
    "aAªÀÁÂÃÄÅàáâãäåĀāĂăĄą bB cCÇçĆćĈĉĊċČč dDÐðĎďĐđ eEÈÉÊËèéêëĒēĔĕĖėĘęĚě fF gGĜĝĞğĠġĢģ hHĤĥĦħ iIÌÍÎÏìíîïĨĩĪīĬĭĮįİı "
    "jJĴĵ kKĶķĸ lLĹĺĻļĽľĿŀŁł mM nNÑñŃńŅņŇňŉŊŋ oOºÒÓÔÕÖØòóôõöøŌōŎŏŐő pP qQ rRŔŕŖŗŘř sSŚśŜŝŞşŠšſȘș tTŢţŤťŦŧȚț "
    "uUÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų vV wWŴŵ xX yYÝýÿŶŷŸ zZŹźŻżŽž ßẞ æÆ þÞ œŒ ĳĲ '’‘ʼʻʹ′´ -‐‑‒–—− "
    # Cyrillic.
    "аА бБ вВ гГЃѓ дД еЕЀЁѐё жЖ зЗ иИЍЙйѝ кКЌќ лЛ мМ нН оО пП рР сС тТ уУЎў фФ хХ цЦ чЧ шШ щЩ ъЪ ыЫ ьЬ эЭ юЮ яЯ ђЂ "
    "єЄ ѕЅ іІЇї јЈ љЉ њЊ ћЋ џЏ ґҐ "
    # Greek.
    "αΑΆά βΒ γΓ δΔ εΕΈέ ζΖ ηΗΉή θΘ ιΙΊΐΪίϊ κΚ λΛ μΜµ νΝ ξΞ οΟΌό πΠ ρΡ σΣς τΤ υΥΎΫΰϋύ φΦ χΧ ψΨ ωΩΏώ "
    # Vietnam.
    "aẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ eẸẹẺẻẼẽẾếỀềỂểỄễỆệ iỈỉỊị oƠơỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ uƯưỤụỦủỨứỪừỬửỮữỰự yỲỳỴỵỶỷỸỹ "
    # Other languages written in Latin letters.
    "aƎƏǍǎǝǞǟǠǡǺǻȀȁȂȃȦȧȺəḀḁⱥ bƀƁɃɓḂḃḄḅḆḇ cƇƈȻȼḈḉ dƉƊɖɗḊḋḌḍḎḏḐḑḒḓ eƐȄȅȆȇȨȩɆɇɛḔḕḖḗḘḙḚḛḜḝ fƑƒḞḟ gƓƔǤǥǦǧǴǵɠɣḠḡ "
    "hȞȟḢḣḤḥḦḧḨḩḪḫẖ iƗǏǐȈȉȊȋɨḬḭḮḯ jǰɈɉ kƘƙǨǩḰḱḲḳḴḵ lƚȽḶḷḸḹḺḻḼḽ mḾḿṀṁṂṃ nƝǸǹɲṄṅṆṇṈṉṊṋ "
    "oƆǑǒǪǫǬǭǾǿȌȍȎȏȪȫȬȭȮȯȰȱɔṌṍṎṏṐṑṒṓ pƤƥṔṕṖṗ rȐȑȒȓɌɍṘṙṚṛṜṝṞṟ sṠṡṢṣṤṥṦṧṨṩẛ tƬƭƮȾʈṪṫṬṭṮṯṰṱẗⱦ "
    "uǓǔǕǖǗǘǙǚǛǜȔȕȖȗɄʉṲṳṴṵṶṷṸṹṺṻ vƲʋṼṽṾṿ wẀẁẂẃẄẅẆẇẈẉẘ xẊẋẌẍ yƳƴȲȳɎɏẎẏẙ zƵƶẐẑẒẓẔẕ æǢǣǼǽ ǆǄǅǱǲǳ ǉǇǈ ǌǊǋ ʒƷǮǯ "
    # Other languages written in Cyrillic letters, and Armenian.
    "аӐӑӒӓ еӖӗ жӁӂӜӝ зӞӟ иӢӣӤӥ оӦӧ уӮӯӰӱӲӳ чӴӵ ыӸӹ эӬӭ ҋҊ ҍҌ ҏҎ ғҒ ҕҔ җҖ ҙҘ қҚ ҝҜ ҟҞ ҡҠ ңҢ ҥҤ ҧҦ ҩҨ ҫҪ ҭҬ үҮ ұҰ ҳҲ "
    "ҵҴ ҷҶ ҹҸ һҺ ҽҼ ҿҾ ӄӃ ӆӅ ӈӇ ӊӉ ӌӋ ӎӍ ӏӀ ӕӔ әӘӚӛ ӡӠ өӨӪӫ ӷӶ ӻӺ ӽӼ ӿӾ "
    "աԱ բԲ գԳ դԴ եԵ զԶ էԷ ըԸ թԹ ժԺ իԻ լԼ խԽ ծԾ կԿ հՀ ձՁ ղՂ ճՃ մՄ յՅ նՆ շՇ ոՈ չՉ պՊ ջՋ ռՌ սՍ վՎ տՏ րՐ ցՑ ւՒ փՓ քՔ օՕ ֆՖ"
)
# Letters that are typed as two.
TWO = {"ß": "ss", "æ": "ae", "þ": "th", "œ": "oe", "ĳ": "ij", "ǆ": "dz", "ǉ": "lj", "ǌ": "nj"}
# Accents that are a sign of their own, behind their letter: they are left out.
MARKS = "".join(map(chr, range(0x300, 0x370)))
# Most of a name, and nothing that is folded: found first, so that the list is not looked through for it.
OFTEN = "eanirolstmhdukcgbfvyzjwpqx '-.,оаеинтсрвлкмдпуязьбыгчхжшюцщэфъіαοιετσνηυρπκμλωδγχθφβξζψ"
# All signs that are folded lie in one of these; names of other scripts are not looked at any further.
RANGES = "[\xaa-\u0586\u1e00-\u1eff\u2010-\u2c66]"
# Where a template of Django's has the column.
COLUMN = "%(expressions)s"


def _table() -> dict[str, str]:
    """Return what each letter is folded to, small letters before capitals."""
    groups = LETTERS.split()
    found = {letter: group[0] for group in groups for letter in group[1:]}
    return {letter: found[letter] for letter in sorted(found, key=str.isupper)}


TABLE = _table()
IN_PYTHON = str.maketrans(
    {letter: TWO.get(plain, plain) for letter, plain in TABLE.items()} | TWO | dict.fromkeys(MARKS)
)


def folded(text: str) -> str:
    """Return a text without case and accents; letters that the table does not know stay as they are.

    Folding what is folded changes nothing. For letters that it knows, it does not matter whether accents are part of them (NFC) or not (NFD).
    """
    # Much sooner, and the same.
    return text.lower() if text.isascii() else text.translate(IN_PYTHON)


def on_postgresql(column: str) -> str:
    """Return SQL of immutable functions that folds a column as `folded` does; the capitals of ASCII are folded by the locale "C"."""
    rest = {letter: plain for letter, plain in TABLE.items() if letter not in string.ascii_uppercase}
    small = f'LOWER({column} COLLATE "C")'
    before, after = (OFTEN + "".join(part) for part in (rest, rest.values()))
    whole = "TRANSLATE({}, {}, {})".format(small, *(_quoted(part) for part in (before + MARKS, after)))
    for one, both in TWO.items():
        whole = f"REPLACE({whole}, {_quoted(one)}, {_quoted(both)})"
    # To look through the list costs fifty times as much as all else, and most names have nothing that is in it.
    needed = f'OCTET_LENGTH({column}) > LENGTH({column}) AND {column} COLLATE "C" ~ {_quoted(RANGES)}'
    return f"CASE WHEN {needed} THEN {whole} ELSE {small} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Folded(Func):
    """A column's words without case and accents."""

    # On SQLite, a function of ours: see `_teach`.
    function = "FOLDED"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Say it with PostgreSQL's own functions."""
        template = on_postgresql(COLUMN)
        statement, values = self.as_sql(compiler, connection, template=template, **context)
        return statement, (*values,) * template.count(COLUMN)


class HasPart(Contains):
    """`name__has_part="lukas"`: names that have these letters side by side, whatever their case and accents. Names are kept in NFC."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        # An accent without its letter is a part of no name, and nothing of every name.
        typed = unicodedata.normalize("NFC", str(rhs))
        super().__init__(Folded(lhs), folded(typed) or typed)


def listen() -> None:
    """Teach models the lookup, and every connection to SQLite the function."""
    CharField.register_lookup(HasPart, "has_part")
    connection_created.connect(_teach, dispatch_uid="content_folded")


def _teach(sender: object, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            Folded.function, 1, lambda text: None if text is None else folded(text), deterministic=True
        )
