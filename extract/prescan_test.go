package extract

import (
	"strings"
	"testing"
)

func TestWhatAPageDeclaresOfItself(t *testing.T) {
	pad := func(n int) string { return strings.Repeat(" ", n) }
	for body, want := range map[string]string{
		`<meta charset=koi8-r>`:                                                            "koi8-r",
		`<META CharSet="KOI8-R"/>`:                                                         "koi8-r",
		`<meta/charset=koi8-r>`:                                                            "koi8-r",
		`<meta charset = 'koi8-r'>`:                                                        "koi8-r",
		`<metacharset=koi8-r>`:                                                             "",
		`<meta charset=none><meta charset=koi8-r>`:                                         "koi8-r",
		`<meta charset=koi8-r charset=utf-8>`:                                              "koi8-r",
		`<meta charset=x-user-defined>`:                                                    "windows-1252",
		`<meta charset=utf-16be>`:                                                          "utf-8",
		`<meta http-equiv=Content-Type content="text/html; charset=big5">`:                 "big5",
		`<meta content="text/html; charset=big5" http-equiv=content-type>`:                 "big5",
		`<meta content="text/html; charset=big5">`:                                         "",
		`<meta http-equiv=refresh content="0; charset=big5">`:                              "",
		`<meta http-equiv=content-type content="text/html; charset='big5'">`:               "big5",
		`<meta http-equiv=content-type content="text/html; charset='big5">`:                "",
		`<meta http-equiv=content-type content="charset charset=big5;x">`:                  "big5",
		`<meta http-equiv=content-type content="charset=">`:                                "",
		`<meta http-equiv=content-type content="charset=none" charset=big5>`:               "big5",
		"<meta http-equiv=content-type content='charset=\u212aoi8-r'>":                     "",
		`<!-- <meta charset=koi8-r> --><meta charset=big5>`:                                "big5",
		`<!--><meta charset=koi8-r>`:                                                       "koi8-r",
		`<!-- <meta charset=koi8-r>`:                                                       "",
		`<!doctype "<meta charset=koi8-r>"><meta charset=big5>`:                            "big5",
		`<a title="<meta charset=koi8-r>"><meta charset=big5>`:                             "big5",
		`</a title="<meta charset=koi8-r>"><meta charset=big5>`:                            "big5",
		`<?php "<meta charset=koi8-r>" ?><meta charset=big5>`:                              "big5",
		`<script>"<meta charset=koi8-r>"</script>`:                                         "koi8-r",
		`<meta charset=koi8-r`:                                                             "",
		`<meta charset="koi8-r`:                                                            "",
		`< meta charset=koi8-r>`:                                                           "",
		`<`:                                                                                "",
		`<!`:                                                                               "",
		pad(1024-len(`<meta charset=koi8-r>`)) + `<meta charset=koi8-r>`:                   "koi8-r",
		pad(1025-len(`<meta charset=koi8-r>`)) + `<meta charset=koi8-r>`:                   "",
		`<?xml version="1.0" encoding="koi8-r"?>`:                                          "koi8-r",
		`<?xml version='1.0' encoding = 'koi8-r' ?>`:                                       "koi8-r",
		`<?xml version="1.0" encoding="koi8-r`:                                             "",
		`<?xml version="1.0" encoding=koi8-r?>`:                                            "",
		`<?xml version="1.0" encoding="ko i8-r"?>`:                                         "",
		`<?xml version="1.0" encoding="utf-16"?>`:                                          "utf-8",
		`<?xml version="1.0" encoding="koi8-r"?><meta charset=big5>`:                       "big5",
		` <?xml version="1.0" encoding="koi8-r"?>`:                                         "",
		"<\x00?\x00x\x00m\x00l\x00":                                                        "utf-16le",
		"\x00<\x00?\x00x\x00m\x00l":                                                        "utf-16be",
		"<\x00m\x00e\x00t\x00a\x00 \x00c\x00h\x00a\x00r\x00s\x00e\x00t\x00=\x00b\x00>\x00": "",
	} {
		if got := prescan([]byte(body)); got != want {
			t.Errorf("%.120q: got %q, want %q", body, got, want)
		}
	}
}
