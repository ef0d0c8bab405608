package results

import (
	"fmt"
	"strings"
	"time"
)

// templateMillis is a time in milliseconds, as in the record; "" for none.
func templateMillis(d time.Duration) string {
	return strings.TrimSuffix(string(appendMillis(nil, "", d)), ",")
}

func templateJoin(sep string, list any) (string, error) {
	switch list := list.(type) {
	case []string:
		return strings.Join(list, sep), nil
	case string:
		return list, nil // a field that is no list, or not there
	}
	return "", fmt.Errorf("join takes a list of strings, such as .Links, not %T", list)
}

// templateSlice is the characters of a text, or the elements of a list, from the
// first place to before the second, as far as there are any.
func templateSlice(item any, places ...int) (any, error) {
	if len(places) > 2 {
		return nil, fmt.Errorf("slice takes two places at most, not %d", len(places))
	}
	switch item := item.(type) {
	case string:
		return string(cutOut([]rune(item), places)), nil
	case []string:
		return cutOut(item, places), nil
	case []Redirect:
		return cutOut(item, places), nil
	}
	return nil, fmt.Errorf("slice takes a text or a list, such as .Title or .Links, not %T", item)
}

func cutOut[T any](list []T, places []int) []T {
	from, to := 0, len(list)
	if len(places) > 0 {
		from = min(max(places[0], 0), to)
	}
	if len(places) > 1 {
		to = min(max(places[1], from), to)
	}
	return list[from:to]
}

// templateIndex is the element of a list, the character of a text or the member of
// .Fields at a place, and of that the next one. Where there is none it is empty.
func templateIndex(item any, places ...any) (any, error) {
	for _, place := range places {
		n, isNumber := place.(int)
		name, isName := place.(string)
		switch list := item.(type) {
		case []string:
			item = nth(list, n)
		case []Redirect:
			item = nth(list, n)
		case string:
			item = string(cutOut([]rune(list), []int{n, n + 1}))
		case map[string]any:
			if item, isNumber = list[name], isName; item == nil {
				item = ""
			}
		default:
			return nil, fmt.Errorf("index takes a list, such as .Links, not %T", item)
		}
		if !isNumber {
			return nil, fmt.Errorf("index cannot take place %v", place)
		}
	}
	return item, nil
}

// nth is an element of a list; its zero value where there is none.
func nth[T any](list []T, n int) (v T) {
	if n >= 0 && n < len(list) {
		v = list[n]
	}
	return v
}
