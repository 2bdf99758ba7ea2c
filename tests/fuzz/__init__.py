"""Whatever comes from outside, spoilt: it must give a value or a named error, soon and in little room."""
