package otellr_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/otellr"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// Dashboard and alerts use only metrics and labels that a scrape has.
func TestDashboardAndAlerts(t *testing.T) {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry))
	if err != nil {
		t.Fatal(err)
	}
	telemetry, err := otellr.New(otellr.MeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter))))
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, func(c *core.Config) { c.Observer, c.Shared = telemetry, sharedtest.NewMemory() })
	if _, err := telemetry.ObserveStats(f.client); err != nil {
		t.Fatal(err)
	}
	if _, err := f.client.Session(t.Context(), f.token); err != nil {
		t.Fatal(err)
	}
	f.client.Forget(f.token)
	if err := f.client.Close(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	defer server.Close()
	res, err := http.Get(server.URL) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var scrape strings.Builder
	if _, err := io.Copy(&scrape, res.Body); err != nil {
		t.Fatal(err)
	}

	metric := regexp.MustCompile(`\b(?:loginradius_session|http_client)_[a-z_]+`)
	label := regexp.MustCompile(`\b(loginradius_(?:operation|outcome))\b`)
	for _, file := range []string{"dashboard.json", "alerts.yml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".json") && !json.Valid(text) {
			t.Errorf("%s is no JSON", file)
		}
		names := metric.FindAllString(string(text), -1)
		names = append(names, label.FindAllString(string(text), -1)...)
		slices.Sort(names)
		names = slices.Compact(names)
		if len(names) < 8 {
			t.Errorf("%s uses only %v", file, names)
		}
		for _, name := range names {
			if !regexp.MustCompile(`(?m)(^|[{,])` + name + `[{ =]`).MatchString(scrape.String()) {
				t.Errorf("%s uses %s, which a scrape does not have", file, name)
			}
		}
	}
	if t.Failed() {
		t.Log(scrape.String())
	}
}
