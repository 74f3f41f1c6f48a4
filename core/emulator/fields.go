package emulator

import (
	"maps"
	"strings"
)

// maxFieldDepth is deeper than any profile.
const maxFieldDepth = 8

// A selection holds the names in a "fields" parameter, in lower case. An empty selection
// selects everything.
type selection map[string]selection

// parseFields reads "Uid,Email/Value,Addresses(City,Country)" and "*". It
// reads malformed text as far as possible, as the service seems to do.
func parseFields(s string) selection {
	sel, _ := parseList(s, 0)
	return sel
}

// parseList reads names up to the closing bracket and returns what follows it.
func parseList(s string, depth int) (selection, string) {
	sel := selection{}
	for {
		i := strings.IndexAny(s, ",()")
		if i < 0 {
			sel.add(s, nil)
			return sel, ""
		}
		name, mark := s[:i], s[i]
		s = s[i+1:]
		switch {
		case mark == ',':
			sel.add(name, nil)
		case mark == ')':
			sel.add(name, nil)
			return sel, s
		case depth < maxFieldDepth:
			var below selection
			below, s = parseList(s, depth+1)
			sel.add(name, below)
		default:
			return sel, ""
		}
	}
}

// add selects a name, which may be a path, and the fields below it.
func (sel selection) add(path string, below selection) {
	path = strings.ToLower(strings.TrimSpace(path))
	if path == "" {
		return
	}
	name, rest, nested := strings.Cut(path, "/")
	if sel[name] == nil {
		sel[name] = selection{}
	}
	switch {
	case nested && strings.Count(rest, "/") < maxFieldDepth:
		sel[name].add(rest, below)
	default:
		maps.Copy(sel[name], below)
	}
}

// project keeps what is selected, in objects and in the objects of lists.
func (sel selection) project(v any) any {
	if _, all := sel["*"]; all || len(sel) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, item := range v {
			if below, ok := sel[strings.ToLower(k)]; ok {
				out[k] = below.project(item)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = sel.project(item)
		}
		return out
	}
	return v
}
