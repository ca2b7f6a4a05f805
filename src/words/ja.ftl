### Japanese. One message for each id of en.ftl; docs/language.md has the words to use.
