// Package otellr shows what a client does in OpenTelemetry traces and metrics:
//
//	telemetry, err := otellr.New()
//	if err != nil {
//		return err
//	}
//	client, err := core.New(core.Config{…, Observer: telemetry})
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	stop, err := telemetry.ObserveStats(client)
//
// # Traces
//
// Every request to LoginRadius is a client span, named and described by the semantic
// conventions for HTTP, in the trace of the request that caused it. A validation that
// several requests wait for is a span below the first of them, and the spans of the
// others link to it.
//
// # Metrics
//
// http.client.request.duration is a histogram in seconds of the requests to
// LoginRadius, with the attributes of the semantic conventions, loginradius.operation
// (such as Authentication.Profile) and loginradius.outcome: ok, refused, credentials,
// limited, unavailable or canceled.
//
// loginradius.session.fetch.duration and loginradius.session.fetch.wait are histograms in
// seconds of validations, and of the part in which they wait for their turn, with
// loginradius.outcome: valid, refused, undecided, unavailable (LoginRadius failed) or
// overloaded (our own limit).
//
// loginradius.session.revocation.delay is a histogram in seconds of the time from a
// revocation in this process until the shared store has it for the other replicas.
//
// [Telemetry.ObserveStats] exports every field of [core.Stats] as
// loginradius.session.NAME: counters of requests that were answered from memory, asked
// for, refused and so on, and gauges of the state of the cache and its queue.
//
// No attribute holds a token, key, address, user or other input. [AnnotateUser] adds
// the id of the user to a span, if the application calls it.
//
// The folder has a Grafana dashboard (dashboard.json) and Prometheus alert rules
// (alerts.yml) for these metrics, with the names that the OpenTelemetry exporter for
// Prometheus gives them. dashboard.svg shows the dashboard's queries over a test run; it is
// drawn by a test, not by Grafana.
package otellr

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/loginradius-contrib/go-middleware/core"
)

const scope = "github.com/loginradius-contrib/go-middleware/core/otellr"

// Attributes of our own, beside those of the semantic conventions.
const (
	operationKey = attribute.Key("loginradius.operation")
	outcomeKey   = attribute.Key("loginradius.outcome")
	codeKey      = attribute.Key("loginradius.error_code")
)

// buckets are those that the semantic conventions advise for HTTP durations.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

// Telemetry is a [core.Observer]. It is safe for concurrent use and may serve several
// clients.
type Telemetry struct {
	tracer   trace.Tracer
	meter    metric.Meter
	duration metric.Float64Histogram
	fetch    metric.Float64Histogram
	wait     metric.Float64Histogram
	announce metric.Float64Histogram
}

var _ core.Observer = (*Telemetry)(nil)

type providers struct {
	tracer trace.TracerProvider
	meter  metric.MeterProvider
}

// An Option changes where telemetry goes.
type Option func(*providers)

// TracerProvider sets where traces go. Default: the global provider of package otel.
func TracerProvider(p trace.TracerProvider) Option { return func(c *providers) { c.tracer = p } }

// MeterProvider sets where metrics go. Default: the global provider of package otel.
func MeterProvider(p metric.MeterProvider) Option { return func(c *providers) { c.meter = p } }

// New returns telemetry to put into [core.Config]. The error says which option is
// unusable or which instrument the meter refused.
func New(opts ...Option) (*Telemetry, error) {
	c := providers{otel.GetTracerProvider(), otel.GetMeterProvider()}
	for _, o := range opts {
		if o == nil {
			return nil, errors.New("otellr: an option is nil")
		}
		o(&c)
	}
	if c.tracer == nil || c.meter == nil {
		return nil, errors.New("otellr: the provider is nil")
	}
	t := &Telemetry{
		tracer: c.tracer.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		meter:  c.meter.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL)),
	}
	var err error
	name := httpconv.ClientRequestDuration{}
	for _, h := range []struct {
		into                    *metric.Float64Histogram
		name, unit, description string
	}{
		{&t.duration, name.Name(), name.Unit(), name.Description()},
		{&t.fetch, "loginradius.session.fetch.duration", "s", "Time to validate a token by LoginRadius, with the wait for its turn."},
		{&t.wait, "loginradius.session.fetch.wait", "s", "Time that a validation waits for its turn because of UpstreamRate."},
		{&t.announce, "loginradius.session.revocation.delay", "s", "Time from a revocation in this process until the shared store has it."},
	} {
		*h.into, err = t.meter.Float64Histogram(h.name, metric.WithUnit(h.unit),
			metric.WithDescription(h.description), metric.WithExplicitBucketBoundaries(buckets...))
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// StartCall implements [core.Observer].
func (t *Telemetry) StartCall(ctx context.Context, call core.ObservedCall) (context.Context, func(core.CallOutcome)) {
	common := callAttributes(call)
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(common...), trace.WithAttributes(semconv.URLFull(call.URL + call.Path))}
	name := call.Method
	if call.Path != "" {
		name += " " + call.Path
		options = append(options, trace.WithAttributes(semconv.URLTemplate(call.Path)))
	}
	if call.Attempt > 1 {
		options = append(options, trace.WithAttributes(semconv.HTTPRequestResendCount(call.Attempt-1)))
	}
	ctx, span := t.tracer.Start(ctx, name, options...)
	start := time.Now()
	return ctx, func(out core.CallOutcome) {
		took := time.Since(start).Seconds()
		ended := append(common, outcomeKey.String(string(out.Kind))) //nolint:gocritic // common is not used again
		if out.HTTPStatus != 0 {
			ended = append(ended, semconv.HTTPResponseStatusCode(out.HTTPStatus))
		}
		if out.Kind != core.CallOK {
			ended = append(ended, semconv.ErrorTypeKey.String(errorType(out)))
		}
		t.duration.Record(ctx, took, metric.WithAttributes(ended...))
		if out.Code != 0 {
			ended = append(ended, codeKey.Int(int(out.Code)))
		}
		span.SetAttributes(ended...)
		if out.Kind != core.CallOK {
			span.SetStatus(codes.Error, string(out.Kind))
		}
		span.End()
	}
}

// StartFetch implements [core.Observer].
func (t *Telemetry) StartFetch(ctx context.Context) (context.Context, func(core.FetchOutcome)) {
	ctx, span := t.tracer.Start(ctx, "loginradius.validate")
	start := time.Now()
	return ctx, func(out core.FetchOutcome) {
		outcome := outcomeKey.String(string(out.Kind))
		t.fetch.Record(ctx, time.Since(start).Seconds(), metric.WithAttributes(outcome))
		t.wait.Record(ctx, out.Waited.Seconds(), metric.WithAttributes(outcome))
		span.SetAttributes(outcome)
		if out.Kind == core.FetchUnavailable || out.Kind == core.FetchOverloaded {
			span.SetStatus(codes.Error, string(out.Kind))
		}
		span.End()
	}
}

// JoinFetch implements [core.Observer]. It links the span of the request to that of the
// fetch.
func (t *Telemetry) JoinFetch(ctx, fetch context.Context) {
	if to := trace.SpanContextFromContext(fetch); to.IsValid() {
		trace.SpanFromContext(ctx).AddLink(trace.Link{SpanContext: to})
	}
}

// Announced implements [core.Observer].
func (t *Telemetry) Announced(delay time.Duration) {
	t.announce.Record(context.Background(), delay.Seconds())
}

// callAttributes are those that both span and metric have.
func callAttributes(call core.ObservedCall) []attribute.KeyValue {
	attrs := []attribute.KeyValue{operationKey.String(call.Operation), semconv.HTTPRequestMethodKey.String(call.Method)}
	u, err := url.Parse(call.URL)
	if err != nil {
		return attrs
	}
	port := 443
	if u.Scheme == "http" {
		port = 80
	}
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	return append(attrs, semconv.ServerAddress(u.Hostname()), semconv.ServerPort(port))
}

// errorType is the HTTP status, as the conventions want it, or the kind.
func errorType(out core.CallOutcome) string {
	if out.HTTPStatus >= 400 {
		return strconv.Itoa(out.HTTPStatus)
	}
	return string(out.Kind)
}

// AnnotateUser sets the attribute enduser.id of the span in ctx to the id of the account
// that is logged in, if there are both. Call it in handlers if their traces may hold that.
func AnnotateUser(ctx context.Context) {
	if s := core.SessionFromContext(ctx); s != nil {
		trace.SpanFromContext(ctx).SetAttributes(semconv.EnduserID(s.UID()))
	}
}
