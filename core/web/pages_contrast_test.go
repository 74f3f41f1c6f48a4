package web

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The colours of both themes, and black on white for print, have the contrast that WCAG 2.2
// asks for: 4.5 for text, 3 for the edges of fields.
func TestContrast(t *testing.T) {
	raw, err := pageFiles.ReadFile("pages/pages.css")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	light := map[string]string{}
	checked := 0
	for _, block := range strings.Split(string(raw), ":root {")[1:] {
		block, _, _ = strings.Cut(block, "}")
		colours := map[string]string{}
		maps.Copy(colours, light)
		for _, m := range variable.FindAllStringSubmatch(block, -1) {
			colours[m[1]] = m[2]
			if checked == 0 {
				light[m[1]] = m[2]
			}
		}
		checked++
		for _, pair := range []struct {
			ink, ground string
			least       float64
		}{
			{"ink", "paper", 4.5}, {"ink", "ground", 4.5}, {"quiet", "paper", 4.5}, {"quiet", "ground", 4.5}, {"accent", "paper", 4.5}, {"accent-ink", "accent", 4.5},
			{"bad", "paper", 4.5}, {"bad", "bad-ground", 4.5}, {"ink", "bad-ground", 4.5}, {"ink", "good-ground", 4.5}, {"edge", "paper", 3}, {"bad", "paper", 3},
		} {
			if got := contrast(t, colours[pair.ink], colours[pair.ground]); got < pair.least {
				t.Errorf("block %d: %s on %s has a contrast of %.2f, want %.1f", checked, pair.ink, pair.ground, got, pair.least)
			}
		}
	}
	if checked != 3 {
		t.Errorf("%d blocks of colours, want light, dark and print", checked)
	}
}

// contrast is the ratio of WCAG 2.2 for two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) (sum float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			if len(colour) != 7 {
				t.Fatalf("%q is not a colour", colour)
			}
			n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// A first visit loads little: style, script and icon together, without compression.
func TestWeightOfThePages(t *testing.T) {
	total := 0
	for _, name := range []string{"pages.css", "pages.js", "pages.svg"} {
		raw, err := pageFiles.ReadFile("pages/" + name)
		if err != nil {
			t.Fatal(err)
		}
		total += len(raw)
	}
	if total > 20_000 {
		t.Errorf("the files of a page have %d bytes, want 20,000 at most", total)
	}
}
