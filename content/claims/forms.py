"""Forms of English words, for vocabulary and patterns: `heal+` is the verb in all its forms. Pure."""

from __future__ import annotations

VOWELS = "aeiou"
IRREGULAR = {
    "beat": "beat beats beaten beating",
    "bring": "bring brings brought bringing",
    "build": "build builds built building",
    "find": "find finds found finding",
    "get": "get gets got getting gotten",
    "give": "give gives gave given giving",
    "go": "go goes went gone going",
    "grow": "grow grows grew grown growing",
    "have": "have has had having",
    "hold": "hold holds held holding",
    "keep": "keep keeps kept keeping",
    "leave": "leave leaves left leaving",
    "lose": "lose loses lost losing",
    "make": "make makes made making",
    "mean": "mean means meant meaning",
    "pay": "pay pays paid paying",
    "prove": "prove proves proved proven proving",
    "put": "put puts putting",
    "rebuild": "rebuild rebuilds rebuilt rebuilding",
    "regrow": "regrow regrows regrew regrown regrowing",
    "rid": "rid rids ridding",
    "run": "run runs ran running",
    "say": "say says said saying",
    "see": "see sees saw seen seeing",
    "sell": "sell sells sold selling",
    "send": "send sends sent sending",
    "show": "show shows showed shown showing",
    "take": "take takes took taken taking",
    "teach": "teach teaches taught teaching",
    "tell": "tell tells told telling",
    "think": "think thinks thought thinking",
    "throw": "throw throws threw thrown throwing",
    "undo": "undo undoes undid undone undoing",
    "win": "win wins won winning",
    "write": "write writes wrote written writing",
}
DOUBLED = frozenset("stop rid drop ban skip plan wrap submit permit".split())


def forms_of(verb: str) -> tuple[str, ...]:
    """Return the forms of a verb: cure, cures, cured, curing."""
    if verb in IRREGULAR:
        return tuple(IRREGULAR[verb].split())
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb in DOUBLED:
        verb_2 = verb + verb[-1]
        return verb, f"{verb}s", f"{verb_2}ed", f"{verb_2}ing"
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return verb, f"{verb}{ending}", f"{verb}ed", f"{verb}ing"
