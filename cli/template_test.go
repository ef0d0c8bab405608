package cli

import (
	"strings"
	"testing"
	"time"

	"crawl/results"
)

// A template that would loop is told before anything is fetched.
func TestATemplateWithoutEndIsRefused(t *testing.T) {
	if _, err := compile("{{range 500000000}}{{end}}", nil, time.Millisecond); err == nil || !strings.Contains(err.Error(), "does not come to an end") {
		t.Errorf("%v", err)
	}
	if _, err := compile("{{.URL}}", nil, time.Minute); err != nil {
		t.Error(err)
	}
}

// TestALineWhoseTemplateFailsIsThere: with what came until then, and one error tells
// of all of them.
func TestALineWhoseTemplateFailsIsThere(t *testing.T) {
	made, err := compile(`{{.URL}}\t{{if eq .Status 404}}{{eq .Status "x"}}{{end}}.`, nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	u := &unfailing{Template: made}
	if (*unfailing)(nil).fault() != nil || u.fault() != nil {
		t.Error("a failure without one")
	}
	var all []byte
	for i, want := range []string{"", "http://a/: column 34: at <eq .Status", "on 2 records, whose lines end in <template failed>, the first of them: http://a/: column"} {
		status := 404
		if i == 0 {
			status = 200
		}
		if all, err = u.Append(all, &results.Record{URL: []string{"http://ok/", "http://a/", "http://b/"}[i], Status: status}); err != nil {
			t.Error(err)
		}
		if got := u.fault(); want != "" && (got == nil || !strings.Contains(got.Error(), want)) {
			t.Errorf("%v, want %s", got, want)
		}
	}
	if want := "http://ok/\t.\nhttp://a/\t<template failed>\nhttp://b/\t<template failed>\n"; string(all) != want {
		t.Errorf("wrote %q", all)
	}
}
