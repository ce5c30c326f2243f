"""A notice in the place of a statement is told from the statement that speaks of the same."""

from __future__ import annotations

import pytest

from crawler.article import read_article
from crawler.listing import read_listing
from storage.errors import UnreadableError
from storage.types import Article, Page, Reason, SourceSpec

TITLE = "Talks on the river treaty were held"
SPEC = SourceSpec("m/n", "n", "https://m.example/en/news/", languages=("en",), zone="Europe/Minsk")


def page_of(title: str, text: str) -> Page:
    body = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><header>"
        f"<a href='/'>Home</a><a href='/news'>News</a></header><main><h1>{title}</h1><p>{text}</p></main>"
        "<footer>Ministry</footer></body></html>"
    )
    return Page("https://m.example/en/news/1", body.encode(), content_type="text/html; charset=utf-8")


def read(title: str, text: str, expected: str = TITLE) -> Article:
    return read_article(page_of(title, text), SPEC, expected)


def refusal(title: str, text: str) -> Reason:
    with pytest.raises(UnreadableError) as refused:
        read(title, text)
    return refused.value.reason


WORKS = [
    ("Technical works", "The site is under maintenance. We will be back soon, please try again later."),
    ("Ministry", "The site is temporarily unavailable. Please come back later."),
    ("Scheduled maintenance", "We are performing scheduled maintenance. Thank you for your patience."),
    ("Технические работы", "На сайте ведутся технические работы. Приносим извинения. Попробуйте зайти позже."),
    ("Министерство", "Сайт временно недоступен. Скоро все исправим."),
    ("Тэхнічныя работы", "Сайт часова недаступны. Паспрабуйце пазней."),
    ("Технічні роботи", "Сайт тимчасово недоступний. Спробуйте пізніше."),
    ("Техникалық жұмыстар", "Сайт уақытша қолжетімсіз. Кейінірек кіріп көріңіз."),
    ("Техникалык иштер", "Сайт убактылуу иштебейт. Кийинчерээк кирип көрүңүз."),
    ("Корҳои техникӣ", "Сомона муваққатан дастнорас аст. Дертар кӯшиш кунед."),
    ("Texnik ishlar", "Sayt vaqtincha ishlamayapti. Keyinroq urinib ko'ring."),
    ("Տեխնիկական աշխատանքներ", "Կայքը ժամանակավորապես անհասանելի է։ Փորձեք ավելի ուշ։"),
    ("Texniki işlər", "Sayt müvəqqəti olaraq işləmir. Daha sonra yenidən cəhd edin."),
    ("ტექნიკური სამუშაოები", "საიტი დროებით მიუწვდომელია. სცადეთ მოგვიანებით."),
    ("Prace techniczne", "Strona jest tymczasowo niedostępna. Przepraszamy za utrudnienia."),
    ("Wartungsarbeiten", "Unsere Website wird derzeit gewartet. Bitte versuchen Sie es später erneut."),
    ("Site en maintenance", "Le site est momentanément indisponible. Veuillez réessayer plus tard."),
    ("En mantenimiento", "El sitio no está disponible temporalmente. Vuelva más tarde."),
    ("Em manutenção", "O site está temporariamente indisponível. Volte mais tarde."),
    ("Sito in manutenzione", "Il sito è temporaneamente non disponibile. Riprova più tardi."),
    ("Driftstörning", "Webbplatsen är tillfälligt otillgänglig. Försök igen senare."),
    ("Bakım çalışması", "Sitemiz geçici olarak hizmet dışıdır. Lütfen daha sonra tekrar deneyin."),
    ("الموقع تحت الصيانة", "نعتذر عن الإزعاج، يرجى المحاولة لاحقا."),
    ("سایت در حال به روز رسانی است", "لطفا دقایقی دیگر تلاش کنید."),
    ("ปิดปรับปรุงระบบ", "ขออภัยในความไม่สะดวก"),
    ("Techniniai darbai", "Svetainė laikinai nepasiekiama. Bandykite vėliau."),
    ("Tehniskie darbi", "Vietne īslaicīgi nav pieejama. Mēģiniet vēlāk."),
    ("Hooldustööd", "Veebileht ei ole kättesaadav. Proovige hiljem uuesti."),
    ("Huoltokatko", "Sivusto on tilapäisesti poissa käytöstä. Yritä myöhemmin uudelleen."),
    ("Odstávka", "Stránky jsou dočasně nedostupné. Zkuste to později."),
    ("Údržba", "Stránka je dočasne nedostupná. Skúste neskôr."),
    ("Vzdrževanje", "Stran začasno ni na voljo. Poskusite pozneje."),
    ("Lucrări de mentenanță", "Site-ul este temporar indisponibil. Reveniți mai târziu."),
    ("Karbantartás", "Az oldal átmenetileg nem elérhető. Kérjük, próbálja később."),
    ("Onderhoud", "De website is tijdelijk niet beschikbaar. Probeer het later opnieuw."),
    ("Vedligeholdelse", "Siden er midlertidigt utilgængelig. Prøv igen senere."),
    ("Vedlikehold", "Nettstedet er midlertidig utilgjengelig. Prøv igjen senere."),
    ("Техничко одржавање", "Сајт привремено није доступан. Покушајте касније."),
    ("Техническа поддръжка", "Сайтът временно е недостъпен. Моля, опитайте по-късно."),
    ("Εργασίες συντήρησης", "Ο ιστότοπος δεν είναι διαθέσιμος. Δοκιμάστε αργότερα."),
    ("עבודות תחזוקה", "האתר אינו זמין כעת. נסו שוב מאוחר יותר."),
    ("Dalam pemeliharaan", "Situs tidak dapat diakses. Silakan coba lagi nanti."),
    ("Në mirëmbajtje", "Faqja përkohësisht nuk është e disponueshme. Provoni më vonë."),
    ("रखरखाव", "वेबसाइट अभी उपलब्ध नहीं है। बाद में प्रयास करें।"),
    ("系统维护中", "网站暂时无法访问，请稍后再试。"),
    ("メンテナンス中", "ただいまサービスを停止しております。"),
    ("시스템 점검 중", "잠시 후 다시 접속해 주십시오."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), WORKS)
def test_a_notice_of_works_is_no_statement(title: str, text: str) -> None:
    assert refusal(title, text) is Reason.SERVER_ERROR


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Fatal error", "Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/index.php:12"),
        ("Error", "Error establishing a database connection"), ("500", "Internal Server Error"), ("",
        "502 Bad Gateway"),
        ("Oops", "Something went wrong"), ("Error", "The website encountered an unexpected error. Try again later."),
        ("Ошибка сервера", "Произошла ошибка. Обратитесь к администратору."), ("Runtime Error",
        "Server Error in '/' Application."),
        ("Serverfehler", "Es ist ein Fehler aufgetreten."), ("Erreur", "Une erreur est survenue."),
        ("系统错误", "系统繁忙"),
        ("Welcome to nginx!", "If you see this page, the web server is installed."), ("Account suspended",
        "Contact your host."),
        ("Error", "An error has occurred. Quote reference number 8823."), ("Error",
        "Can't connect to local MySQL server through socket '/run/mysqld.sock' (2)"),
        ("Session expired", "Your session has expired. Please log in again."), ("429",
        "You have sent too many requests."),
        ("Сессия завершена", "Войдите снова."), ("m.example", "m.example refused to connect."),
        ("Hosting", "This domain name has expired. Renew it now."), ("Enable JavaScript", "It is needed here."),
        ("Redirect", "You are being redirected. Click here if nothing happens."), ("Błąd",
        "Wystąpił nieoczekiwany błąd."),
        ("Loading...", "Ministry of Zalesia"),
    ],
)  # fmt: skip
def test_what_a_program_says_of_itself_is_no_statement(title: str, text: str) -> None:
    assert refusal(title, text) is Reason.SERVER_ERROR


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("This page was removed", "Try the search."), ("Ministry", "The article you are looking for has been deleted."),
        ("Материал удалён", "Перейдите на главную."), ("Министерство", "Эта новость была удалена с сайта."),
        ("Старонка выдалена", "Галоўная"), ("Сторінку видалено", "Головна"), ("Artykuł został usunięty",
        "Strona główna"),
        ("Diese Seite wurde gelöscht", "Zur Startseite"), ("Cette page a été supprimée", "Accueil"),
        ("文章已被删除", "首页"),
        ("La página ha sido eliminada", "Inicio"), ("Sayfa kaldırıldı", "Ana sayfa"), ("تم حذف هذا الخبر", "الرئيسية"),
        (TITLE, "This statement has been withdrawn."), (TITLE, "Публикация снята с сайта."),
    ],
)  # fmt: skip
def test_a_page_that_says_that_its_statement_was_removed_is_gone(title: str, text: str) -> None:
    assert refusal(title, text) is Reason.SOFT_404


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Before you continue", "We use cookies and data."), ("Cookie consent", "Accept all cookies to continue."),
        ("Datenschutz", "Wir verwenden Cookies. Zustimmen oder ablehnen."), ("We value your privacy",
        "Manage choices."),
        ("Cookies", "Nous utilisons des cookies. Accepter ou continuer sans accepter."), ("Zgoda",
        "Pliki cookies: akceptuję."),
        ("Cookies", "This website uses cookies. By continuing you agree. Accept or decline."), ("Readers only",
        "Please sign in to view this page."),
    ],
)  # fmt: skip
def test_a_question_of_consent_is_no_statement(title: str, text: str) -> None:
    assert refusal(title, text) is Reason.CHALLENGE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Technical works on the site of the ministry on Saturday",
        "The site will be unavailable from 2 to 6 a.m. We apologise."),
        ("Технические работы на сайте консульства", "Сайт временно недоступен. Приносим извинения за неудобства."),
        ("Consular service temporarily unavailable",
        "The service of the consulate is temporarily unavailable. Try again later."),
        ("Wartung der Brücke von Beloreka", "Die Brücke ist vorübergehend geschlossen. Wir bitten um Verständnis."),
        ("Statement on the removal of a page",
        "The ministry says that the page of the embassy has been removed by the company."),
        ("500", "Five hundred years of diplomacy were celebrated in the capital."),
        ("Minister: something went wrong at the border",
        "The minister said that something went wrong at the border on Friday."),
        ("Comment on cookies and consent", "Before you continue to read, said the minister, think of cookies."),
        ("404 not found: ministry warns of phishing",
        "The ministry warns of letters that lead to pages that are not found."),
        ("Too many requests for visas", "The consulate has received too many requests, the ambassador said."),
        ("Minister refused to connect the two questions", "You are being redirected, he told the journalists."),
        ("Session of the council has expired its mandate", "An error occurred in the protocol, the chair said."),
        ("系统维护通知", "网站将于星期六进行维护。"),
    ],
)  # fmt: skip
def test_a_statement_that_its_listing_calls_so_is_a_statement(title: str, text: str) -> None:
    assert text[:40] in read(title, text, expected=title).body


@pytest.mark.parametrize(
    "text",
    [
        "The ministers spoke about the maintenance of bridges. The site of the mill is closed for technical reasons.",
        "The spokesman apologised for the inconvenience and asked travellers to try again later.",
        "The statement was withdrawn by the delegation of Porechye, the minister said, and a page of history turned.",
    ],
)
def test_a_statement_under_its_own_title_may_speak_of_works(text: str) -> None:
    assert text in read(TITLE, text).body


def test_a_section_with_a_banner_of_works_is_read() -> None:
    rows = "".join(
        f'<li>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></li>' for day in range(10, 20)
    )
    body = f"<title>News</title><h1>Technical works on Saturday</h1><p>The site will be unavailable.</p><ul>{rows}</ul>"
    assert (
        read_listing(Page("https://m.example/en/news/", body.encode(), content_type="text/html"), SPEC).reason
        is Reason.OK
    )


@pytest.mark.parametrize(
    "answered", ["https://m.example/", "https://m.example/en/", "https://m.example/en/news", "https://m.example/404"]
)
def test_a_statement_that_leads_home_or_to_its_section_is_gone(answered: str) -> None:
    rows = "".join(
        f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in range(10, 20)
    )
    page = Page(
        answered, f"<h1>News</h1>{rows}".encode(), content_type="text/html", requested="https://m.example/en/news/1"
    )
    with pytest.raises(UnreadableError) as refused:
        read_article(page, SPEC, TITLE)
    assert refused.value.reason is Reason.SOFT_404
