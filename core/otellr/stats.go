package otellr

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"
	"unicode"

	"go.opentelemetry.io/otel/metric"

	"github.com/loginradius-contrib/go-middleware/core"
)

// statsPrefix is in front of the name of every field of core.Stats.
const statsPrefix = "loginradius.session."

// ObserveStats exports every field of [core.Stats] whenever metrics are collected:
// counters such as loginradius.session.hits, and gauges such as
// loginradius.session.size; a field that is true or false is a gauge of 1 or 0, a
// duration one in seconds. stop ends that; call it before or after the client's Close.
func (t *Telemetry) ObserveStats(client *core.Client) (stop func() error, err error) {
	if client == nil {
		return nil, errors.New("otellr: the client is nil")
	}
	var all []metric.Observable
	var each []func(metric.Observer, reflect.Value)
	for field := range reflect.TypeFor[core.Stats]().Fields() {
		name := statsPrefix + snakeCase(field.Name)
		switch field.Type.Kind() { //nolint:exhaustive // others have no metric, which the test notices
		case reflect.Uint64:
			counter, err := t.meter.Int64ObservableCounter(name, metric.WithDescription("Field "+field.Name+" of core.Stats."))
			if err != nil {
				return nil, err
			}
			all = append(all, counter)
			each = append(each, func(o metric.Observer, v reflect.Value) { o.ObserveInt64(counter, int64(v.Uint())) }) //nolint:gosec // a count
		case reflect.Int, reflect.Int64, reflect.Bool:
			options := []metric.Float64ObservableGaugeOption{metric.WithDescription("Field " + field.Name + " of core.Stats.")}
			if field.Type == reflect.TypeFor[time.Duration]() {
				options = append(options, metric.WithUnit("s"))
			}
			gauge, err := t.meter.Float64ObservableGauge(name, options...)
			if err != nil {
				return nil, err
			}
			all = append(all, gauge)
			each = append(each, func(o metric.Observer, v reflect.Value) { o.ObserveFloat64(gauge, number(v)) })
		default:
			return nil, errors.New("otellr: core.Stats." + field.Name + " has a type that no metric has")
		}
	}
	registration, err := t.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		stats := reflect.ValueOf(client.Stats())
		for i, observe := range each {
			observe(o, stats.Field(i))
		}
		return nil
	}, all...)
	if err != nil {
		return nil, err
	}
	return registration.Unregister, nil
}

func number(v reflect.Value) float64 {
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		return time.Duration(v.Int()).Seconds()
	case v.Kind() == reflect.Bool && v.Bool():
		return 1
	case v.Kind() == reflect.Bool:
		return 0
	}
	return float64(v.Int())
}

// snakeCase turns StaleServed into stale_served.
func snakeCase(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
