package web

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A ContentPolicy lists what else the pages may load, beside their own files: sources in
// the words of a Content-Security-Policy. A source is an address such as
// "https://cdn.example.com" or "https://cdn.example.com/assets/"; without TLS only on
// localhost. Scripts and Styles also take the hash of an inline element, such as
// "'sha256-…'"; Images and Fonts also take "https://*.example.com"; Fonts take "'self'" and
// "data:". Connect is for fetch and web sockets (wss:) of your scripts.
type ContentPolicy struct {
	Scripts, Styles, Images, Fonts, Connect []string
}

// PageSources lets the pages load more than their own stylesheet, script and images. The rest
// of the policy stays as strict as it is: no frames, no plug-ins, forms to this site alone.
// Sources that would switch the protection off are refused: "*", "https:",
// "'unsafe-inline'" or "'unsafe-eval'". Default: none.
func PageSources(p ContentPolicy) PageOption {
	p = ContentPolicy{slices.Clone(p.Scripts), slices.Clone(p.Styles), slices.Clone(p.Images), slices.Clone(p.Fonts), slices.Clone(p.Connect)}
	return pageOption(func(c *routeConfig) {
		for _, d := range p.directives() {
			for _, source := range d.sources {
				if why := d.refuses(source); why != "" {
					c.fail(optionError("PageSources: " + d.field + ": " + source + " " + why))
				}
			}
		}
		c.pages.sources = p
	})
}

// A sourceDirective is one directive of a policy.
type sourceDirective struct {
	field, name string   // of ContentPolicy, and in the header
	own         string   // that it always has
	sources     []string // that the application adds
	hashes      bool     // of inline elements
	wildcards   bool     // any subdomain
	words       []string // that it takes beside addresses
	schemes     []string
}

func (p *ContentPolicy) directives() []sourceDirective {
	https := []string{"https"}
	return []sourceDirective{
		{field: "Scripts", name: "script-src", own: " 'self'", sources: p.Scripts, hashes: true, schemes: https},
		{field: "Connect", name: "connect-src", own: " 'self'", sources: p.Connect, schemes: []string{"https", "wss"}},
		{field: "Styles", name: "style-src", own: " 'self'", sources: p.Styles, hashes: true, schemes: https},
		{field: "Images", name: "img-src", own: " 'self' data:", sources: p.Images, wildcards: true, schemes: https},
		{field: "Fonts", name: "font-src", sources: p.Fonts, wildcards: true, words: []string{"'self'", "data:"}, schemes: https},
	}
}

var (
	inlineHash = regexp.MustCompile(`^'sha(256|384|512)-[A-Za-z0-9+/_-]{43,86}={0,2}'$`)
	sourceHost = regexp.MustCompile(`^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+$`)
	sourcePath = regexp.MustCompile(`^(/[A-Za-z0-9._~/-]*)?$`)
)

// refuses says why a source is not acceptable, or "".
func (d sourceDirective) refuses(source string) string {
	if slices.Contains(d.words, source) || d.hashes && inlineHash.MatchString(source) {
		return ""
	}
	switch {
	case strings.HasPrefix(source, "'unsafe"), source == "*", strings.HasSuffix(source, ":"), strings.HasPrefix(source, "'strict-dynamic"):
		return "would switch the protection off: name an address, such as https://cdn.example.com"
	case strings.HasPrefix(source, "'"):
		return "is not a source that it takes"
	}
	u, err := url.Parse(source)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(source, "#") || !sourcePath.MatchString(u.Path) || u.RawPath != "" {
		return "is not an address such as https://cdn.example.com, without query and fragment"
	}
	host := u.Hostname()
	local := host == "localhost" || net.ParseIP(host).IsLoopback()
	if !slices.Contains(d.schemes, u.Scheme) && (!local || u.Scheme != "http" && (u.Scheme != "ws" || !slices.Contains(d.schemes, "wss"))) {
		return "must begin with " + strings.Join(d.schemes, ":// or ") + "://"
	}
	if !sourceHost.MatchString(host) && net.ParseIP(host) == nil {
		return "is not an address such as https://cdn.example.com, in small letters"
	}
	if domain, wildcard := strings.CutPrefix(host, "*."); wildcard && (!d.wildcards || !strings.Contains(domain, ".")) {
		return "stands for too many hosts: name each"
	}
	return ""
}

// header returns the policy of a page. Browsers hold a redirect behind a form to the same
// rule as the form itself: leadsTo are the origins where the logout form may lead, each
// after a space.
func (p *ContentPolicy) header(leadsTo string) string {
	var b strings.Builder
	b.WriteString("default-src 'none'; ")
	for _, d := range p.directives() {
		if d.own == "" && len(d.sources) == 0 {
			continue
		}
		b.WriteString(d.name + d.own)
		for _, source := range d.sources {
			b.WriteString(" " + source)
		}
		b.WriteString("; ")
	}
	return b.String() + "form-action 'self'" + leadsTo + "; base-uri 'none'; frame-ancestors 'none'"
}

// allows reports whether a directive lets a page load an absolute address.
func (d sourceDirective) allows(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(d.sources, func(source string) bool {
		s, err := url.Parse(source)
		if err != nil || s.Host == "" || u.Scheme != "" && u.Scheme != s.Scheme || s.Port() != u.Port() {
			return false
		}
		host := u.Hostname() == s.Hostname()
		if domain, wildcard := strings.CutPrefix(s.Hostname(), "*"); wildcard {
			host = strings.HasSuffix(u.Hostname(), domain)
		}
		path := s.Path == "" || s.Path == u.Path || strings.HasSuffix(s.Path, "/") && strings.HasPrefix(u.Path, s.Path)
		return host && path
	})
}
