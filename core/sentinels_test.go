package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Every error code that a caller acts on stands for one thing to do about it.
func TestSentinels(t *testing.T) {
	all := []error{
		core.ErrUnavailable, core.ErrAPICredentials, core.ErrRateLimited, core.ErrInvalidToken, core.ErrInvalidRefreshToken, core.ErrInvalidLink,
		core.ErrInvalidOTP, core.ErrInvalidRequestToken, core.ErrInvalidCredentials, core.ErrUserNotFound, core.ErrEmailNotVerified, core.ErrPhoneNotVerified,
		core.ErrEmailTaken, core.ErrUsernameTaken, core.ErrPhoneTaken, core.ErrAlreadyVerified, core.ErrAccountBlocked, core.ErrAccountLocked, core.ErrMFARequired,
		core.ErrPasswordExpired, core.ErrPasswordRejected, core.ErrValidation, core.ErrNotAllowed, core.ErrRoleNotFound, core.ErrProviderFailed,
	}
	for want, codes := range map[error][]int{
		core.ErrInvalidToken: {905, 906, 1055, 1409, 2024}, core.ErrInvalidRefreshToken: {1217}, core.ErrInvalidRequestToken: {903, 904},
		core.ErrAPICredentials: {901, 902, 909, 920, 921, 922, 923, 942, 1048, 1049, 1143, 1144, 1206, 1207, 1208, 1209, 1210, 1211, 1212},
		core.ErrInvalidLink:    {973, 974, 975, 979, 1062, 1063, 1119, 1242}, core.ErrInvalidOTP: {1067, 1068, 1069, 1070, 1102, 1185, 1186, 1187, 1188},
		core.ErrInvalidCredentials: {966, 967, 1205}, core.ErrUserNotFound: {937, 938, 984, 1022, 1023, 1039, 1043}, core.ErrEmailNotVerified: {970}, core.ErrPhoneNotVerified: {1066},
		core.ErrEmailTaken: {936, 988, 1027, 1030, 1033, 1046}, core.ErrUsernameTaken: {1017}, core.ErrPhoneTaken: {1058, 1106}, core.ErrAlreadyVerified: {1025, 1073, 1126},
		core.ErrAccountBlocked: {991, 1130, 1164, 1220}, core.ErrAccountLocked: {1132, 1148, 1198, 1264}, core.ErrMFARequired: {1176}, core.ErrPasswordExpired: {1316, 1317},
		core.ErrPasswordRejected: {1015, 1216, 1315}, core.ErrValidation: {968, 990, 993, 1024, 1038, 1096, 1134, 1201, 1202, 1203, 1204},
		core.ErrNotAllowed: {1034, 1051, 1056, 1059, 1074, 1163, 1174, 1190, 1194, 1223, 1226, 1237, 1247, 1249, 1286, 1338}, core.ErrRoleNotFound: {1047},
		core.ErrProviderFailed: {1000, 1215}, core.ErrRateLimited: {1122, 1123, 1149, 1178, 1179}, core.ErrUnavailable: {950},
	} {
		for _, code := range codes {
			c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				return respond(403, fmt.Sprintf(`{"ErrorCode":%d}`, code), nil), nil
			})}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
			for _, s := range all {
				if errors.Is(err, s) != (errors.Is(s, want)) {
					t.Errorf("%d is %v: %v", code, s, errors.Is(err, s))
				}
			}
			_ = c.Close()
		}
	}
}
