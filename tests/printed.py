"""A visit as far as printing looks at it."""

from dataclasses import replace

from station.flow.views import ItemView, QuestionView, VisitView
from station.model.checklist import Checklist, ItemState
from station.model.visit import Step
from tests.kiosk import ANNA

NUMBER = ANNA.application_number


def a_visit(checklist: Checklist) -> VisitView:
    """Return a visit whose items stand in every state by turns."""
    questions = {question.id: question for question in checklist.questions}
    states = list(ItemState)
    items = tuple(
        ItemView(
            item,
            states[at % len(states)],
            pages=2 if states[at % len(states)] in (ItemState.PRESENT, ItemState.ATTENTION) else 0,
            question=QuestionView(questions[item.when], (True, False, None)[at % 3]) if item.when else None,
        )
        for at, item in enumerate(checklist.items)
    )
    return VisitView(
        "visit", replace(ANNA, id="record"), (), Step.DOCUMENTS, (), items, True, None, None, None, False,
        (), False, False, False,
    )  # fmt: skip
