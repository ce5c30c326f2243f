"""The stems of Arabic words. Pure.

Light stemming, as it is usual for searching Arabic (Larkey, Ballesteros and Connell, "Light stemming for Arabic
information retrieval", 2007): the article with what is written together with it, plurals, duals, pronouns and the
endings of adjectives are taken off; what is left of a verb stays as it is. Snowball's stemmer leaves `حكوما` of
`حكومات` and makes two words of `وزراء` and `الوزراء`. Broken plurals, which change within, are looked up: those of the
commonest words of politics.

All words here are folded (`storage.query.words`): `ة` is `ه`, and every alif without its hamza.
"""

from __future__ import annotations

import re
from functools import cache

from storage.query.words import words

_ROUNDS = 4
"""Endings that are taken off at most: `اتفاقياتهم` has three."""

_ARTICLE = re.compile("^(?:[وف]?(?:بال|كال|لل)(?=.{3})|[وف]ال(?=.{3})|ال(?=.{2}))")
_ENDING = re.compile(
    "(?<=.{3})(?:(?:ات|ت)(?:ها|هما|هم|هن|نا|كم|ه)|تان|تين|ها|هما|هم|كم|ات|ين|ه|(?<!ا)يا?)$|(?<=.{4})(?:ان|ون|نا)$"
)
_JOINED = re.compile("[وبل](?=[^ا].{3})")
"""A conjunction or a preposition on a word without article. Not before an alif: it begins `باريس`."""

_JOINING = "وبل"
_NAMES = """
روسيا سوريا ليبيا تركيا ألمانيا إيطاليا إسبانيا بريطانيا أوكرانيا بيلاروسيا رومانيا بلغاريا صربيا
ماليزيا إندونيسيا إثيوبيا نيجيريا موريتانيا أستراليا جورجيا أرمينيا ألبانيا مقدونيا سلوفاكيا كوريا
كينيا كولومبيا آسيا إيران لبنان باكستان أفغانستان أذربيجان كازاخستان قيرغيزستان طاجيكستان أوزبكستان
تركمانستان اليابان عمان فلسطين الأرجنتين لندن مصر قطر غزة حلب حمص دبي بكين واشنطن موسكو مينسك فرنسا
"""
"""Names that end as if with an ending: with a conjunction or a preposition on them they are taken for what they are."""

_FOREIGN = str.maketrans("پڤچ", "بفج")
_HAMZA = re.compile("ا[يو]$")  # of `وزراء` before a pronoun: `وزرائها`, `وزراؤها`

_BROKEN = """
وزير وزراء; رئيس رؤساء; سفير سفراء; أمير أمراء; زعيم زعماء; خبير خبراء; شريك شركاء; عضو أعضاء;
حليف حلفاء; نائب نواب; عميل عملاء; وسيط وسطاء; وكيل وكلاء; فقير فقراء; ملك ملوك; حاكم حكام;
قائد قادة; جندي جنود; عسكري عساكر; ضابط ضباط; طالب طلاب طلبة; عالم علماء; قاض قضاة; قاضي قضاة;
عامل عمال; تاجر تجار; شهيد شهداء; أسير أسرى; قتيل قتلى; جريح جرحى; ضحية ضحايا; رهينة رهائن;
سجين سجناء; مندوب مناديب; دولة دول; بلد بلاد بلدان; شعب شعوب; أمة أمم; قبيلة قبائل; مدينة مدن;
قرية قرى; عاصمة عواصم; منطقة مناطق; إقليم أقاليم; حد حدود; أرض أراض أراضي; قارة قارات; جزيرة جزر;
بحر بحار; نهر أنهار; ميناء موانئ; طريق طرق; معبر معابر; حزب أحزاب; وفد وفود; مجلس مجالس; لجنة لجان;
هيئة هيئات; منظمة منظمات; جيش جيوش; قوة قوات قوى; سلاح أسلحة; صاروخ صواريخ; قنبلة قنابل; لغم ألغام;
طائرة طائرات; سفينة سفن; دبابة دبابات; هدف أهداف; حرب حروب; معركة معارك; أزمة أزمات; هجوم هجمات;
خطر أخطار مخاطر; جريمة جرائم; قانون قوانين; حق حقوق; نظام أنظمة نظم; حكم أحكام; دستور دساتير;
مبدأ مبادئ; شرط شروط; بند بنود; عقد عقود; وثيقة وثائق; رسالة رسائل; خبر أخبار; نبأ أنباء;
تقرير تقارير; خطة خطط; مشروع مشاريع; برنامج برامج; قضية قضايا; مسألة مسائل; سؤال أسئلة; رأي آراء;
موقف مواقف; سبب أسباب; حل حلول; مصلحة مصالح; علاقة علائق; جهد جهود; دور أدوار; أمر أوامر أمور;
شأن شؤون; قمة قمم; محكمة محاكم; مكتب مكاتب; مركز مراكز; مؤسسة مؤسسات; مصرف مصارف; بنك بنوك;
شركة شركات; سوق أسواق; مال أموال; سعر أسعار; دين ديون; ضريبة ضرائب; رسم رسوم; سلعة سلع;
بضاعة بضائع; مورد موارد; ثروة ثروات; مصنع مصانع; عمل أعمال; حقل حقول; مرحلة مراحل; سنة سنوات سنين;
عام أعوام; شهر أشهر شهور; يوم أيام; أسبوع أسابيع; جانب جوانب; طرف أطراف; عنصر عناصر; فرد أفراد;
شخص أشخاص; رجل رجال; امرأة نساء; طفل أطفال; ولد أولاد; صديق أصدقاء; عدو أعداء; أجنبي أجانب;
كردي أكراد; عربي عرب; روسي روس; تركي أتراك; سفارة سفارات; تأشيرة تأشيرات; دفعة دفعات; فرقة فرق;
كتيبة كتائب
"""
"""A word and its plurals. Those that endings make are there where the word is short or its last letters change."""


@cache
def _singulars() -> dict[str, str]:
    """By each plural its singular, folded; made when an Arabic word is read."""
    lines = (words(line) for line in _BROKEN.split(";"))
    return {plural: singular for singular, *plurals in lines for plural in plurals}


@cache
def _names() -> frozenset[str]:
    return frozenset(words(_NAMES))


def stem(word: str) -> str:
    """The stem of a folded word."""
    word = word.translate(_FOREIGN)
    if word[1:] in _names() and word[0] in _JOINING:
        word = word[1:]
    if word not in _singulars():  # such as `ألغام`, which begins as if with an article
        word = _ARTICLE.sub("", word, count=1)
    word = _without_endings(_singular(word))
    while _JOINED.match(word):
        word = _singular(word[1:])
    return word


def _without_endings(word: str) -> str:
    for _ in range(_ROUNDS):
        shorter = _singular(_ENDING.sub("", word))
        if shorter == word:
            break
        word = shorter
    return word


def _singular(word: str) -> str:
    """A plural's singular; the word itself if it is none that is known."""
    singulars = _singulars()
    return singulars.get(word) or singulars.get(_HAMZA.sub("اء", word), word)
