package otellr_test

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/otellr"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

var update = flag.Bool("update", false, "draw dashboard.svg again; needs prometheus")

// A panel is what the picture shows of a panel of the dashboard.
type panel struct {
	Title       string
	Targets     []struct{ Expr, LegendFormat string }
	FieldConfig struct{ Defaults struct{ Unit string } }
}

func panels(t *testing.T) []panel {
	t.Helper()
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct{ Panels []panel }
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d.Panels
}

// The picture shows every panel of the dashboard, with a curve for each query that has
// data. With -update it is drawn from the metrics of a run of a minute.
func TestPicture(t *testing.T) {
	list := panels(t)
	if *update {
		ask := record(t)
		if err := os.WriteFile("dashboard.svg", []byte(picture(list, ask)), 0o644); err != nil { //nolint:gosec // a picture for all
			t.Fatal(err)
		}
	}
	drawn, err := os.ReadFile("dashboard.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		_, after, ok := strings.Cut(string(drawn), ">"+escaped(p.Title)+"<")
		figure, _, _ := strings.Cut(after, "</g>")
		if !ok || !strings.Contains(figure, "<polyline") {
			t.Errorf("dashboard.svg has no curve in %q: draw it again with -update", p.Title)
		}
	}
}

const (
	users   = 80
	runTime = 60 * time.Second
	scrapes = time.Second
)

type curve struct {
	name   string
	points [][2]float64 // seconds since the start, value
}

// record runs a client under load, with an outage in the middle, and returns how to ask
// Prometheus about it.
func record(t *testing.T) (ask func(expr, legend string) []curve) {
	t.Helper()
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry))
	if err != nil {
		t.Fatal(err)
	}
	telemetry, err := otellr.New(otellr.MeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter))))
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, func(c *core.Config) {
		c.Observer, c.Shared = telemetry, sharedtest.NewMemory()
		c.Sessions = core.SessionConfig{TTL: 6 * time.Second, MaxTTL: 8 * time.Second, UpstreamRate: 30, Capacity: 75}
	})
	if _, err := telemetry.ObserveStats(f.client); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	t.Cleanup(server.Close)
	at := startPrometheus(t, strings.TrimPrefix(server.URL, "http://"))
	from := time.Now()
	load(t, f)
	return func(expr, legend string) []curve { return query(t, at, expr, legend, from) }
}

// startPrometheus scrapes a server once a second and returns the address of its API.
func startPrometheus(t *testing.T, target string) string {
	t.Helper()
	dir := t.TempDir()
	config := fmt.Sprintf("global: {scrape_interval: %v}\nscrape_configs: [{job_name: site, static_configs: [{targets: [%q]}]}]\n", scrapes, target)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("prometheus", "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+dir, "--web.listen-address="+addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return "http://" + addr
}

// load has users come and go, log out, refresh and try bad tokens, until the run is over.
func load(t *testing.T, f *fixture) {
	t.Helper()
	var tokens, refresh []string
	for i := range 2 * users { // the second half only refreshes
		uid, err := f.lr.AddUser(emulator.User{Email: fmt.Sprintf("user%d@example.com", i), EmailVerified: true})
		if err != nil {
			t.Fatal(err)
		}
		a, r, err := f.lr.IssueTokens(uid)
		if err != nil {
			t.Fatal(err)
		}
		tokens, refresh = append(tokens, a), append(refresh, r)
	}
	f.lr.Inject(emulator.Latency(40 * time.Millisecond))
	down := false
	start := time.Now()
	for i := 0; time.Since(start) < runTime; i++ {
		if outage := time.Since(start) > runTime/2 && time.Since(start) < runTime*2/3; outage != down {
			down = outage
			f.lr.ClearFaults()
			if down {
				f.lr.Inject(emulator.ServerError(500))
			} else {
				f.lr.Inject(emulator.Latency(40 * time.Millisecond))
			}
		}
		for n := range 4 {
			go func() { _, _ = f.client.Session(t.Context(), tokens[(7*i+n)%users]) }()
		}
		switch {
		case i%25 == 0:
			f.client.Forget(tokens[i%users])
		case i%40 == 1:
			go func() { _, _ = f.client.Rotate(t.Context(), refresh[users+i/40%users]) }()
		case i%30 == 2:
			go func() { _, _ = f.client.Session(t.Context(), fmt.Sprintf("00000000-0000-4000-8000-%012d", i)) }()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// query asks Prometheus as Grafana would.
func query(t *testing.T, at, expr, legend string, from time.Time) (out []curve) {
	t.Helper()
	expr = strings.NewReplacer("$__rate_interval", "5s", "$job", ".*").Replace(expr)
	res, err := http.Get(at + "/api/v1/query_range?" + url.Values{
		"query": {expr}, "step": {"1"}, "start": {strconv.FormatInt(from.Unix(), 10)}, "end": {strconv.FormatInt(time.Now().Unix(), 10)},
	}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Status, Error string
		Data          struct {
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Status != "success" {
		t.Fatalf("%s: %v %s", expr, err, answer.Error)
	}
	for _, r := range answer.Data.Result {
		c := curve{name: legend}
		for label, value := range r.Metric {
			c.name = strings.ReplaceAll(c.name, "{{"+label+"}}", value)
		}
		for _, v := range r.Values {
			seconds, _ := v[0].(float64)
			text, _ := v[1].(string)
			if y, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(y) && !math.IsInf(y, 0) {
				c.points = append(c.points, [2]float64{seconds - float64(from.Unix()), y})
			}
		}
		if len(c.points) > 1 {
			out = append(out, c)
		}
	}
	return out
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// units are those of Grafana, in words.
var units = map[string]string{"reqps": "per second", "ops": "per second", "s": "seconds", "bytes": "bytes"}

var colours = []string{"#1f77b4", "#d95f02", "#2ca02c", "#9467bd", "#8c564b", "#17798b", "#b8860b"}

// picture draws the panels in two columns.
func picture(list []panel, ask func(expr, legend string) []curve) string {
	const width, height, gap, top = 470, 200, 20, 60
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11" fill="#222">`+"\n",
		2*width+3*gap, top+(len(list)+1)/2*(height+gap))
	b.WriteString(`<rect width="100%" height="100%" fill="#fff"/>` + "\n")
	fmt.Fprintf(&b, `<text x="%d" y="26" font-size="15">The queries of dashboard.json over a test run of %v, drawn by picture_test.go and not by Grafana</text>`+"\n", gap, runTime)
	fmt.Fprintf(&b, `<text x="%d" y="46">%d users on one client; LoginRadius fails from %v to %v.</text>`+"\n", gap, users, runTime/2, runTime*2/3)
	for i, p := range list {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)"><rect width="%d" height="%d" fill="none" stroke="#ccc"/><text x="8" y="16" font-weight="bold">%s</text>`+"\n",
			gap+i%2*(width+gap), top+i/2*(height+gap), width, height, escaped(p.Title))
		var all []curve
		for _, target := range p.Targets {
			all = append(all, ask(target.Expr, target.LegendFormat)...)
		}
		drawCurves(&b, all, p.FieldConfig.Defaults.Unit, width, height)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func drawCurves(b *strings.Builder, all []curve, unit string, width, height int) {
	most := 0.0
	for _, c := range all {
		for _, p := range c.points {
			most = max(most, p[1])
		}
	}
	if most == 0 {
		most = 1
	}
	left, low, high := 70.0, float64(height-46), 30.0
	fmt.Fprintf(b, `<text x="8" y="%.0f">0</text><text x="8" y="%.0f">%.4g %s</text>`+"\n", low, high+6, most, units[unit])
	for i, c := range all {
		colour := colours[i%len(colours)]
		fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="1.5" points="`, colour)
		for _, p := range c.points {
			fmt.Fprintf(b, "%.1f,%.1f ", left+p[0]/runTime.Seconds()*(float64(width)-left-10), low-p[1]/most*(low-high))
		}
		fmt.Fprintf(b, `"/><text x="%d" y="%d" fill="%s">%s</text>`+"\n", 8+i%3*155, height-26+i/3*14, colour, escaped(c.name))
	}
}
