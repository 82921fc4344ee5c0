"""On PostgreSQL, half a name is found by an index whatever its case and accents, and the same name whatever its accents.

The expression is what content/folded.py makes, letter by letter: PostgreSQL reads an index only for the very expression that it was built on.
When the table there changes, a new migration builds these indexes anew under other names, and the one after the next release removes these.

The release before this one still reads consultations_request_name_parts (migration 0007) and consultations_request_name (0001), so
they stay. Code of this release reads neither: a migration of the next one, by when none of the release before runs, may remove both.

Trigrams need the extension pg_trgm. Where a host does not allow it, the same searches find the same rows, only slower. SQLite reads
its table.
"""

from django.db import DatabaseError, migrations

from content import operations

REQUEST = "consultations_consultationrequest"
OFTEN = "eanirolstmhdukcgbfvyzjwpqx '-.,оаеинтсрвлкмдпуязьбыгчхжшюцщэфъіαοιετσνηυρπκμλωδγχθφβξζψ"
LETTERS = (
    "ªàáâãäåāăąçćĉċčðďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĸĺļľŀłñńņňŉŋºòóôõöøōŏőŕŗřśŝşšſșţťŧțùúûüũūŭůűųŵýÿŷźżž’‘ʼʻʹ′´‐‑‒–—−ѓ"
    "ѐёйѝќўїάέήΐίϊµόςΰϋύώạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịơọỏốồổỗộớờởỡợưụủứừửữựỳỵỷỹǎǝǟǡǻȁȃȧəḁⱥƀɓḃḅḇƈȼḉɖɗḋḍḏḑḓȅȇȩɇɛḕḗḙḛḝƒḟǥǧǵɠɣ"
    "ḡȟḣḥḧḩḫẖǐȉȋɨḭḯǰɉƙǩḱḳḵƚḷḹḻḽḿṁṃǹɲṅṇṉṋǒǫǭǿȍȏȫȭȯȱɔṍṏṑṓƥṕṗȑȓɍṙṛṝṟṡṣṥṧṩẛƭʈṫṭṯṱẗⱦǔǖǘǚǜȕȗʉṳṵṷṹṻʋṽṿẁẃẅẇẉẘẋẍƴȳɏẏẙƶẑẓẕǣǽǅ"
    "ǲǳǈǋǯӑӓӗӂӝӟӣӥӧӯӱӳӵӹӭӛӫÀÁÂÃÄÅĀĂĄÇĆĈĊČÐĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽĿŁÑŃŅŇŊÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠȘŢŤŦȚÙÚÛÜŨŪŬŮŰŲŴÝŶŸ"
    "ŹŻŽẞÆÞŒĲАБВГЃДЕЀЁЖЗИЍЙКЌЛМНОПРСТУЎФХЦЧШЩЪЫЬЭЮЯЂЄЅІЇЈЉЊЋЏҐΑΆΒΓΔΕΈΖΗΉΘΙΊΪΚΛΜΝΞΟΌΠΡΣΤΥΎΫΦΧΨΩΏẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆ"
    "ỈỊƠỌỎỐỒỔỖỘỚỜỞỠỢƯỤỦỨỪỬỮỰỲỴỶỸƎƏǍǞǠǺȀȂȦȺḀƁɃḂḄḆƇȻḈƉƊḊḌḎḐḒƐȄȆȨɆḔḖḘḚḜƑḞƓƔǤǦǴḠȞḢḤḦḨḪƗǏȈȊḬḮɈƘǨḰḲḴȽḶḸḺḼḾṀṂƝǸṄṆṈṊƆǑǪǬǾȌȎ"
    "ȪȬȮȰṌṎṐṒƤṔṖȐȒɌṘṚṜṞṠṢṤṦṨƬƮȾṪṬṮṰǓǕǗǙǛȔȖɄṲṴṶṸṺƲṼṾẀẂẄẆẈẊẌƳȲɎẎƵẐẒẔǢǼǄǱǇǊƷǮӐӒӖӁӜӞӢӤӦӮӰӲӴӸӬҊҌҎҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾ"
    "ӃӅӇӉӋӍӀӔӘӚӠӨӪӶӺӼӾԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ"
)
PLAIN = (
    "aaaaaaaaaacccccdddeeeeeeeeegggghhiiiiiiiiijkklllllnnnnnnoooooooooorrrssssssttttuuuuuuuuuuwyyyzzz'''''''------г"
    "ееиикуіαεηιιιμοσυυυωaaaaaaaaaaaaeeeeeeeeiiooooooooooooouuuuuuuuyyyyaaaaaaaaaaabbbbbcccdddddddeeeeeeeeeeffggggg"
    "ghhhhhhhiiiiiijjkkkkklllllmmmnnnnnnoooooooooooooooppprrrrrrrssssssttttttttuuuuuuuuuuuuuvvvwwwwwwxxyyyyyzzzzææǆ"
    "ǆǆǉǌʒааежжзииоууучыэәөaaaaaaaaacccccdddeeeeeeeeegggghhiiiiiiiiijklllllnnnnnooooooooorrrsssssttttuuuuuuuuuuwyyy"
    "zzzßæþœĳабвггдееежзииикклмнопрстууфхцчшщъыьэюяђєѕііјљњћџґααβγδεεζηηθιιικλμνξοοπρστυυυφχψωωaaaaaaaaaaaaeeeeeeee"
    "iiooooooooooooouuuuuuuuyyyyaaaaaaaaaaabbbbbcccdddddddeeeeeeeeeeffgggggghhhhhhiiiiiijkkkkklllllmmmnnnnnnooooooo"
    "ooooooooppprrrrrrrssssstttttttuuuuuuuuuuuuuvvvwwwwwxxyyyyzzzzææǆǆǉǌʒʒааежжзииоууучыэҋҍҏғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿ"
    "ӄӆӈӊӌӎӏӕәәӡөөӷӻӽӿաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ"
)
MARKS = "".join(map(chr, range(0x300, 0x370)))
TWO = {'ß': 'ss', 'æ': 'ae', 'þ': 'th', 'œ': 'oe', 'ĳ': 'ij', 'ǆ': 'dz', 'ǉ': 'lj', 'ǌ': 'nj'}
RANGES = '[\xaa-\u0586\u1e00-\u1eff\u2010-\u2c66]'
SMALL = 'LOWER(name COLLATE "C")'


def folded():
    before, after = (text.replace("'", "''") for text in (OFTEN + LETTERS + MARKS, OFTEN + PLAIN))
    whole = f"TRANSLATE({SMALL}, '{before}', '{after}')"
    for one, both in TWO.items():
        whole = f"REPLACE({whole}, '{one}', '{both}')"
    return f"CASE WHEN OCTET_LENGTH(name) > LENGTH(name) AND name COLLATE \"C\" ~ '{RANGES}' THEN {whole} ELSE {SMALL} END"


SAME, PARTS = "consultations_request_folded", "consultations_request_folded_parts"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    operations.build_index(schema_editor, SAME, f"{REQUEST} (({folded()}))")
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as refused:
        print(f"\n  Parts of names are searched without an index: {refused}")
    else:
        operations.build_index(schema_editor, PARTS, f"{REQUEST} USING gin (({folded()}) gin_trgm_ops)")
    # Of an expression PostgreSQL knows how often its values are only after this.
    schema_editor.execute(f"ANALYZE {REQUEST}")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in (PARTS, SAME):
            operations.drop_index(schema_editor, name)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("consultations", "0009_visits_by_day")]

    operations = [migrations.RunPython(add, remove)]
