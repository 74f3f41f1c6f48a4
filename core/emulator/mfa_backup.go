package emulator

import (
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// backupCodes is how many an account gets at a time.
const backupCodes = 10

// makeBackupCodes works once; the codes are kept as hashes, so it cannot show them
// again.
func (m *mfa) makeBackupCodes(c *call, a *account) (int, any) {
	if a.mfa.backupMade {
		return fail(c, core.CodeBackupCodeAlreadyGenerated)
	}
	return m.resetBackupCodes(c, a)
}

func (m *mfa) resetBackupCodes(c *call, a *account) (int, any) {
	switch {
	case !m.allows(FactorBackupCode):
		return fail(c, core.CodeMFANotEnabled)
	case m.enrolled(a) == 0:
		return fail(c, core.CodeMFANotConfigured)
	}
	list := make([]any, backupCodes)
	a.mfa.backup, a.mfa.backupMade, a.modified = map[answerHash]bool{}, true, m.now()
	for i := range list {
		id := newID()
		code := id[:5] + "-" + id[5:10]
		list[i] = code
		a.mfa.backup[hashAnswer(code)] = true
	}
	return http.StatusOK, map[string]any{"BackUpCodes": list}
}

// takeBackupCode uses a code up; calls hold the lock, so that of two at once one wins.
func (m *mfa) takeBackupCode(a *account, code string) core.ErrorCode {
	if m.opt.mfa.normalizeCode {
		if code = strings.ToLower(code); !strings.Contains(code, "-") && len(code) == 10 {
			code = code[:5] + "-" + code[5:]
		}
	}
	// hashAnswer folds case and space, which is left to the option above.
	exact := code == strings.ToLower(strings.TrimSpace(code))
	switch hash := hashAnswer(code); {
	case !a.mfa.backupMade:
		return codeBackupNone
	case !exact || !a.mfa.backup[hash]:
		return codeBackupWrong
	default:
		delete(a.mfa.backup, hash)
	}
	return 0
}

func (m *mfa) loginByBackupCode(c *call, a *account, ch *challenge) (int, any) {
	switch {
	case c.text("backupcode") == "":
		return missing("backupcode").answer(c)
	case !m.allows(FactorBackupCode):
		return fail(c, core.CodeMFANotEnabled)
	}
	switch code := m.takeBackupCode(a, c.text("backupcode")); code {
	case 0:
		return m.complete(c, a, ch)
	case codeBackupNone:
		return fail(c, code)
	default:
		return m.wrong(c, a, ch, code)
	}
}
