"""What the window says: codes and values in, sentences in the officer's language out.

English literals stand in tables marked for Qt Linguist, one context for each module. Facts are filled in after
the translation, so a translator sees the whole sentence with its named braces.
"""
