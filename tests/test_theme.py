"""The look: contrast, one stylesheet, icons."""

import re
from dataclasses import fields
from itertools import product

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from ui import theme
from ui.theme import DARK, LIGHT, Tokens

GROUNDS = ("ground", "surface", "raised", "picture")
TEXTS = ("text", "quiet", "accent", "good", "look", "not_good")
SOFT = ("accent_soft", "good_soft", "look_soft", "not_good_soft", "quiet_soft")


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_pairs() -> list[tuple[str, str]]:
    pairs = list(product(TEXTS, GROUNDS[:3]))
    pairs += [("text", "picture"), ("quiet", "picture")]
    pairs += list(product(("text", "quiet"), SOFT))
    pairs += [(soft.removesuffix("_soft"), soft) for soft in SOFT]
    return [*pairs, ("on_accent", "accent"), ("on_accent", "accent_strong")]


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_reaches_the_contrast_of_four_and_a_half(tokens: Tokens):
    poor = {
        (ink, ground): round(found, 2)
        for ink, ground in text_pairs()
        if (found := contrast(getattr(tokens, ink), getattr(tokens, ground))) < 4.5
    }
    assert not poor


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_and_the_focus_ring_reach_the_contrast_of_three(tokens: Tokens):
    for ink, ground in product(("edge", "accent"), ("ground", "surface", "accent_soft", "quiet_soft")):
        if (ink, ground) not in (("edge", "accent_soft"), ("edge", "quiet_soft")):
            assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 3, (ink, ground)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_stylesheet_has_no_colour_of_its_own_and_leaves_no_name_unfilled(tokens: Tokens):
    sheet = theme.stylesheet(tokens)
    assert "$" not in sheet
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet))
    assert used <= {getattr(tokens, field.name) for field in fields(tokens)}


def test_every_image_of_the_stylesheet_is_there():
    for tokens in (LIGHT, DARK):
        for image in re.findall(r'url\("([^"]+)"\)', theme.stylesheet(tokens)):
            assert theme.Path(image).is_file(), image


def test_no_widget_styles_itself():
    for path in (theme.RESOURCES.parent / "ui").rglob("*.py"):
        if path.name != "theme.py":
            assert "setStyleSheet" not in path.read_text("utf-8"), path.name


def test_every_icon_takes_the_colour_it_is_given():
    for path in (theme.RESOURCES / "icons").glob("*.svg"):
        drawing = path.read_text("utf-8")
        assert "currentColor" in drawing, path.name
        assert "#" not in drawing, path.name


def test_a_change_of_scheme_reaches_palette_and_icons(qapp: QApplication, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    action = QAction("Scan", window)
    theme.apply_theme(qapp, "light")
    theme.set_icon(action, "scanner")
    light = action.icon().pixmap(20, 20).toImage()
    assert theme.tokens() is LIGHT
    theme.apply_theme(qapp, "dark")
    assert theme.tokens() is DARK
    assert action.icon().pixmap(20, 20).toImage() != light
    theme.apply_theme(qapp, "light")
    assert action.icon().pixmap(20, 20).toImage() == light


def test_touch_targets_are_as_large_as_a_fingertip(qapp: QApplication, qtbot):
    theme.apply_theme(qapp, "light")
    for role in ("", "primary", "quiet", "danger", "icon"):
        button = theme.as_role(QPushButton("Go"), role)
        qtbot.addWidget(button)
        size = button.sizeHint()
        assert min(size.width(), size.height()) >= theme.Measure.TOUCH, role


def test_a_role_can_be_said_anew(qapp: QApplication, qtbot):
    theme.apply_theme(qapp, "light")
    label = theme.as_role(QLabel("Verdict"), "title", "good")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.palette().windowText().color().name().upper() == LIGHT.good
    theme.as_role(label, "title", "not_good")
    assert label.palette().windowText().color().name().upper() == LIGHT.not_good
