package otellr_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/otellr"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// fixture is a client with telemetry on an emulator.
type fixture struct {
	lr        *emulator.Server
	client    *core.Client
	telemetry *otellr.Telemetry
	spans     *tracetest.SpanRecorder
	tracer    trace.Tracer
	reader    *sdkmetric.ManualReader

	uid, token string
}

func newFixture(t *testing.T, change func(*core.Config)) *fixture {
	t.Helper()
	f := &fixture{spans: tracetest.NewSpanRecorder(), reader: sdkmetric.NewManualReader()}
	traces := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(f.spans))
	metrics := sdkmetric.NewMeterProvider(sdkmetric.WithReader(f.reader))
	f.tracer = traces.Tracer("test")
	var err error
	if f.telemetry, err = otellr.New(otellr.TracerProvider(traces), otellr.MeterProvider(metrics)); err != nil {
		t.Fatal(err)
	}
	if f.lr, err = emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler))); err != nil {
		t.Fatal(err)
	}
	cfg := f.lr.Config()
	cfg.Observer = f.telemetry
	if change != nil {
		change(&cfg)
	}
	if f.client, err = core.New(cfg); err != nil {
		t.Fatal(err)
	}
	if f.uid, err = f.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", FirstName: "Ada", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	if f.token, _, err = f.lr.IssueTokens(f.uid); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = f.client.Close()
		_ = f.lr.Close()
		_ = traces.Shutdown(context.Background())
		_ = metrics.Shutdown(context.Background())
	})
	return f
}

func attributes(s sdktrace.ReadOnlySpan) map[string]string {
	out := map[string]string{}
	for _, kv := range s.Attributes() {
		out[string(kv.Key)] = kv.Value.String()
	}
	return out
}

// ended returns the spans of LoginRadius calls that ended, by operation.
func (f *fixture) ended(operation string) (out []sdktrace.ReadOnlySpan) {
	for _, s := range f.spans.Ended() {
		if attributes(s)["loginradius.operation"] == operation {
			out = append(out, s)
		}
	}
	return out
}

func TestCallSpan(t *testing.T) {
	f := newFixture(t, nil)
	ctx, parent := f.tracer.Start(t.Context(), "request")
	if _, err := f.client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: f.uid}); err != nil {
		t.Fatal(err)
	}
	parent.End()
	spans := f.ended("Account.ByUID")
	if len(spans) != 1 {
		t.Fatalf("%d spans", len(spans))
	}
	s := spans[0]
	if s.Parent().SpanID() != parent.SpanContext().SpanID() || s.SpanKind() != trace.SpanKindClient || s.Status().Code != codes.Unset {
		t.Errorf("parent %v, kind %v, status %v", s.Parent().SpanID(), s.SpanKind(), s.Status())
	}
	const path = "/identity/v2/manage/account/{uid}"
	host := strings.TrimPrefix(f.lr.URL(), "http://")
	address, port, _ := strings.Cut(host, ":")
	want := map[string]string{
		"http.request.method": "GET", "http.response.status_code": "200", "server.address": address, "server.port": port,
		"url.full": f.lr.URL() + path, "url.template": path, "loginradius.operation": "Account.ByUID", "loginradius.outcome": "ok",
	}
	if got := attributes(s); !reflect.DeepEqual(got, want) || s.Name() != "GET "+path {
		t.Errorf("span %q with %v, want %v", s.Name(), got, want)
	}
}

func TestOutcomes(t *testing.T) {
	ctx := context.Background()
	for _, test := range []struct {
		name    string
		arrange func(*fixture)
		change  func(*core.Config)
		outcome string
		error   string
		calls   int
	}{
		{"refused", func(f *fixture) { f.uid = "0123456789abcdef0123456789abcdef" }, nil, "refused", "", 1},
		{"limited", func(f *fixture) { f.lr.Inject(emulator.TooManyRequests()) }, nil, "limited", "429", 3},
		{"unavailable", func(f *fixture) { f.lr.Inject(emulator.Fault{Status: 502, Body: "<html>"}) }, nil, "unavailable", "502", 3},
		{"no connection", func(f *fixture) { _ = f.lr.Close() }, nil, "unavailable", "unavailable", 3},
		{"credentials", nil, func(c *core.Config) { c.APISecret = "another" }, "credentials", "", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, func(c *core.Config) {
				c.Retry = core.RetryConfig{MaxAttempts: 3, BaseDelay: 1, MaxDelay: 1}
				if test.change != nil {
					test.change(c)
				}
			})
			if test.arrange != nil {
				test.arrange(f)
			}
			if _, err := f.client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: f.uid}); err == nil {
				t.Fatal("no error")
			}
			spans := f.ended("Account.ByUID")
			if len(spans) != test.calls {
				t.Errorf("%d spans, want %d", len(spans), test.calls)
			}
			for i, s := range spans {
				a := attributes(s)
				if a["loginradius.outcome"] != test.outcome || s.Status().Code != codes.Error || a["error.type"] == "" || test.error != "" && a["error.type"] != test.error {
					t.Errorf("attempt %d: %v, status %v", i+1, a, s.Status())
				}
				if resend := a["http.request.resend_count"]; i > 0 && resend != fmt.Sprint(i) || i == 0 && resend != "" {
					t.Errorf("attempt %d: resend count %q", i+1, resend)
				}
			}
		})
	}
}

// Nothing that identifies a user or opens a door is in what is exported.
func TestNothingSecretIsExported(t *testing.T) {
	f := newFixture(t, nil)
	ctx, root := f.tracer.Start(t.Context(), "request")
	ctx = core.ContextWithEndUser(ctx, core.EndUser{IP: "192.0.2.77", UserAgent: "agent-77"})
	tokens, err := f.client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.client.Session(ctx, f.token)
	_, _ = f.client.Session(ctx, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
	_, _ = f.client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: f.uid})
	_, _ = f.client.Account.ByEmail(ctx, core.AccountByEmailRequest{Email: "ada@example.com"})
	_, _ = f.client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: "no-such-uid"})
	_, _ = f.client.Do(ctx, core.RawRequest{Method: "GET", Path: "/identity/v2/manage/account/" + f.uid})
	root.End()
	secrets := []string{f.lr.APISecret(), f.lr.APIKey(), f.uid, f.token, tokens.AccessToken, tokens.RefreshToken, "no-such-uid",
		"6ba7b810", "ada", "correct", "192.0.2.77", "agent-77", "apikey", "?"}
	check := func(where, text string) {
		t.Helper()
		for _, s := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
				t.Errorf("%s shows %q in %q", where, s, text)
			}
		}
	}
	if len(f.ended("Do")) != 1 || len(f.ended("Authentication.Profile")) == 0 {
		t.Errorf("%d raw calls, %d profile calls", len(f.ended("Do")), len(f.ended("Authentication.Profile")))
	}
	for _, s := range f.spans.Ended() {
		check("a span's name", s.Name())
		check("a span's status", s.Status().Description)
		for name, value := range attributes(s) {
			check("attribute "+name, value)
		}
		for _, e := range s.Events() {
			check("an event", fmt.Sprint(e))
		}
	}
	for _, m := range collect(t, f.reader) {
		for _, set := range m.sets {
			for _, kv := range set.ToSlice() {
				check("metric "+m.name, kv.Value.String())
			}
		}
	}
}

type collected struct {
	name   string
	unit   string
	sets   []attribute.Set
	values []float64
}

// collect reads all metrics.
func collect(t *testing.T, r sdkmetric.Reader) map[string]collected {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]collected{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			c := collected{name: m.Name, unit: m.Unit}
			switch d := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range d.DataPoints {
					c.sets, c.values = append(c.sets, p.Attributes), append(c.values, float64(p.Count))
				}
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					c.sets, c.values = append(c.sets, p.Attributes), append(c.values, float64(p.Value))
				}
			case metricdata.Gauge[float64]:
				for _, p := range d.DataPoints {
					c.sets, c.values = append(c.sets, p.Attributes), append(c.values, p.Value)
				}
			default:
				t.Errorf("%s is a %T", m.Name, m.Data)
			}
			out[m.Name] = c
		}
	}
	return out
}

func TestStats(t *testing.T) {
	f := newFixture(t, nil)
	stop, err := f.telemetry.ObserveStats(f.client)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.client.Session(t.Context(), f.token); err != nil {
			t.Fatal(err)
		}
	}
	metrics := collect(t, f.reader)
	for name, want := range map[string]float64{"hits": 2, "misses": 1, "size": 1, "evictions": 0} {
		if got := metrics["loginradius.session."+name].values; !slices.Equal(got, []float64{want}) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if got, want := len(metrics)-3, reflect.TypeFor[core.Stats]().NumField(); got != want { // less the histograms
		t.Errorf("%d metrics for %d fields of core.Stats", got, want)
	}
	calls := metrics["http.client.request.duration"]
	total := 0.0
	for i, set := range calls.sets {
		total += calls.values[i]
		if v, ok := set.Value("loginradius.operation"); !ok || !strings.HasPrefix(v.AsString(), "Authentication.") {
			t.Errorf("attributes %v", set.ToSlice())
		}
	}
	if total < 1 || calls.unit != "s" {
		t.Errorf("%v calls were measured, in %q", total, calls.unit)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, ok := collect(t, f.reader)["loginradius.session.hits"]; ok {
		t.Error("stats are exported after they were stopped")
	}
}

func TestUnusableOptions(t *testing.T) {
	for name, o := range map[string]otellr.Option{"nil": nil, "no tracer": otellr.TracerProvider(nil), "no meter": otellr.MeterProvider(nil)} {
		if _, err := otellr.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	telemetry, err := otellr.New() // the global providers
	if err != nil {
		t.Fatal(err)
	}
	if _, err := telemetry.ObserveStats(nil); err == nil {
		t.Error("no client: no error")
	}
}

func TestAnnotateUser(t *testing.T) {
	f := newFixture(t, nil)
	session, err := f.client.Session(t.Context(), f.token)
	if err != nil {
		t.Fatal(err)
	}
	ctx, span := f.tracer.Start(t.Context(), "handler")
	otellr.AnnotateUser(ctx) // no session
	otellr.AnnotateUser(core.ContextWithSession(ctx, session))
	otellr.AnnotateUser(core.ContextWithSession(t.Context(), session)) // no span
	span.End()
	for _, s := range f.spans.Ended() {
		if s.Name() == "handler" && attributes(s)["enduser.id"] != f.uid {
			t.Errorf("attributes %v, want enduser.id %s", attributes(s), f.uid)
		}
	}
}

// A validation is below the request that asked first, and the others link to it.
func TestValidationTrace(t *testing.T) {
	f := newFixture(t, nil)
	f.lr.Inject(emulator.Latency(300 * time.Millisecond))
	const requests = 5
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() {
			ctx, span := f.tracer.Start(t.Context(), fmt.Sprint("request ", i))
			defer span.End()
			if _, err := f.client.Session(ctx, f.token); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := f.client.Close(); err != nil { // the fetch has ended then
		t.Fatal(err)
	}
	var validation sdktrace.ReadOnlySpan
	requestSpans := map[trace.SpanID]sdktrace.ReadOnlySpan{}
	for _, s := range f.spans.Ended() {
		switch {
		case s.Name() == "loginradius.validate" && validation != nil:
			t.Error("more than one validation")
		case s.Name() == "loginradius.validate":
			validation = s
		case strings.HasPrefix(s.Name(), "request "):
			requestSpans[s.SpanContext().SpanID()] = s
		}
	}
	if validation == nil || len(requestSpans) != requests {
		t.Fatalf("validation %v, %d requests", validation, len(requestSpans))
	}
	first, ok := requestSpans[validation.Parent().SpanID()]
	if !ok || attributes(validation)["loginradius.outcome"] != "valid" {
		t.Fatalf("the validation is below %v, with %v", validation.Parent(), attributes(validation))
	}
	for id, s := range requestSpans {
		if id == first.SpanContext().SpanID() {
			if len(s.Links()) != 0 {
				t.Errorf("the request that asked first has links: %v", s.Links())
			}
			continue
		}
		if len(s.Links()) != 1 || s.Links()[0].SpanContext.SpanID() != validation.SpanContext().SpanID() {
			t.Errorf("%s links to %v, not to the validation", s.Name(), s.Links())
		}
	}
	calls := append(f.ended("Authentication.Profile"), f.ended("Authentication.ValidateToken")...)
	if len(calls) != 2 {
		t.Errorf("%d calls", len(calls))
	}
	for _, s := range calls {
		if s.Parent().SpanID() != validation.SpanContext().SpanID() || s.SpanContext().TraceID() != first.SpanContext().TraceID() {
			t.Errorf("%s is not below the validation", s.Name())
		}
	}
	metrics := collect(t, f.reader)
	for _, name := range []string{"loginradius.session.fetch.duration", "loginradius.session.fetch.wait"} {
		if m := metrics[name]; !slices.Equal(m.values, []float64{1}) || m.unit != "s" {
			t.Errorf("%s: %v in %q", name, m.values, m.unit)
		}
	}
}

// A revocation is measured until the shared store has it, even if that failed at first, and
// the use of refresh tokens is counted.
func TestRevocationsAndRotations(t *testing.T) {
	store := sharedtest.NewMemory()
	f := newFixture(t, func(c *core.Config) { c.Shared = store })
	stop, err := f.telemetry.ObserveStats(f.client)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stop() }()
	_, refresh, err := f.lr.IssueTokens(f.uid)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // once: the second one gets what the first one got
		if _, err := f.client.Rotate(t.Context(), refresh); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.client.Rotate(t.Context(), "6ba7b810-9dad-11d1-80b4-00c04fd430c8"); err == nil {
		t.Fatal("an unknown refresh token was taken")
	}
	delay := func() collected { return collect(t, f.reader)["loginradius.session.revocation.delay"] }
	if m := delay(); len(m.values) != 0 {
		t.Errorf("a delay before any revocation: %v", m.values)
	}
	f.client.Forget(f.token)
	if m := delay(); !slices.Equal(m.values, []float64{1}) || m.unit != "s" {
		t.Errorf("%v delays in %q after a revocation", m.values, m.unit)
	}
	store.Fail(errors.New("down"))
	f.client.ForgetUser(f.uid)
	before := delay().values
	store.Fail(nil)
	for wait := time.Now().Add(10 * time.Second); slices.Equal(delay().values, before); {
		if time.Now().After(wait) {
			t.Fatal("a revocation that was announced late is not measured")
		}
		time.Sleep(10 * time.Millisecond)
	}
	metrics := collect(t, f.reader)
	for name, want := range map[string]float64{"rotations": 1, "rotations_failed": 1} {
		if got := metrics["loginradius.session."+name].values; !slices.Equal(got, []float64{want}) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}
