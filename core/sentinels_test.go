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
	kinds := map[error]error{
		core.ErrPrivacyPolicy: core.ErrNotAllowed, core.ErrConsentRequired: core.ErrNotAllowed, core.ErrPINRequired: core.ErrNotAllowed,
		core.ErrFeatureDisabled: core.ErrNotAllowed,
	}
	table := map[error][]int{
		core.ErrInvalidToken: {905, 906, 1055, 2024}, core.ErrInvalidRefreshToken: {1217}, core.ErrInvalidRequestToken: {903, 904},
		core.ErrAPICredentials: {901, 902, 909, 920, 921, 922, 923, 942, 1048, 1049, 1143, 1144, 1206, 1207, 1208, 1209, 1210, 1211, 1212},
		core.ErrInvalidLink:    {973, 974, 975, 979, 1062, 1063, 1119, 1140, 1229, 1230, 1239, 1240, 1242}, core.ErrInvalidOTP: {1067, 1068, 1069, 1070, 1102, 1129, 1185, 1186, 1187, 1188},
		core.ErrInvalidCredentials: {966, 967, 1091, 1093, 1094, 1205, 1236, 1241, 1321, 1332, 1409}, core.ErrUserNotFound: {937, 938, 984, 1022, 1023, 1039, 1043},
		core.ErrEmailNotVerified: {970}, core.ErrPhoneNotVerified: {1066},
		core.ErrEmailTaken: {936, 988, 1027, 1030, 1033, 1046}, core.ErrUsernameTaken: {1017}, core.ErrPhoneTaken: {1058, 1106}, core.ErrAlreadyVerified: {1025, 1073, 1126},
		core.ErrAccountBlocked: {991, 1130, 1164, 1220}, core.ErrAccountLocked: {1132, 1148, 1198, 1263, 1264}, core.ErrMFARequired: {1176}, core.ErrPasswordExpired: {1316, 1317},
		core.ErrPasswordRejected: {1015, 1216, 1315}, core.ErrValidation: {968, 990, 993, 1024, 1035, 1038, 1096, 1134, 1200, 1201, 1202, 1203, 1204, 1260},
		core.ErrNotAllowed:      {1034, 1051, 1056, 1121, 1163, 1174, 1190, 1223, 1247, 1248, 1249, 1250, 1258, 1338},
		core.ErrFeatureDisabled: {999, 1054, 1059, 1074, 1095, 1097, 1135, 1146, 1191, 1227, 1237, 1244, 1256, 1257, 1277, 1279, 1280, 1286, 1299, 1320, 1326, 1327, 1330},
		core.ErrPrivacyPolicy:   {1194, 1196}, core.ErrConsentRequired: {1225, 1226}, core.ErrPINRequired: {1234, 1243}, core.ErrRiskCheck: {1165, 1166, 1167},
		core.ErrMFATokenExpired: {1103, 1104}, core.ErrStepUpInvalid: {1193}, core.ErrSessionTokenExpired: {1245, 1246},
		core.ErrPending: {1139, 1295}, core.ErrDenied: {1278, 1312}, core.ErrAlreadyUsed: {1127, 1137, 1138, 1145, 1221, 1222, 1311},
		core.ErrCaptcha: {982, 1218}, core.ErrNotEnrolled: {1092, 1098, 1099, 1101, 1128, 1233, 1235, 1259, 1323, 1328, 1334, 1313},
		core.ErrNotFound: {995, 1001, 1057, 1064, 1133, 1142, 1195, 1228, 1325, 7986}, core.ErrConflict: {983, 986, 1044, 1110, 1136, 1175, 7989},
		core.ErrRoleNotFound: {1047}, core.ErrProviderFailed: {1000, 1215}, core.ErrRateLimited: {1122, 1123, 1149, 1178, 1179}, core.ErrUnavailable: {950},
	}
	for want, codes := range table {
		for _, code := range codes {
			c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				return respond(403, fmt.Sprintf(`{"ErrorCode":%d}`, code), nil), nil
			})}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
			for s := range table {
				if errors.Is(err, s) != (s == want || s == kinds[want]) { //nolint:errorlint // identity is meant
					t.Errorf("%d is %v: %v", code, s, errors.Is(err, s))
				}
			}
			_ = c.Close()
		}
	}
}
