package otellr_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/otellr"
)

// Metrics for Prometheus, at a handler of the application.
func Example() {
	if err := runExample(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// loginradius_session_hits_total 1
	// loginradius_session_misses_total 1
}

func runExample() error {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return err
	}
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter))
	telemetry, err := otellr.New(otellr.MeterProvider(meters))
	if err != nil {
		return err
	}

	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	defer lr.Close()
	cfg := lr.Config() // in production: core.ConfigFromEnv
	cfg.Observer = telemetry
	client, err := core.New(cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	stop, err := telemetry.ObserveStats(client)
	if err != nil {
		return err
	}
	defer func() {
		if err := stop(); err != nil {
			fmt.Println(err)
		}
	}()

	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		return err
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		return err
	}
	for range 2 {
		if _, err := client.Session(context.Background(), token); err != nil {
			return err
		}
	}
	scrape := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(scrape, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	for line := range strings.Lines(scrape.Body.String()) {
		if strings.HasPrefix(line, "loginradius_session_hits_total") || strings.HasPrefix(line, "loginradius_session_misses_total") {
			fmt.Print(line)
		}
	}
	return nil
}
