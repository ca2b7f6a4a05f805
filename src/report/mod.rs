//! A journal, told for people: needs a journal and nothing else.
