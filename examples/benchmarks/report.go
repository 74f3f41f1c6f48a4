package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// A report prints results beside their targets and counts the misses.
type report struct{ missed, judged int }

// judge returns a mark for a result.
func (r *report) judge(met bool) string {
	r.judged++
	if met {
		return "met"
	}
	r.missed++
	return "**missed**"
}

func run(sessions int) error {
	f, err := newFixture()
	if err != nil {
		return err
	}
	defer f.client.Close()
	fmt.Printf("%s, %d cores, %s/%s, %s\n\n", cpuModel(), cores(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	r := &report{}
	for _, part := range []func(*report) error{f.reportFrameworks, f.reportHits, f.reportJWT, reportMiss, f.reportBothCores, func(r *report) error { return reportMemory(r, sessions) }} {
		if err := part(r); err != nil {
			return err
		}
	}
	fmt.Printf("\n%d of %d targets met.\n", r.judged-r.missed, r.judged)
	if r.missed > 0 {
		return fmt.Errorf("%d of %d targets missed", r.missed, r.judged)
	}
	return nil
}

func (f *fixture) reportFrameworks(r *report) error {
	frameworks, err := f.frameworks()
	if err != nil {
		return err
	}
	fmt.Println("Cost added to the bare handler by a cached request:")
	fmt.Println()
	fmt.Println("| | allocations (the sketch's) | of the sketch's cost | a JWT middleware (HS256) costs | for information |")
	fmt.Println("|---|---|---|---|---|")
	for _, fw := range frameworks {
		var sides []func(int) error
		for _, a := range fw.apps {
			sides = append(sides, a.run)
		}
		costs, err := measure(sides...)
		if err != nil {
			return err
		}
		ours, sketch := costs[1], costs[2]
		var rivals []string
		slowEnough := true
		for i, a := range fw.apps[3:] {
			times := costs[3+i].nanoseconds / ours.nanoseconds
			rivals = append(rivals, fmt.Sprintf("%s %.0f×", a.name, times))
			slowEnough = slowEnough && times >= fw.limits.rivals
		}
		ratio := ours.nanoseconds / sketch.nanoseconds
		fmt.Printf("| %s | %.0f (%.0f), at most %.0f: %s | %.2f×, at most %.1f×: %s | %s, at least %.0f×: %s | %.0f ns, the sketch %.0f ns |\n", fw.name,
			ours.allocs, sketch.allocs, fw.limits.allocs, r.judge(ours.allocs < fw.limits.allocs+0.5),
			ratio, fw.limits.sketch, r.judge(ratio <= fw.limits.sketch),
			strings.Join(rivals, ", "), fw.limits.rivals, r.judge(slowEnough),
			ours.nanoseconds, sketch.nanoseconds)
	}
	fmt.Println()
	fmt.Println("| | | target | |")
	fmt.Println("|---|---|---|---|")
	return nil
}

func (r *report) row(what, got, target string, met bool) {
	fmt.Printf("| %s | %s | %s | %s |\n", what, got, target, r.judge(met))
}

func (f *fixture) reportHits(r *report) error {
	c, err := f.hits()
	if err != nil {
		return err
	}
	r.row("`client.Session`, a hit: allocations", fmt.Sprintf("%.0f", c.session.allocs), "0", c.session.allocs < 0.5)
	ratio := c.session.nanoseconds / c.sketch.nanoseconds
	r.row("its cost, of the sketch's for a net/http request", fmt.Sprintf("%.2f× (%.2f× of the sketch's lookup alone; %.0f ns)",
		ratio, c.session.nanoseconds/c.lookup.nanoseconds, c.session.nanoseconds), "under 0.5×", ratio < 0.5)
	return nil
}

func reportMiss(r *report) error {
	times, err := miss()
	if err != nil {
		return err
	}
	r.row(fmt.Sprintf("a miss, with calls of %v and %v", validateTakes, profileTakes), fmt.Sprintf("%.2f times the slower call", times), "at most 1.2", times <= 1.2)
	return nil
}

// bothCoresRounds spreads what takes the whole machine over the run: others on the same
// hardware have their spells, and where a process happens to lie in memory makes some
// percent.
const bothCoresRounds = 5

// nearSessions are as many as the caches of one core hold: with more in turn, cores
// share the machine's memory and not only what is measured.
const nearSessions = 1000

func (f *fixture) reportBothCores(r *report) error {
	loads := map[string]*load{}
	var near, far []float64
	for range bothCoresRounds {
		if err := f.underLoad(loads); err != nil {
			return err
		}
		if cores() < 2 {
			continue
		}
		for sessions, ratios := range map[int]*[]float64{nearSessions: &near, cached: &far} {
			more, err := f.scaling(sessions)
			if err != nil {
				return err
			}
			*ratios = append(*ratios, more...)
		}
	}
	if cores() < 2 {
		fmt.Println("| hits of two cores | not measured: there is one | at least 1.8 times one core's | |")
	} else {
		times := middle(near)
		r.row("hits of two cores", fmt.Sprintf("%.2f times one core's (%.2f with %d sessions in turn, too many for the caches of a core)", times, middle(far), cached), "at least 1.8", times >= 1.8)
	}
	for _, name := range []string{"net/http", "gin", "echo v4", "echo v5", "fiber v2", "fiber v3"} {
		l := loads[name]
		r.row("requests/s of a whole "+name+" server with RequireLogin", fmt.Sprintf("%.1f %% of the bare one's (%.0f and %.0f)", 100*l.ratio(), median(l.Guarded), median(l.Bare)), "at least 95 %", l.ratio() >= 0.95)
	}
	return nil
}

func reportMemory(r *report, sessions int) error {
	m, err := fillElsewhere(sessions)
	if err != nil {
		return err
	}
	const gib = 1 << 30
	r.row("a cached session, of a profile of 119 keys", fmt.Sprintf("%d bytes", m.PerSession), "at most 2048", m.PerSession <= 2048)
	r.row(fmt.Sprintf("a cache filled with %d sessions", m.Sessions), fmt.Sprintf("%.2f GiB live, the process at most %.2f GiB", float64(m.PerSession)*float64(m.Sessions)/gib, float64(m.Peak)/gib),
		"a million in under 2.5 GiB", float64(m.Peak) < 2.5*gib)
	return nil
}

// cpuModel names the machine as the system does.
func cpuModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unnamed processor"
}
