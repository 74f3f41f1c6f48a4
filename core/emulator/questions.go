package emulator

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Question is a security question that the site lets its users answer.
type Question struct{ ID, Text string }

// WithSecurityQuestions sets the site's security questions. Without any, the
// operations that need them fail (1095). Default: two questions.
func WithSecurityQuestions(questions ...Question) Option {
	return func(o *options) { o.questions = questions }
}

// defaultQuestions have made-up ids.
func defaultQuestions() []Question {
	return []Question{
		{"cb7c7e0a1f2b4d3c9a8e5f6071829304", "What was the name of your first pet?"},
		{"0a67bd7ff343fda2b1c94e08fe9a5c16", "What is your middle name?"},
	}
}

// answers are a user's answers to security questions: hashes by question id.
type answers map[string]answerHash

type answerHash [sha256.Size]byte

// hashAnswer folds case and outer space, which users do not remember.
func hashAnswer(answer string) answerHash {
	return sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(answer))))
}

// readAnswers takes answers from a body value: a map by question id, or a list of
// objects with QuestionId and Answer.
func (e *Emulator) readAnswers(v any) (answers, *problem) {
	given := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		given = v
	case []any:
		for _, item := range v {
			m := fold(item)
			id, _ := m["questionid"].(string)
			given[id] = m["answer"]
		}
	}
	out := answers{}
	for id, v := range given {
		answer, _ := v.(string)
		if !e.asks(id) {
			return nil, refuse(core.CodeSecurityQuestionInvalid)
		}
		if strings.TrimSpace(answer) == "" {
			return nil, refuse(core.CodeSecurityAnswerIncorrect)
		}
		out[id] = hashAnswer(answer)
	}
	return out, nil
}

// asks reports whether the site has a question.
func (e *Emulator) asks(id string) bool {
	return slices.ContainsFunc(e.opt.questions, func(q Question) bool { return q.ID == id })
}

// checkAnswers compares the answers in a body value with those of the account. It
// wants at least as many as least, and none that is wrong; a wrong one counts
// against the lock.
func (e *Emulator) checkAnswers(a *account, v any, least int) *problem {
	given, p := e.readAnswers(v)
	switch {
	case len(e.opt.questions) == 0:
		return refuse(core.CodeSecurityQuestionAnswerNotEnabled)
	case len(a.answers) == 0:
		return refuse(core.CodeSecurityQuestionAnswerNotSavedProfile)
	case p != nil:
		return p
	case len(given) < max(least, 1):
		return refuse(core.CodeSecurityAnswerQuestionIncorrect)
	}
	for id, hash := range given {
		if have, ok := a.answers[id]; !ok || have != hash {
			e.countFailure(a)
			return refuse(core.CodeSecurityAnswerIncorrect)
		}
	}
	return nil
}

// questionList shows questions as the API does. Those that the account has answered,
// or all of the site for a nil account.
func (e *Emulator) questionList(a *account) []any {
	list := []any{}
	for _, q := range e.opt.questions {
		if a != nil {
			if _, answered := a.answers[q.ID]; !answered {
				continue
			}
		}
		list = append(list, map[string]any{"QuestionId": q.ID, "Question": q.Text})
	}
	return list
}

// seedAnswers stores answers that a test gives; unknown questions become the site's.
func (e *Emulator) seedAnswers(a *account, given map[string]string) {
	a.answers = answers{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !e.asks(id) {
			e.opt.questions = append(slices.Clone(e.opt.questions), Question{id, "Question " + id})
		}
		a.answers[id] = hashAnswer(given[id])
	}
}
