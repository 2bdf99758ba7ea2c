"""Pages that have arrived and are not on the record yet, as the strip shows them."""

from collections import Counter, deque
from collections.abc import Iterable

from station.flow.events import PageComing
from station.model.image import Pixels


class Coming:
    """Keeps the pictures of each scanner's pages in their order until the real pages take their places.

    A page on the record (`stored`) takes its picture's place at once; the progress of its scan that follows
    (`delivered`) then counts for nothing. Progress without a page was a separator sheet, which is not kept.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._waiting: dict[str, deque[PageComing]] = {}
        self._stored: Counter[str] = Counter()

    def arrived(self, event: PageComing) -> None:
        """A page came out of a scanner."""
        self._waiting.setdefault(event.device, deque()).append(event)

    def stored(self, devices: Iterable[str]) -> None:
        """Pages of these scanners came onto the record."""
        for device in devices:
            if self._drop_first(device):
                self._stored[device] += 1

    def delivered(self, device: str) -> None:
        """A scan went on by one page or one separator sheet."""
        if self._stored[device]:
            self._stored[device] -= 1
        else:
            self._drop_first(device)

    def ended(self, device: str) -> None:
        """A scan ended: what has not come by now will not come."""
        self._waiting.pop(device, None)
        del self._stored[device]

    def clear(self) -> None:
        """Forget everything: another visit."""
        self._waiting.clear()
        self._stored.clear()

    def of(self, item: str) -> tuple[Pixels, ...]:
        """Return the pictures of pages that come to an item."""
        return tuple(page.thumbnail for pages in self._waiting.values() for page in pages if page.item == item)

    def of_device(self, device: str) -> int:
        """Return how many pages of a scanner are on their way."""
        return len(self._waiting.get(device, ()))

    def _drop_first(self, device: str) -> bool:
        waiting = self._waiting.get(device)
        if waiting:
            waiting.popleft()
        return waiting is not None
