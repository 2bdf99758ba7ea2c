"""Why, for errors with many reasons: their sentences by the fact `reason`."""

from ui.wording.translate import QT_TRANSLATE_NOOP

REFERENCE_WHYS = {
    "unreadable": QT_TRANSLATE_NOOP("Errors", "The file cannot be opened."),
    "too_large": QT_TRANSLATE_NOOP("Errors", "The file is larger than any reference file."),
    "empty": QT_TRANSLATE_NOOP("Errors", "The file is empty."),
    "binary": QT_TRANSLATE_NOOP("Errors", "The file is not a text."),
    "not_cgats": QT_TRANSLATE_NOOP("Errors", "It does not begin as a CGATS file does."),
    "truncated": QT_TRANSLATE_NOOP("Errors", "Its end is missing."),
    "quotes": QT_TRANSLATE_NOOP("Errors", "A quotation mark is not closed."),
    "order": QT_TRANSLATE_NOOP("Errors", "A part of the file stands where it cannot stand."),
    "number_of_fields": QT_TRANSLATE_NOOP("Errors", "It announces another number of columns than it has."),
    "number_of_sets": QT_TRANSLATE_NOOP("Errors", "It announces another number of rows than it has."),
    "columns": QT_TRANSLATE_NOOP("Errors", "A row has more or fewer values than there are columns."),
    "duplicate_field": QT_TRANSLATE_NOOP("Errors", "A column stands there twice."),
    "duplicate_id": QT_TRANSLATE_NOOP("Errors", "A patch stands there twice."),
    "duplicate_keyword": QT_TRANSLATE_NOOP("Errors", "The serial number or date stands there twice."),
    "decimal_comma": QT_TRANSLATE_NOOP("Errors", "A number has a comma where a point belongs."),
    "not_a_number": QT_TRANSLATE_NOOP("Errors", "A value is not a number."),
    "out_of_range": QT_TRANSLATE_NOOP("Errors", "A value is one that no colour has."),
    "no_ids": QT_TRANSLATE_NOOP("Errors", "It does not say which patch a row is about."),
    "no_colours": QT_TRANSLATE_NOOP("Errors", "It holds neither Lab nor XYZ values."),
    "other_light": QT_TRANSLATE_NOOP("Errors", "Its values are not for D50 and the 2 degree observer."),
    "other_serial": QT_TRANSLATE_NOOP("Errors", "It belongs to a target with another serial number."),
    "other_file": QT_TRANSLATE_NOOP("Errors", "It is not the file that the target's label names."),
    "other_target": QT_TRANSLATE_NOOP("Errors", "It names patches that this target does not have."),
    "expired": QT_TRANSLATE_NOOP("Errors", "Its values were measured too long ago."),
}

TARGET_WHYS = {
    "no_target": QT_TRANSLATE_NOOP("Errors", "No target was found in the picture."),
    "wrong_target": QT_TRANSLATE_NOOP("Errors", "The target is not the one that is asked for."),
    "upside_down": QT_TRANSLATE_NOOP("Errors", "The target lies upside down."),
    "cut_off": QT_TRANSLATE_NOOP("Errors", "Part of the target lies outside the picture."),
    "covered": QT_TRANSLATE_NOOP("Errors", "Something covers part of the target."),
    "bent": QT_TRANSLATE_NOOP("Errors", "The target is bent, or its print is not true to the design."),
    "seen_before": QT_TRANSLATE_NOOP("Errors", "This very picture was measured before: it is not a new scan."),
}

GLASS_WHYS = {
    "not_empty": QT_TRANSLATE_NOOP(
        "Errors", "The glass is not empty: something lies on it, or the lid is open."
    ),
    "clipped": QT_TRANSLATE_NOOP(
        "Errors", "The lid is so white that its picture is burnt out: nothing can be seen on it but by eye."
    ),
    "too_small": QT_TRANSLATE_NOOP("Errors", "The picture is too small to show a glass."),
}

OFIQ_WHYS = {
    "no_folder": QT_TRANSLATE_NOOP("Errors", "Its folder is not there."),
    "no_file": QT_TRANSLATE_NOOP("Errors", "A file is missing in its folder."),
    "changed": QT_TRANSLATE_NOOP("Errors", "A file in its folder is not the one that was published."),
    "unreadable": QT_TRANSLATE_NOOP("Errors", "A file in its folder cannot be read."),
    "not_installed": QT_TRANSLATE_NOOP("Errors", "The package python-ofiq is not installed."),
    "refused": QT_TRANSLATE_NOOP("Errors", "It does not take its folder or the picture."),
    "silent": QT_TRANSLATE_NOOP("Errors", "It did not answer in time."),
    "ended": QT_TRANSLATE_NOOP("Errors", "It ended without an answer."),
}
