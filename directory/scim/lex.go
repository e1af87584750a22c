package scim

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind tells the pieces of a filter apart.
type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenWord             // a name, an operator, true, false, null or a number
	tokenText             // a JSON string
	tokenSymbol           // ( ) [ ]
)

// token is a piece of a filter. Start and end are offsets in bytes.
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// lexer cuts a filter into tokens.
type lexer struct {
	input string
	next  token
}

// position counts characters from one, as a person does.
func (l *lexer) position(offset int) int { return utf8.RuneCountInString(l.input[:offset]) + 1 }

// fail refuses the filter at a place.
func (l *lexer) fail(at int, what string) error {
	return InvalidFilter("The filter cannot be read at character %d: %s.", l.position(at), what)
}

// advance reads the next token.
func (l *lexer) advance() error {
	start := l.next.end
	for start < len(l.input) && (l.input[start] == ' ' || l.input[start] == '\t') {
		start++
	}
	if start == len(l.input) {
		l.next = token{kind: tokenEnd, start: start, end: start}
		return nil
	}
	switch c := l.input[start]; c {
	case '(', ')', '[', ']':
		l.next = token{kind: tokenSymbol, text: string(c), start: start, end: start + 1}
		return nil
	case '"':
		return l.quotation(start)
	}
	end := start + 1
	for end < len(l.input) && !strings.ContainsRune(" \t()[]\"", rune(l.input[end])) {
		end++
	}
	l.next = token{kind: tokenWord, text: l.input[start:end], start: start, end: end}
	return nil
}

// quotation reads a JSON string.
func (l *lexer) quotation(start int) error {
	end := start + 1
	for end < len(l.input) && l.input[end] != '"' {
		if l.input[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(l.input) {
		return l.fail(start, "the text has no end")
	}
	var text string
	if err := json.Unmarshal([]byte(l.input[start:end+1]), &text); err != nil {
		return l.fail(start, "the text is no JSON string")
	}
	l.next = token{kind: tokenText, text: text, start: start, end: end + 1}
	return nil
}

// is reports whether the next token is this word or symbol; words ignore case.
func (l *lexer) is(text string) bool {
	return (l.next.kind == tokenWord || l.next.kind == tokenSymbol) && strings.EqualFold(l.next.text, text)
}

// seen shows the next token in a refusal.
func (l *lexer) seen() string {
	switch l.next.kind {
	case tokenEnd:
		return "the end"
	case tokenText:
		return "the text " + quoted(l.next.text)
	default:
		return quoted(l.next.text)
	}
}

// number reads a JSON number.
func number(text string) (json.Number, bool) {
	if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
		return "", false
	}
	return json.Number(text), true
}
