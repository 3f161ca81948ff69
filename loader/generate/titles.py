"""Courses and the words of their languages, so that text in many scripts passes through."""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """The words a course team of one language names its blocks with."""

    code: str
    section: str
    subsection: str
    unit: str
    video: str
    reading: str
    problem: str
    discussion: str
    exam: str
    right: str
    wrong: tuple[str, str, str]


ENGLISH = Language(
    "en", "Week", "Lesson", "Page", "Video", "Reading", "Exercise", "Discussion", "Exam",
    "It grows with the square of the distance",
    ("It stays the same", "It shrinks, slowly at first", "It grows in proportion"),
)  # fmt: skip
SPANISH = Language(
    "es", "Semana", "Lección", "Página", "Vídeo", "Lectura", "Ejercicio", "Debate", "Examen",
    "La energía se conserva",
    ("El año pasado", "Ninguna de las anteriores", "Según el señor Núñez, sí"),
)  # fmt: skip
FRENCH = Language(
    "fr", "Semaine", "Leçon", "Page", "Vidéo", "Lecture", "Exercice", "Discussion", "Épreuve",
    "Là où la dérivée s'annule",
    ("À l'origine, déjà", "Nulle part", "Ça dépend du cœur de cible"),
)  # fmt: skip
ARABIC = Language(
    "ar", "الأسبوع", "الدرس", "الصفحة", "فيديو", "قراءة", "تمرين", "نقاش", "اختبار",
    "كلاهما صحيح",
    ("الأول فقط", "الثاني فقط", "لا شيء مما سبق"),
)  # fmt: skip
CHINESE = Language(
    "zh", "第", "课", "页", "视频", "阅读", "练习", "讨论", "考试",
    "两者都对",
    ("只有第一个", "只有第二个", "都不对"),
)  # fmt: skip
GERMAN = Language(
    "de", "Woche", "Lektion", "Seite", "Video", "Lesestoff", "Übung", "Diskussion", "Prüfung",
    "Die Größe wächst stetig",
    ("Überhaupt nicht", "Nur im Winterhalbjahr", "Höchstens um die Hälfte"),
)  # fmt: skip


class Title(NamedTuple):
    """A course as its organisation lists it."""

    org: str
    number: str
    name: str
    language: Language


TITLES = (
    Title("NorthU", "STAT101", "Statistics for Everyone", ENGLISH),
    Title("UdelSur", "HIST2", "Historia de España en diez imágenes", SPANISH),
    Title("PolyX", "ALG1", "Algèbre linéaire : des idées à la pratique", FRENCH),
    Title("NorthU", "CS50.2", 'Programming in Python: "Hello, World" and beyond', ENGLISH),
    Title("QasrLearn", "PHYS1", "مدخل إلى الفيزياء", ARABIC),
    Title("HaiX", "ECON3", "经济学入门", CHINESE),
    Title("TU-West", "BIO_1", "Grundlagen der Ökologie", GERMAN),
    Title("UdelSur", "NUTR1", "Nutrición, salud y niñez", SPANISH),
    Title("NorthU", "CLIM7", "Climate Change: Causes & Consequences", ENGLISH),
    Title("PolyX", "PHIL2", "Philosophie du XXᵉ siècle", FRENCH),
    Title("HaiX", "LIT1", "唐诗选读", CHINESE),
    Title("TU-West", "EL~4", "Elektrotechnik für Einsteiger", GERMAN),
    Title("QasrLearn", "ARCH2", "العمارة الإسلامية", ARABIC),
    Title("NorthU", "ALGO2", "Algorithms, Part II", ENGLISH),
    Title("UdelSur", "MUS.1", "Música andina 🎶", SPANISH),
    Title("NorthU", "WRIT1", "Academic Writing", ENGLISH),
)

SUBJECTS = (
    "measure", "sample", "model", "network", "cell", "market", "vector", "signal", "climate",
    "story", "proof", "graph", "energy", "language", "memory", "city", "river", "machine",
)  # fmt: skip

GIVEN_NAMES = (
    "Ana", "Björn", "Chloé", "Dmitri", "Élodie", "Fatima", "Giorgos", "Hana", "Ines", "José",
    "Kwame", "Łukasz", "María", "Nguyễn", "Olga", "Priya", "Quentin", "Rosa", "Søren", "Tariq",
    "Uma", "Víctor", "Wei", "Ximena", "Yuki", "Zoë", "محمد", "ليلى", "小明", "美玲",
)  # fmt: skip
FAMILY_NAMES = (
    "Adeyemi", "Bauer", "Castañeda", "Dubois", "Eriksson", "Fernández", "García", "Haddad",
    "Ivanova", "Jensen", "Kowalska", "Lefèvre", "Müller", "Nakamura", "O'Brien", "Papadakis",
    "Quispe", "Rossi", "Şahin", "Tanaka", "Usman", "Vega", "Wang", "Yılmaz", "Zhang", "الحسن",
)  # fmt: skip
LOGIN_WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "iris", "juniper",
    "kite", "lotus", "maple", "north", "otter", "pine", "quill", "raven", "sable", "tulip",
)  # fmt: skip
COUNTRIES = ("ES", "MX", "FR", "SN", "EG", "MA", "CN", "DE", "US", "GB", "IN", "NG", "CO", "")
