"""Where a request came from, told by signed links instead of cookies."""

from __future__ import annotations

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import signing
from django.test import Client, override_settings

from content import attribution
from content.models import ClinicProfile
from tests import factories
from tests.factories import NOW

TODAY = NOW.date()
PAGE = "/articles/exosomes-vs-prp/"
UTM = {"source": "letter", "medium": "mail", "campaign": "spring 2026"}
FORM = re.compile(r'href="(/consultation/(?:\?[^"]*)?)"')


class TestToken:
    """What a link says, and how long it is believed."""

    @pytest.mark.parametrize("utm", [{}, {"source": "x"}, UTM, {"campaign": "春天-2026"}])
    @pytest.mark.parametrize("place", attribution.PLACES)
    def test_what_was_written_is_read(self, place: str, utm: dict[str, str]) -> None:
        found = attribution.read(attribution.token(PAGE, place, utm, TODAY), NOW)

        assert found == attribution.Attribution(PAGE, place, TODAY, utm)
        assert found.article == "exosomes-vs-prp"

    def test_it_is_the_same_for_everybody_on_the_same_day(self) -> None:
        first, second = (attribution.token(PAGE, "end", UTM, TODAY) for _ in range(2))

        assert first == second
        assert attribution.token(PAGE, "end", UTM, TODAY + dt.timedelta(days=1)) != first

    @pytest.mark.parametrize(("days", "believed"), [(-2, False), (-1, True), (0, True), (60, True), (61, False)])
    def test_it_is_believed_for_sixty_days(self, days: int, believed: bool) -> None:  # noqa: FBT001
        token = attribution.token(PAGE, "end", {}, TODAY)

        assert (attribution.read(token, NOW + dt.timedelta(days=days)) is not None) == believed

    @pytest.mark.parametrize("text", ["", "x", ":", "::::", "\x00", "é:é", "a" * 5000, "W10:x", ".eJw:x"])
    def test_anything_else_says_nothing(self, text: str) -> None:
        assert attribution.read(text, NOW) is None

    def test_every_changed_letter_is_noticed(self) -> None:
        token = attribution.token(PAGE, "end", UTM, TODAY)

        changed = [token[:at] + ("B" if token[at] == "A" else "A") + token[at + 1 :] for at in range(len(token) - 1)]

        assert [text for text in changed if text != token and attribution.read(text, NOW)] == []

    @pytest.mark.parametrize(
        "content", [[], [1], "text", [TODAY.toordinal(), PAGE, ["x"], "end"], [10**30, PAGE, [], ""]]
    )
    def test_a_genuine_signature_of_something_else_says_nothing(self, content: object) -> None:
        text = signing.Signer(salt=attribution.SALT).sign_object(content)

        assert attribution.read(text, NOW) is None

    def test_a_token_made_for_something_else_says_nothing(self) -> None:
        content = [TODAY.toordinal(), PAGE, ["", "", ""], "end"]

        assert attribution.read(signing.Signer(salt="another").sign_object(content), NOW) is None

    def test_a_changed_key_keeps_old_links_good(self) -> None:
        token = attribution.token(PAGE, "end", {}, TODAY)

        with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=["only-for-tests-" + "k" * 50]):
            assert attribution.read(token, NOW) is not None
        with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[]):
            assert attribution.read(token, NOW) is None

    def test_the_longest_one_is_read(self) -> None:
        page, utm = f"/articles/{'é' * 120}/", dict.fromkeys(attribution.UTM, "李" * 60)

        assert attribution.read(attribution.token(page, "header", utm, TODAY), NOW) is not None

    def test_a_place_nobody_knows_is_a_mistake_in_a_template(self) -> None:
        with pytest.raises(ValueError, match="no place"):
            attribution.token(PAGE, "sidebar", {}, TODAY)

    def test_it_can_be_kept_as_flat_text(self) -> None:
        found = attribution.Attribution(PAGE, "end", TODAY, {"source": "letter"})

        assert found.as_json() == {"page": PAGE, "place": "end", "day": "2026-11-16", "utm_source": "letter"}
        assert found.words == f"{PAGE}, end of the page"
        assert attribution.Attribution("/contact/", "end", TODAY).article == ""


@pytest.mark.parametrize("value", ["ada@visitor.example", "a/b", "<b>", "x" * 61, "a\nb", "%40", "a,b", ""])
def test_a_campaign_with_unusual_characters_is_left_out(value: str) -> None:
    assert attribution.campaign_of({"utm_source": value, "utm_medium": "mail", "utm_term": "x"}) == {"medium": "mail"}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("/", "/"),
        ("/articles/what-is-prp/", "/articles/what-is-prp/"),
        ("/articles/?utm_source=x&gclid=1&utm_medium=a@b", "/articles/?utm_source=x"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("/consultation/r/secret/", ""),
        ("/admin/", ""),
        ("/a b/", ""),
        ("/" + "x" * 300 + "/", ""),
        ("javascript:alert(1)", ""),
        ("//[", ""),
        ("\x00", ""),
        ("", ""),
    ],
)
def test_what_a_browser_tells_is_cut_down_to_our_own_pages(told: str, kept: str) -> None:
    assert attribution.visited(told) == kept


@pytest.mark.django_db
class TestLinks:
    """Every link to the form says where it stands."""

    @pytest.fixture(autouse=True)
    def _site(self, clinic: ClinicProfile) -> None:
        therapies = [factories.make_therapy(slug="prp"), factories.make_therapy(slug="exosomes")]
        criterion = factories.make_criterion()
        for therapy in therapies:
            factories.make_finding(therapy=therapy, criterion=criterion)
        table = factories.make_comparison(therapies=therapies, criteria=[criterion])
        sections = [factories.section_words(comparison=table)]
        factories.make_article(slug="both", sections=sections, published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        factories.make_center(slug="springfield")

    def links(self, client: Client, address: str) -> list[str]:
        response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies
        return [html.unescape(link) for link in FORM.findall(response.content.decode())]

    def sources(self, client: Client, address: str) -> list[attribution.Attribution | None]:
        queries = [parse_qs(urlsplit(link).query) for link in self.links(client, address)]
        return [attribution.read(query["source"][0], dt.datetime.now(dt.UTC)) for query in queries]

    @pytest.mark.parametrize(
        ("address", "places"),
        [
            ("/", ["header", "hero", "end"]),
            ("/articles/", ["header", "end"]),
            ("/articles/both/", ["header", "table", "end"]),
            ("/therapies/", ["header", "end"]),
            ("/therapies/prp/", ["header", "end"]),
            ("/compare/", ["header", "end"]),
            ("/compare/exosomes-vs-prp/", ["header", "end"]),
            ("/centers/", ["header", "end"]),
            ("/centers/springfield/", ["header", "place", "end"]),
            ("/faq/", ["header", "end"]),
            ("/contact/", ["header", "end"]),
        ],
    )
    def test_every_page_names_itself_and_the_place(self, client: Client, address: str, places: list[str]) -> None:
        found = self.sources(client, address)

        assert [(one.page, one.place, one.utm) for one in found if one] == [(address, place, {}) for place in places]

    def test_a_centers_own_links_choose_it(self, client: Client) -> None:
        links = self.links(client, "/centers/springfield/")

        assert ["center=springfield" in link for link in links] == [False, True, True]

    def test_the_campaign_of_the_address_is_taken_along(self, client: Client) -> None:
        found = self.sources(client, "/articles/both/?utm_source=letter&utm_campaign=spring+2026&utm_medium=a@b&x=1")

        assert {one.page for one in found if one} == {"/articles/both/"}
        assert [one.utm for one in found if one] == [{"source": "letter", "campaign": "spring 2026"}] * 3

    def test_addresses_with_different_campaigns_are_kept_apart(self, client: Client) -> None:
        pages = [client.get(f"/contact/?utm_source={name}").content for name in ("a", "b", "a")]

        assert pages[0] == pages[2] != pages[1]

    def test_a_page_is_the_same_for_every_visitor(self) -> None:
        first = Client(headers={"user-agent": "one"}).get("/articles/both/?utm_source=a")
        second = Client(headers={"user-agent": "two", "cookie": "x=1"}).get("/articles/both/?utm_source=a")

        assert first.content == second.content
        assert first.headers["ETag"] == second.headers["ETag"]
        assert "cookie" not in first.headers.get("Vary", "").lower()

    def test_a_page_of_yesterday_is_not_served_today(self, client: Client) -> None:
        with time_machine.travel(dt.datetime(2026, 11, 16, 23, 59, tzinfo=dt.UTC), tick=False):
            before = self.links(client, "/contact/")
        with time_machine.travel(dt.datetime(2026, 11, 17, 0, 1, tzinfo=dt.UTC), tick=False):
            after = self.links(client, "/contact/")

        assert before != after

    def test_a_very_long_address_is_answered_but_not_kept(self, client: Client) -> None:
        response = client.get("/contact/?utm_source=a&" + "x" * 400)

        assert response.status_code == 200
        assert not response.has_header("ETag")

    def test_a_page_that_was_not_found_has_a_plain_link(self, client: Client) -> None:
        response = client.get("/nowhere/")

        assert FORM.findall(response.content.decode()) == ["/consultation/"]

    def test_the_form_leads_to_itself_without_a_source(self, client: Client) -> None:
        response = client.get("/consultation/")

        assert "/consultation/" in FORM.findall(response.content.decode())
        assert "source=" not in response.content.decode()

    @pytest.mark.parametrize(
        ("address", "loaded"),
        [
            ("/contact/", True),
            ("/articles/both/", True),
            ("/articles/drawn/", False),
            ("/articles/drawn/?utm_source=a", True),
        ],
    )
    def test_an_article_with_a_drawing_stays_at_four_requests(
        self,
        client: Client,
        address: str,
        loaded: bool,  # noqa: FBT001
    ) -> None:
        factories.make_article(
            slug="drawn", illustration="side-by-side", published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        )

        page = client.get(address).content.decode()

        assert ("js/source.js" in page) == loaded
        assert page.count("<script src=") <= 1
