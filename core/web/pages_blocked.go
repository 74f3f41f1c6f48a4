package web

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

var (
	htmlComment   = regexp.MustCompile(`(?s)<!--.*?-->`)
	htmlTag       = regexp.MustCompile(`(?s)<([a-zA-Z][a-zA-Z0-9-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>`)
	htmlAttribute = regexp.MustCompile(`(?s)\s([a-zA-Z_:@][-a-zA-Z0-9_:.]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?`)
	cssAddress    = regexp.MustCompile(`(?i)(@import\s+(?:url\()?|url\()\s*["']?((?:https?:)?//[^"')\s]+)`)
)

// action stands for what a template fills in.
const action = "\x00"

// checkBlocked names the first part of the application's templates that browsers would not
// run or load because of the page's Content-Security-Policy, with file and line. Browsers
// say that in a console that few people open.
func checkBlocked(own *template.Template, p *ContentPolicy) error {
	if own == nil {
		return nil
	}
	for _, t := range own.Templates() {
		if t.Tree == nil {
			continue
		}
		s := blockedScan{tree: t.Tree}
		s.flatten(t.Tree.Root)
		if at, why := s.blocked(p); why != "" {
			location, _ := t.Tree.ErrorContext(&parse.TextNode{NodeType: parse.NodeText, Pos: s.position(at)})
			return optionError("PageTemplates: " + location + ": the page's Content-Security-Policy blocks " + why)
		}
	}
	return nil
}

// A blockedScan is the text of a template, with an action for what it fills in. Both branches
// of a condition are in it, one after the other.
type blockedScan struct {
	tree *parse.Tree
	text strings.Builder
	from []textStart
}

// A textStart is where a piece of text begins, in the flat text and in the file.
type textStart struct {
	flat int
	file parse.Pos
}

func (s *blockedScan) flatten(n parse.Node) {
	branch := func(b *parse.BranchNode) {
		s.flatten(b.List)
		if b.ElseList != nil {
			s.flatten(b.ElseList)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			s.flatten(child)
		}
	case *parse.TextNode:
		s.from = append(s.from, textStart{s.text.Len(), n.Pos})
		s.text.Write(n.Text)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.ActionNode, *parse.TemplateNode:
		s.text.WriteString(action)
	}
}

// position returns where a place of the flat text is in the file.
func (s *blockedScan) position(at int) parse.Pos {
	i, _ := slices.BinarySearchFunc(s.from, at+1, func(f textStart, at int) int { return f.flat - at })
	if i == 0 {
		return 0
	}
	start := s.from[i-1]
	return start.file + parse.Pos(at-start.flat)
}

// blocked returns where something is that the policy blocks, and what it is.
func (s *blockedScan) blocked(p *ContentPolicy) (at int, why string) {
	text := htmlComment.ReplaceAllStringFunc(s.text.String(), func(c string) string { return strings.Repeat(" ", len(c)) })
	scripts, styles := p.directives()[0], p.directives()[2]
	end := 0 // of a script or style, where nothing is a tag
	for _, tag := range htmlTag.FindAllStringSubmatchIndex(text, -1) {
		at := tag[0]
		if at < end {
			continue
		}
		name, attributes := strings.ToLower(text[tag[2]:tag[3]]), attributesOf(text[tag[4]:tag[5]])
		if why := p.blocksTag(name, attributes); why != "" {
			return at, why
		}
		if name != "script" && name != "style" {
			continue
		}
		body := text[tag[1]:]
		if i := strings.Index(strings.ToLower(body), "</"+name); i >= 0 {
			body = body[:i]
		}
		end = tag[1] + len(body)
		_, file := attributes["src"]
		switch {
		case name == "script" && !file && runs(attributes["type"]) && !scripts.hasHash(body):
			return at, "an inline script: serve it as a file of this site" + orHash("Scripts", body)
		case name == "style" && !styles.hasHash(body):
			return at, "an inline style: use PageStyle" + orHash("Styles", body)
		}
	}
	return 0, ""
}

// attributesOf returns the attributes of a tag, their names in small letters.
func attributesOf(text string) map[string]string {
	found := map[string]string{}
	for _, m := range htmlAttribute.FindAllStringSubmatch(text, -1) {
		found[strings.ToLower(m[1])] = strings.Trim(m[2], `"'`)
	}
	return found
}

// blocksTag says what the policy blocks of a tag and its attributes, or "".
func (p *ContentPolicy) blocksTag(name string, attributes map[string]string) string {
	for a, value := range attributes {
		switch {
		case strings.HasPrefix(a, "on"):
			return "the handler " + a + ": add it in a script file"
		case a == "style":
			return "the attribute style: use a class and PageStyle"
		case strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "javascript:"):
			return "a javascript: address: use a button and a script file"
		}
	}
	directives := p.directives()
	switch address := attributes["src"]; name {
	case "iframe", "frame", "object", "embed", "audio", "video", "base":
		return "the element " + name
	case "script":
		return directives[0].blocksAddress(address)
	case "img":
		return directives[3].blocksAddress(address)
	case "link":
		switch strings.ToLower(attributes["rel"]) {
		case "stylesheet":
			return directives[2].blocksAddress(attributes["href"])
		case "icon", "apple-touch-icon", "shortcut icon":
			return directives[3].blocksAddress(attributes["href"])
		}
	}
	return ""
}

// blocksAddress says what is wrong with an absolute address that is no source, or "".
func (d sourceDirective) blocksAddress(address string) string {
	lower := strings.ToLower(address)
	absolute := strings.HasPrefix(lower, "//") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
	host, _, _ := strings.Cut(address, action)
	if !absolute || d.allows(host) {
		return ""
	}
	return host + ": name its origin in " + d.field + " of PageSources"
}

// checkStyle names the first address of [PageStyle] that the policy blocks.
func (p *ContentPolicy) checkStyle(css string) error {
	directives := p.directives()
	for _, m := range cssAddress.FindAllStringSubmatch(css, -1) {
		wanted, field := directives[3:], "Images or Fonts"
		if strings.HasPrefix(strings.ToLower(m[1]), "@import") {
			wanted, field = directives[2:3], "Styles"
		}
		if !slices.ContainsFunc(wanted, func(d sourceDirective) bool { return d.allows(m[2]) }) {
			return optionError("PageStyle: the page's Content-Security-Policy blocks " + m[2] + ": name its origin in " + field + " of PageSources")
		}
	}
	return nil
}

// runs reports whether browsers run a script of a type; other types hold data.
func runs(kind string) bool {
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "" || kind == "module" || strings.Contains(kind, "javascript") || strings.Contains(kind, "ecmascript")
}

// hasHash reports whether the sources hold the hash of an inline element.
func (d sourceDirective) hasHash(body string) bool {
	a, b, c := sha256.Sum256([]byte(body)), sha512.Sum384([]byte(body)), sha512.Sum512([]byte(body))
	for name, sum := range map[string][]byte{"sha256": a[:], "sha384": b[:], "sha512": c[:]} {
		if slices.Contains(d.sources, "'"+name+"-"+base64.StdEncoding.EncodeToString(sum)+"'") {
			return true
		}
	}
	return false
}

// orHash offers the hash of an inline element that is always the same.
func orHash(field, body string) string {
	if strings.Contains(body, action) {
		return ""
	}
	sum := sha256.Sum256([]byte(body))
	return ", or add 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "' to " + field + " of PageSources"
}
