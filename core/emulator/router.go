package emulator

import (
	"net/url"
	"strings"
)

// A router finds the route of a call. It walks a tree of path segments, in which a
// literal goes before a parameter, so that the order of features does not matter.
type router struct {
	all  []*route
	root *node
}

type node struct {
	literals  map[string]*node // by segment, in lower case
	parameter *node
	routes    []*route // that end here, in the order in which their conditions are tried
}

func newRouter(routes []route) router {
	t := router{root: &node{}}
	for i := range routes {
		r := &routes[i]
		n := t.root
		for segment := range strings.SplitSeq(r.path, "/") {
			if name, ok := parameter(segment); ok {
				r.names = append(r.names, name)
				segment = ""
			}
			n = n.next(segment)
		}
		n.routes = append(n.routes, r)
		t.all = append(t.all, r)
	}
	return t
}

// parameter returns the name in a segment like "{uid}".
func parameter(segment string) (string, bool) {
	name, ok := strings.CutPrefix(segment, "{")
	return strings.TrimSuffix(name, "}"), ok
}

// next returns the node below n for a segment, or for a parameter if it is empty.
func (n *node) next(segment string) *node {
	if segment == "" {
		if n.parameter == nil {
			n.parameter = &node{}
		}
		return n.parameter
	}
	if n.literals == nil {
		n.literals = map[string]*node{}
	}
	if n.literals[segment] == nil {
		n.literals[segment] = &node{}
	}
	return n.literals[segment]
}

// find returns the route of a call and the arguments in its path. Without a route,
// known reports whether the path has one for other methods or parameters.
func (t router) find(c *call, method, escaped string) (found *route, args map[string]string, known bool) {
	segments := strings.Split(strings.Trim(escaped, "/"), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil, nil, false
		}
		segments[i] = plain
	}
	t.root.walk(segments, nil, func(r *route, values []string) bool {
		known = true
		if r.method != method || r.condition != nil && !r.condition.holds(c) {
			return false
		}
		found, args = r, map[string]string{}
		for i, name := range r.names {
			args[name] = values[i]
		}
		return true
	})
	return found, args, known
}

// walk visits the routes that fit, best first, until visit returns true.
func (n *node) walk(rest, values []string, visit func(*route, []string) bool) bool {
	if len(rest) == 0 {
		for _, r := range n.routes {
			if visit(r, values) {
				return true
			}
		}
		return false
	}
	if below := n.literals[strings.ToLower(rest[0])]; below != nil && below.walk(rest[1:], values, visit) {
		return true
	}
	return n.parameter != nil && n.parameter.walk(rest[1:], append(values, rest[0]), visit)
}
