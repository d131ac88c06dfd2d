"""What a test does with a tablet in Chromium behind a network that fails."""

from tests.browser.pupil import Pupil
from tests.faults.diary import Diary
from tests.faults.proxy import FaultProxy, all_gets_through
from tests.faults.recorder import knock_until_hit
from tests.patience import until

SAFE, ON_TABLET = "Trygt lagret", "Trygt på nettbrettet"


def knock(ada: Pupil) -> None:
    """Let the tablet try now: its own next try may be a minute off."""
    ada.page.evaluate("dispatchEvent(new Event('online'))")
    ada.page.wait_for_timeout(80)


def is_hit_again_and_again(ada: Pupil, network: FaultProxy) -> None:
    """Try as often as a run must be hit to prove something."""
    knock_until_hit(network.hits.total, lambda: knock(ada))


def returns(ada: Pupil, network: FaultProxy) -> None:
    """The network is there again, and the tablet is told until it has nothing left to send."""
    network.plan = all_gets_through

    def has_delivered() -> bool:
        knock(ada)
        return ada.unsent() == 0

    until(has_delivered, "the tablet to deliver what it has")


def place_with_words(ada: Pupil, words: str, *, at: tuple[float, float] = (-120, -90)) -> None:
    """A nice place, so far from the school, with words of one's own."""
    x, y = ada.school()
    ada.tile("Fint").tap()
    ada.hand.tap((x + at[0], y + at[1]))
    ada.page.get_by_placeholder("Eller skriv med egne ord").press_sequentially(words)
    ada.button("Lukk").tap()


def note_with_words(ada: Pupil, diary: Diary) -> None:
    """Such a place, written down."""
    place_with_words(ada, "Bak gjerdet")
    diary.note("fint", "Bak gjerdet")


def answer_in_words(ada: Pupil, diary: Diary, words: str) -> None:
    """What one would like to say to those who decide, past the questions before it."""
    ada.step("Kartet mitt")
    area = ada.page.get_by_role("textbox", name="Hva vil du si til dem som bestemmer?")
    ada.answer_on_until(area)
    area.press_sequentially(words)
    diary.answers["si_til_ordforer"] = words


def begun(ada: Pupil, network: FaultProxy, *, says: str = "Flere trær ved skolen") -> Diary:
    """Ada has joined, has answered a question in words of her own and is at the good places; all she means is written down."""
    ada.begin()
    diary = Diary(ada, network)
    answer_in_words(ada, diary, says)
    ada.is_safe()
    ada.step("Bra steder")
    return diary
