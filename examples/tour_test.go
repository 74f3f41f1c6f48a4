package examples_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// tourStep is some commands of the tour and what the last of them prints.
type tourStep struct{ commands, prints string }

// tour returns the steps of README's five minutes. A line that begins with "#> " is what
// the command before it prints.
func tour(t *testing.T) (steps []tourStep) {
	t.Helper()
	_, section, _ := strings.Cut(readme(t), "## Five minutes")
	block := regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindStringSubmatch(section)
	if block == nil {
		t.Fatal("README has no tour")
	}
	var commands strings.Builder
	for line := range strings.Lines(block[1]) {
		if prints, ok := strings.CutPrefix(line, "#> "); ok {
			steps = append(steps, tourStep{commands.String(), strings.TrimSpace(prints)})
			commands.Reset()
			continue
		}
		commands.WriteString(line)
	}
	if strings.TrimSpace(commands.String()) != "" {
		t.Errorf("the tour ends without saying what it prints:\n%s", commands.String())
	}
	return steps
}

// matches reports whether a text is the wanted one, in which "…" stands for anything.
func matches(text, want string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*")
	return regexp.MustCompile("(?s)^" + pattern + "$").MatchString(text)
}

// README's tour runs as it stands, against the gin example on a free port.
func TestTour(t *testing.T) {
	const end = "--- end of step ---"
	a := start(t, "gin")
	steps := tour(t)
	if len(steps) < 5 {
		t.Fatalf("the tour has only %d steps", len(steps))
	}
	var script strings.Builder
	for _, s := range steps {
		script.WriteString(s.commands + "echo '" + end + "'\n")
	}
	const address = "site=http://127.0.0.1:8080\n"
	if !strings.Contains(script.String(), address) {
		t.Fatalf("the tour does not begin with %s", address)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eu")
	cmd.Stdin = strings.NewReader(strings.Replace(script.String(), address, "site="+a.url+"\n", 1))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	printed := strings.Split(string(out), end)
	for i, s := range steps {
		if got := strings.TrimSpace(printed[i]); !matches(got, s.prints) {
			t.Errorf("%sprints %s\nREADME says %s", s.commands, got, s.prints)
		}
	}
	if matches(`{"status":401}`, `{"status":403…}`) {
		t.Error("another status matches: this test shows nothing")
	}
}
