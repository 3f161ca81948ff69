"""Regular expressions of the specification's formats.

They are compiled by Rust's `regex`, which reads a text once, whatever is in it: no look
ahead, no look behind, and nobody can write a statement that takes long to check. Digits and
letters are spelled out, since its own classes have those of all scripts.
"""

from __future__ import annotations

import re

_HEX = "[0-9A-Fa-f]"

UUID = f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"
SHA1 = f"^{_HEX}{{40}}$"
# SHA-224, -256, -384 and -512 (FIPS 180), in hexadecimal digits.
SHA2 = f"^(?:{_HEX}{{56}}|{_HEX}{{64}}|{_HEX}{{96}}|{_HEX}{{128}})$"

# RFC 3987, without judging what a scheme demands: a scheme, then anything but the
# characters that no IRI has, "%" with two digits, one fragment, "[" and "]" about an
# IP address only.
_IRI_CHARACTER = rf'(?:[^\x00-\x20\x7f-\xa0<>"{{}}|\\^`%#\[\]]|%{_HEX}{{2}})'
_IP_LITERAL = rf"//(?:{_IRI_CHARACTER}*@)?\[[0-9A-Fa-f:.vV]+\]"
IRI = (
    rf"^[A-Za-z][A-Za-z0-9+.\-]*:(?:{_IP_LITERAL}{_IRI_CHARACTER}*|{_IRI_CHARACTER}+)"
    rf"(?:#{_IRI_CHARACTER}*)?$"
)

# RFC 5322 addr-spec as mailto (RFC 6068) writes it: one address, and no header fields.
# Words with dots between them; what an IRI cannot have is written with "%".
_WORD_OF_ADDRESS = rf'(?:[^\x00-\x20\x7f-\xa0@<>()\[\],;:\\"?/#%{{}}|^`.]|%{_HEX}{{2}})+'
_WORDS_OF_ADDRESS = rf"{_WORD_OF_ADDRESS}(?:\.{_WORD_OF_ADDRESS})*"
MBOX = rf"^mailto:{_WORDS_OF_ADDRESS}@{_WORDS_OF_ADDRESS}$"

# RFC 2045 and 2046: type, subtype, parameters.
_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
MEDIA_TYPE = rf"^{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|\"(?:[^\"\\]|\\.)*\"))*[ \t]*;?$"

# 1.0 and 1.0.x (semantic versioning 1.0.0), and the same of 2.0.
VERSION = r"^[12]\.0(?:\.(?:0|[1-9][0-9]*)(?:[A-Za-z\-][0-9A-Za-z\-]*)?)?$"

# ISO 8601:2004, 4.3.2: a date of the calendar, its week or its day, and a time of day,
# all in the extended or all in the basic format; the last part may have a fraction.
_LEAP_YEAR = r"(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_TWO_DIGIT_DAYS = (
    r"(?:(?:0[13578]|1[02]){0}(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11){0}(?:0[1-9]|[12][0-9]|30)"
    r"|02{0}(?:0[1-9]|1[0-9]|2[0-8]))"
)
_ORDINAL_DAY = r"(?:00[1-9]|0[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-5])"
_FRACTION = r"(?:[.,][0-9]+)?"


def _date(dash: str) -> str:
    days = _TWO_DIGIT_DAYS.format(dash)
    week = rf"W(?:0[1-9]|[1-4][0-9]|5[0-3]){dash}[1-7]"
    return (
        rf"(?:[0-9]{{4}}{dash}(?:{days}|{week}|{_ORDINAL_DAY})"
        rf"|{_LEAP_YEAR}{dash}(?:02{dash}29|366))"
    )


def _time(colon: str) -> str:
    minute = r"[0-5][0-9]"
    return (
        rf"(?:(?:[01][0-9]|2[0-3])(?:{colon}{minute}(?:{colon}(?:[0-5][0-9]|60))?)?{_FRACTION}"
        rf"|24(?:{colon}00(?:{colon}00)?)?(?:[.,]0+)?)"
    )


# The offset zero has no minus sign (ISO 8601:2004, 4.2.5.1).
def _zone(colon: str) -> str:
    hour = r"(?:[01][0-9]|2[0-3])"
    nonzero = r"(?:0[1-9]|1[0-9]|2[0-3])"
    return (
        rf"(?:[Zz]|\+{hour}(?:{colon}[0-5][0-9])?"
        rf"|-(?:{nonzero}(?:{colon}[0-5][0-9])?|00{colon}(?:0[1-9]|[1-5][0-9])))"
    )


_EXTENDED = rf"{_date('-')}[Tt ]{_time(':')}{_zone(':')}?"
# An offset without a colon is often written after an extended time.
_MIXED = rf"{_date('-')}[Tt ]{_time(':')}{_zone('')}"
_BASIC = rf"{_date('')}[Tt]{_time('')}{_zone('')}?"
TIMESTAMP = f"^(?:{_EXTENDED}|{_MIXED}|{_BASIC})$"
# RFC 3339, for 2.0: whole, extended, to the second, with an offset.
RFC_3339 = (
    rf"^(?:[0-9]{{4}}-{_TWO_DIGIT_DAYS.format('-')}|{_LEAP_YEAR}-02-29)[Tt ]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|\+(?:[01][0-9]|2[0-3]):[0-5][0-9]|-(?:(?:0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|00:(?:0[1-9]|[1-5][0-9])))$"
)

# ISO 8601:2004, 4.4.3.2: weeks, or parts from years to seconds, of which the last one
# given may have a fraction.
_N, _F = r"[0-9]+", r"[0-9]+(?:[.,][0-9]+)?"
_DAYS = rf"(?:{_N}Y)?(?:{_N}M)?(?:{_N}D)?"
DURATION = (
    rf"^P(?:{_F}W|{_F}Y|(?:{_N}Y)?{_F}M|(?:{_N}Y)?(?:{_N}M)?{_F}D"
    rf"|{_DAYS}T(?:{_F}H|(?:{_N}H)?{_F}M|(?:{_N}H)?(?:{_N}M)?{_F}S))$"
)

# RFC 5646, 2.1: language, script, region, variants, extensions, private use.
_A, _N_OR_A = "[A-Za-z]", "[0-9A-Za-z]"
_LANGUAGE = f"(?:{_A}{{2,3}}(?:-{_A}{{3}}){{0,3}}|{_A}{{4,8}})"
_SCRIPT_AND_REGION = f"(?:-{_A}{{4}})?(?:-(?:{_A}{{2}}|[0-9]{{3}}))?"
_VARIANT = f"(?:{_N_OR_A}{{5,8}}|[0-9]{_N_OR_A}{{3}})"
_EXTENSION = f"[0-9A-WYZa-wyz](?:-{_N_OR_A}{{2,8}})+"
_PRIVATE_USE = f"[Xx](?:-{_N_OR_A}{{1,8}})+"
# Older than the grammar (2.2.8); those that fit it need no mention.
_IRREGULAR = (
    "(?i:en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|"
    "sgn-(?:be-fr|be-nl|ch-de)|zh-min-nan)"
)
COMMON_LANGUAGE_TAG = f"^{_LANGUAGE}{_SCRIPT_AND_REGION}(?:-{_VARIANT})?$"
_LANGUAGE_TAG = re.compile(
    f"{_LANGUAGE}{_SCRIPT_AND_REGION}(?P<variants>(?:-{_VARIANT})*)"
    f"(?P<extensions>(?:-{_EXTENSION})*)(?:-{_PRIVATE_USE})?|{_PRIVATE_USE}|{_IRREGULAR}",
    re.ASCII,
)


def is_language_tag(text: str) -> bool:
    """Whether a text is a well-formed tag of RFC 5646, the rarest ones too.

    No variant and no letter of an extension may come twice (2.2.5 and 2.2.6).
    """
    found = _LANGUAGE_TAG.fullmatch(text)
    if not found:
        return False
    variants = (found["variants"] or "").lower().split("-")
    letters = [part for part in (found["extensions"] or "").lower().split("-") if len(part) == 1]
    return len(set(variants)) == len(variants) and len(set(letters)) == len(letters)
