package core

import "strconv"

// An ErrorCode is the number by which LoginRadius names a failure. Decide on
// the code, never on the HTTP status: the same 403 means an expired token, a
// wrong key, a locked account and a firewall. Codes that are not listed here
// are legal: LoginRadius adds new ones. Zero means that there is no code.
type ErrorCode int

// The published error codes, named after what they mean.
const (
	CodeAPIKeyUnauthorized                       ErrorCode = 901
	CodeAPISecretUnauthorized                    ErrorCode = 902
	CodeRequestTokenInvalid                      ErrorCode = 903
	CodeRequestTokenExpired                      ErrorCode = 904
	CodeAccessTokenInvalid                       ErrorCode = 905
	CodeAccessTokenExpired                       ErrorCode = 906
	CodeParameterInvalid                         ErrorCode = 908
	CodeEndpointNotPermitted                     ErrorCode = 909
	CodeEndpointNotSupportedByProvider           ErrorCode = 910
	CodeAPIKeyInvalid                            ErrorCode = 920
	CodeAPISecretInvalid                         ErrorCode = 921
	CodeAPIKeyMissing                            ErrorCode = 922
	CodeAPISecretMissing                         ErrorCode = 923
	CodeDateRangeInvalid                         ErrorCode = 925
	CodeDateRangeFormatInvalid                   ErrorCode = 926
	CodeProviderTokenMissing                     ErrorCode = 929
	CodeProviderTokenSecretMissing               ErrorCode = 930
	CodeAlbumIDRequired                          ErrorCode = 931
	CodeEmailAlreadyRegistered                   ErrorCode = 936
	CodeUserIDInvalid                            ErrorCode = 937
	CodeUserNotFound                             ErrorCode = 938
	CodeSiteNotFound                             ErrorCode = 942
	CodeSiteNameRequired                         ErrorCode = 949
	CodeUnknownFailure                           ErrorCode = 950
	CodeQueryInvalid                             ErrorCode = 957
	CodePostDataInvalid                          ErrorCode = 958
	CodeStatusIDInvalid                          ErrorCode = 959
	CodePostBodyInvalid                          ErrorCode = 965
	CodeCredentialsInvalid                       ErrorCode = 966
	CodeCurrentPasswordInvalid                   ErrorCode = 967
	CodeDateInvalid                              ErrorCode = 968
	CodeEmailNotVerified                         ErrorCode = 970
	CodeRequestInvalid                           ErrorCode = 971
	CodeVerificationLinkInvalid                  ErrorCode = 973
	CodeVerificationLinkUsed                     ErrorCode = 974
	CodeVerificationLinkExpired                  ErrorCode = 975
	CodeLinkInaccessible                         ErrorCode = 979
	CodeRaaSNotConfigured                        ErrorCode = 981
	CodeCaptchaInvalid                           ErrorCode = 982
	CodeAccountNotLinkable                       ErrorCode = 983
	CodeAccountIDInvalid                         ErrorCode = 984
	CodeAccountAlreadyLinked                     ErrorCode = 986
	CodeAccountNotUnlinkable                     ErrorCode = 987
	CodeAccountExistsForEmail                    ErrorCode = 988
	CodeProviderIDNotUnlinkable                  ErrorCode = 989
	CodeEmailInvalid                             ErrorCode = 990
	CodeAccountBlocked                           ErrorCode = 991
	CodePageIDInvalid                            ErrorCode = 992
	CodeCustomFieldInvalid                       ErrorCode = 993
	CodeUniqueRecordIDInvalid                    ErrorCode = 995
	CodeCursorValueInvalid                       ErrorCode = 996
	CodeRequestDoesNotMoreRecords                ErrorCode = 997
	CodeCustomObjectLimitReached                 ErrorCode = 998
	CodeNotConfiguredCustomObjectSetting         ErrorCode = 999
	CodeProviderFailure                          ErrorCode = 1000
	CodeCustomObjectIDInvalid                    ErrorCode = 1001
	CodeCustomObjectRecordLimitReached           ErrorCode = 1002
	CodeRecordBlockedWithinCustomObject          ErrorCode = 1003
	CodeLastEmailAddress                         ErrorCode = 1005
	CodeEmailActionInvalid                       ErrorCode = 1006
	CodeProviderNotUnlinkable                    ErrorCode = 1008
	CodeClauseInvalid                            ErrorCode = 1009
	CodeOrderbyClauseInvalid                     ErrorCode = 1010
	CodeLimitClauseInvalid                       ErrorCode = 1011
	CodeSkipClauseInvalid                        ErrorCode = 1012
	CodeSelectClauseInvalid                      ErrorCode = 1013
	CodeWhereClauseInvalid                       ErrorCode = 1014
	CodeNewPasswordInvalid                       ErrorCode = 1015
	CodePasswordProfileIDInvalid                 ErrorCode = 1016
	CodeUsernameAlreadyRegistered                ErrorCode = 1017
	CodeCurrentUsernameInvalid                   ErrorCode = 1018
	CodeFirstDataPointInvalid                    ErrorCode = 1019
	CodeSecondDataPointInvalid                   ErrorCode = 1020
	CodeStatsTypeInvalid                         ErrorCode = 1021
	CodeUsernameNotFound                         ErrorCode = 1022
	CodeEmailNotFound                            ErrorCode = 1023
	CodeUsernameFormatInvalid                    ErrorCode = 1024
	CodeEmailAlreadyVerified                     ErrorCode = 1025
	CodeProviderEmailNotVerified                 ErrorCode = 1026
	CodeEmailBelongsToAccount                    ErrorCode = 1027
	CodeEmailBelongsToSocialAccount              ErrorCode = 1030
	CodeEmailRequired                            ErrorCode = 1032
	CodeProviderEmailBelongsToAccount            ErrorCode = 1033
	CodeEmailVerificationDisabled                ErrorCode = 1034
	CodeCustomObjectJSONInvalid                  ErrorCode = 1035
	CodeCustomObjectIDRequired                   ErrorCode = 1036
	CodeAccountIDRequired                        ErrorCode = 1037
	CodeEmailAddressInvalid                      ErrorCode = 1038
	CodeEmailProfileNotFound                     ErrorCode = 1039
	CodeRESTHookTargetURLInvalid                 ErrorCode = 1040
	CodeRESTHookLimitExceeded                    ErrorCode = 1041
	CodeRESTHookEventInvalid                     ErrorCode = 1042
	CodePhoneNotFound                            ErrorCode = 1043
	CodeAccountIDAlreadyRegistered               ErrorCode = 1044
	CodeEmailRegisteredWithSite                  ErrorCode = 1046
	CodeRoleNotFound                             ErrorCode = 1047
	CodeSOTTRequired                             ErrorCode = 1048
	CodeSOTTInvalid                              ErrorCode = 1049
	CodeSocialRegistrationDisabled               ErrorCode = 1051
	CodeAccountLinkingDisabled                   ErrorCode = 1054
	CodeSessionExpired                           ErrorCode = 1055
	CodeEmailNotAllowed                          ErrorCode = 1056
	CodeCustomObjectNotFoundDoesNot              ErrorCode = 1057
	CodePhoneAlreadyRegistered                   ErrorCode = 1058
	CodePasswordlessLoginDisabled                ErrorCode = 1059
	CodeAccessTokenMissing                       ErrorCode = 1060
	CodeProfileIDMissing                         ErrorCode = 1061
	CodePasswordlessLinkUsed                     ErrorCode = 1062
	CodeVerificationTokenInvalid                 ErrorCode = 1063
	CodeCustomObjectNameInvalid                  ErrorCode = 1064
	CodeProviderNameProviderIDInvalid            ErrorCode = 1065
	CodePhoneNotVerified                         ErrorCode = 1066
	CodeOTPInvalid                               ErrorCode = 1067
	CodeOTPUsed                                  ErrorCode = 1068
	CodeOTPExpired                               ErrorCode = 1069
	CodeOTPInaccessible                          ErrorCode = 1070
	CodeSMSConfigurationDoesNotExist             ErrorCode = 1071
	CodeOTPSendFailed                            ErrorCode = 1072
	CodePhoneAlreadyConfirmed                    ErrorCode = 1073
	CodePhoneLoginDisabled                       ErrorCode = 1074
	CodeUsernameRequired                         ErrorCode = 1075
	CodePhoneNumberRequired                      ErrorCode = 1076
	CodePhoneLoginRequired                       ErrorCode = 1077
	CodeProviderInvalid                          ErrorCode = 1078
	CodePutBodyInvalid                           ErrorCode = 1079
	CodeJSONNotSupported                         ErrorCode = 1080
	CodePutBodyFormatInvalid                     ErrorCode = 1081
	CodeDeleteBodyInvalid                        ErrorCode = 1082
	CodeContentTypeNotSupported                  ErrorCode = 1083
	CodeDeleteBodyFormatInvalid                  ErrorCode = 1084
	CodeWebhookLimitExceeded                     ErrorCode = 1085
	CodeWebhookEventInvalid                      ErrorCode = 1086
	CodeWebhookTargetURLInvalid                  ErrorCode = 1087
	CodeCustomAPINameInvalid                     ErrorCode = 1088
	CodePasswordMissing                          ErrorCode = 1089
	CodeBodyInvalid                              ErrorCode = 1090
	CodeSecurityQuestionInvalid                  ErrorCode = 1091
	CodeSecurityQuestionAnswerNotSavedProfile    ErrorCode = 1092
	CodeSecurityAnswerIncorrect                  ErrorCode = 1093
	CodeSecurityAnswerQuestionIncorrect          ErrorCode = 1094
	CodeSecurityQuestionAnswerNotEnabled         ErrorCode = 1095
	CodePhoneNumberInvalid                       ErrorCode = 1096
	CodeMFANotEnabled                            ErrorCode = 1097
	CodeMFANotConfigured                         ErrorCode = 1098
	CodeAuthenticatorNotConfigured               ErrorCode = 1099
	CodeOTPMFANotEnabled                         ErrorCode = 1100
	CodeMFANotConfiguredForProfile               ErrorCode = 1101
	CodeAuthenticatorCodeIncorrect               ErrorCode = 1102
	CodeMFATokenInvalid                          ErrorCode = 1103
	CodeMFATokenExpired                          ErrorCode = 1104
	CodeVerificationCodeRequired                 ErrorCode = 1105
	CodePhoneNumberAlreadyRegistered             ErrorCode = 1106
	CodeAddressTypeDuplicate                     ErrorCode = 1107
	CodeEmailidRequiredParameter                 ErrorCode = 1109
	CodeWebhookTargetURLAlreadySubscribed        ErrorCode = 1110
	CodeWebhookTargetURLNotSubscribed            ErrorCode = 1112
	CodeEmailInvalidationRefused                 ErrorCode = 1113
	CodeRecordFound                              ErrorCode = 1114
	CodeEmailInvalidationNotAllowed              ErrorCode = 1115
	CodePhoneNumberNotRegistered                 ErrorCode = 1117
	CodeEmailUIDOrPhoneRequired                  ErrorCode = 1118
	CodeDeleteTokenInvalid                       ErrorCode = 1119
	CodeAccessTokenInvalidOrPhoneVerified        ErrorCode = 1120
	CodeMFARemovalInvalid                        ErrorCode = 1121
	CodeEmailLimitReached                        ErrorCode = 1122
	CodeSMSLimitReached                          ErrorCode = 1123
	CodePhoneTypeDuplicate                       ErrorCode = 1124
	CodeAddressTypeRequired                      ErrorCode = 1125
	CodeEmailVerifiedAlready                     ErrorCode = 1126
	CodeBackupCodeAlreadyGenerated               ErrorCode = 1127
	CodeBackupCodesNotConfigured                 ErrorCode = 1128
	CodeBackupCodeInvalid                        ErrorCode = 1129
	CodeLoginDisabled                            ErrorCode = 1130
	CodeAccountLockedCaptcha                     ErrorCode = 1132
	CodeRoleContextNameNotValid                  ErrorCode = 1133
	CodeValidationFailed                         ErrorCode = 1134
	CodeSmartLoginOptionNotEnabled               ErrorCode = 1135
	CodeClientGUIDMustUnique                     ErrorCode = 1136
	CodeSmartLoginLinkAlreadyUsed                ErrorCode = 1137
	CodeSmartLoginLinkAlreadyVerified            ErrorCode = 1138
	CodeSmartLoginLinkNotVerified                ErrorCode = 1139
	CodeClientGUIDInvalid                        ErrorCode = 1140
	CodeEmailOrUsernameRequired                  ErrorCode = 1141
	CodeAdditionalPermissionDoesNotExist         ErrorCode = 1142
	CodeAccessUnauthorized                       ErrorCode = 1143
	CodeResourceDisabled                         ErrorCode = 1144
	CodeOneTouchLoginLinkAlreadyUsed             ErrorCode = 1145
	CodeOneTouchLoginNotEnabled                  ErrorCode = 1146
	CodePhoneInvalidationRefused                 ErrorCode = 1147
	CodeAccountLockedSecurityQuestion            ErrorCode = 1148
	CodeSMSSendingLimitExceeded                  ErrorCode = 1149
	CodeRegistrationDataRecordDoesNotExist       ErrorCode = 1150
	CodeRegistrationDataRecordNotValid           ErrorCode = 1151
	CodeRegistrationDataRecordDoesNotCode        ErrorCode = 1152
	CodeRegistrationCodeNotValid                 ErrorCode = 1153
	CodeRegistrationDataParentRecordDoesNot      ErrorCode = 1154
	CodeRecordExistsType                         ErrorCode = 1155
	CodeChildRecordExists                        ErrorCode = 1156
	CodeRegistrationCodeRequired                 ErrorCode = 1157
	CodeTypeNotValidRegistrationData             ErrorCode = 1158
	CodeCallbackLoginNotEnabled                  ErrorCode = 1160
	CodePhoneNumberAlreadyUnverified             ErrorCode = 1161
	CodeEmailOrPhoneNotVerified                  ErrorCode = 1162
	CodeRegistrationNotEligible                  ErrorCode = 1163
	CodeSuspiciousActivityBlocked                ErrorCode = 1164
	CodeSecurityQuestionChallenge                ErrorCode = 1165
	CodeEmailCodeChallenge                       ErrorCode = 1166
	CodePhoneCodeChallenge                       ErrorCode = 1167
	CodeNewBrowserDetected                       ErrorCode = 1168
	CodeNewCityDetected                          ErrorCode = 1169
	CodeNewCountryDetected                       ErrorCode = 1170
	CodeNewIPDetected                            ErrorCode = 1171
	CodeInvalidDate                              ErrorCode = 1172
	CodeUnableProcessRequest                     ErrorCode = 1173
	CodeEmailUpdateNotAllowed                    ErrorCode = 1174
	CodeRoleNameInvalid                          ErrorCode = 1175
	CodeMFARequired                              ErrorCode = 1176
	CodeCannotAddEmailAddress                    ErrorCode = 1177
	CodeTokenLimitReached                        ErrorCode = 1178
	CodeOTPLimitReached                          ErrorCode = 1179
	CodeJWTConfigurationNotValid                 ErrorCode = 1180
	CodeTokenTypeInvalid                         ErrorCode = 1181
	CodeSomeIssuePasswordValidationAPI           ErrorCode = 1182
	CodeUsernameLoginRequired                    ErrorCode = 1183
	CodeUsernameAuthenticationEnabled            ErrorCode = 1184
	CodeVerificationOTPInvalid                   ErrorCode = 1185
	CodeEmailOTPUsed                             ErrorCode = 1186
	CodeEmailOTPExpired                          ErrorCode = 1187
	CodeEmailOTPInvalid                          ErrorCode = 1188
	CodeEmailOrPhoneRequired                     ErrorCode = 1189
	CodeRegistrationDisabled                     ErrorCode = 1190
	CodeEventMFANotEnabled                       ErrorCode = 1191
	CodeEventVerificationCodeRequired            ErrorCode = 1192
	CodeMFAValidationTokenInvalid                ErrorCode = 1193
	CodePrivacyPolicyMismatch                    ErrorCode = 1194
	CodePrivacyPolicyNotAvailable                ErrorCode = 1195
	CodePrivacyPolicyNotAccepted                 ErrorCode = 1196
	CodePrivacyPolicyVersionNotValid             ErrorCode = 1197
	CodeAccountSuspended                         ErrorCode = 1198
	CodeAddressInvalid                           ErrorCode = 1199
	CodeUIDInvalid                               ErrorCode = 1200
	CodeEmailTypeRequired                        ErrorCode = 1201
	CodeEmailDuplicate                           ErrorCode = 1202
	CodePrimaryEmailDuplicate                    ErrorCode = 1203
	CodeUsernameInvalid                          ErrorCode = 1204
	CodePasswordInvalid                          ErrorCode = 1205
	CodeIPAccessDenied                           ErrorCode = 1206
	CodeSignatureMissing                         ErrorCode = 1207
	CodeSignatureInvalid                         ErrorCode = 1208
	CodeSignatureOrSecretMissing                 ErrorCode = 1209
	CodeRequestExpiryMissing                     ErrorCode = 1210
	CodeRequestExpiryFormatInvalid               ErrorCode = 1211
	CodeRequestExpiryInvalid                     ErrorCode = 1212
	CodePhoneTypeRequired                        ErrorCode = 1213
	CodeDangerousRequest                         ErrorCode = 1214
	CodeCloudAPIFailure                          ErrorCode = 1215
	CodeWeakPassword                             ErrorCode = 1216
	CodeRefreshTokenInvalid                      ErrorCode = 1217
	CodeCaptchaRejected                          ErrorCode = 1218
	CodeAccountUnlinkRefused                     ErrorCode = 1219
	CodeLoginNotAllowed                          ErrorCode = 1220
	CodeAccountAlreadyUnlocked                   ErrorCode = 1221
	CodePrivacyPolicyAlreadyAccepted             ErrorCode = 1222
	CodeProviderNotConfigured                    ErrorCode = 1223
	CodeConsentFormNotAvailable                  ErrorCode = 1224
	CodeConsentFormValidationFailed              ErrorCode = 1225
	CodeConsentNotSubmitted                      ErrorCode = 1226
	CodeConsentManagementNotEnabled              ErrorCode = 1227
	CodeConsentLogsNotAvailable                  ErrorCode = 1228
	CodeConsentTokenInvalid                      ErrorCode = 1229
	CodeConsentTokenExpired                      ErrorCode = 1230
	CodeJWTUniqueIdentifierMissing               ErrorCode = 1231
	CodeJWTInvalid                               ErrorCode = 1232
	CodePINAuthenticationNotConfigured           ErrorCode = 1233
	CodePINRequired                              ErrorCode = 1234
	CodePINNotAvailable                          ErrorCode = 1235
	CodePINInvalid                               ErrorCode = 1236
	CodeEmailOTPDisabled                         ErrorCode = 1237
	CodeUserNameAuthenticationNotEnabled         ErrorCode = 1238
	CodePINAuthTokenInvalid                      ErrorCode = 1239
	CodePINAuthTokenExpired                      ErrorCode = 1240
	CodeCurrentPINInvalid                        ErrorCode = 1241
	CodeEmailVerificationLinkUsed                ErrorCode = 1242
	CodePINLoginRequired                         ErrorCode = 1243
	CodePINLoginNotEnabled                       ErrorCode = 1244
	CodeSessionTokenInvalid                      ErrorCode = 1245
	CodeSessionTokenExpired                      ErrorCode = 1246
	CodeEmailDomainNotAllowed                    ErrorCode = 1247
	CodeResetPINURLInvalid                       ErrorCode = 1248
	CodeVerificationURLInvalid                   ErrorCode = 1249
	CodeMFAPhoneUpdateInvalid                    ErrorCode = 1250
	CodeEmailOTPMFANotEnabled                    ErrorCode = 1256
	CodeSecurityQuestionMFANotEnabled            ErrorCode = 1257
	CodeMFAMethodAlreadyEnabled                  ErrorCode = 1258
	CodeSecurityQuestionMFANotVerified           ErrorCode = 1259
	CodeSecurityAnswersTooFew                    ErrorCode = 1260
	CodeMFAAccountLocked                         ErrorCode = 1264
	CodeSMSOTPMFANotEnabled                      ErrorCode = 1277
	CodeVerificationDenied                       ErrorCode = 1278
	CodeAuthenticatorMFANotEnabled               ErrorCode = 1279
	CodeVoiceOTPNotConfigured                    ErrorCode = 1281
	CodePasswordLoginDisabled                    ErrorCode = 1286
	CodeNewDeviceDetected                        ErrorCode = 1287
	CodePhoneNotLinked                           ErrorCode = 1292
	CodePushNotificationVerificationPending      ErrorCode = 1295
	CodeInvalidPushToken                         ErrorCode = 1296
	CodePushNotificationVerificationFailed       ErrorCode = 1297
	CodePushNotificationConfigurationError       ErrorCode = 1298
	CodePushMFANotConfigured                     ErrorCode = 1299
	CodePushNotificationVerificationAlreadyDone  ErrorCode = 1311
	CodePushNotificationVerificationDenied       ErrorCode = 1312
	CodePushMFANotConfiguredForProfile           ErrorCode = 1313
	CodeNewPasswordBreached                      ErrorCode = 1315
	CodePasswordBreached                         ErrorCode = 1316
	CodePasswordResetRequired                    ErrorCode = 1317
	CodePasskeysNotEnabled                       ErrorCode = 1320
	CodePasskeyVerificationFailed                ErrorCode = 1321
	CodePasskeyConfigurationError                ErrorCode = 1322
	CodePasskeyNotConfiguredProfile              ErrorCode = 1323
	CodePasskeyLoginUnavailable                  ErrorCode = 1324
	CodeInvalidPasskeyID                         ErrorCode = 1325
	CodePasskeyAutofillNotEnabled                ErrorCode = 1326
	CodePasskeyMFANotConfigured                  ErrorCode = 1327
	CodePasskeyMFANotConfiguredForProfile        ErrorCode = 1328
	CodeResetPasskeyURLInvalid                   ErrorCode = 1329
	CodeDuoMFANotConfigured                      ErrorCode = 1330
	CodeDuoConfigurationError                    ErrorCode = 1331
	CodeDuoVerificationFailed                    ErrorCode = 1332
	CodeDuoStateInvalid                          ErrorCode = 1333
	CodeDuoMFANotConfiguredForProfile            ErrorCode = 1334
	CodeDuoRedirectURINotAllowed                 ErrorCode = 1335
	CodeDuoRedirectURIInvalid                    ErrorCode = 1336
	CodeProviderRefreshTokenMissing              ErrorCode = 1337
	CodeSessionLimitExceeded                     ErrorCode = 1338
	CodeLoginSharingRestrictionDisabled          ErrorCode = 1339
	CodeEmailNotInProfile                        ErrorCode = 1340
	CodeAuthenticationFailed                     ErrorCode = 1409
	CodePhoneRequiredParameter                   ErrorCode = 2000
	CodeEmailPhoneRequiredParameter              ErrorCode = 2001
	CodeUserDoesNotExistCustomersServer          ErrorCode = 2002
	CodeUserClaimNotValid                        ErrorCode = 2003
	CodeAssertionConsumerServiceLocationRequired ErrorCode = 2004
	CodeCodeExpired                              ErrorCode = 2005
	CodeRedirectURINotValid                      ErrorCode = 2006
	CodeCodeNotValid                             ErrorCode = 2007
	CodeInvalidRequest                           ErrorCode = 2008
	CodeInvalidClient                            ErrorCode = 2009
	CodeInvalidGrant                             ErrorCode = 2010
	CodeUnauthorizedClient                       ErrorCode = 2011
	CodeUnsupportedGrantType                     ErrorCode = 2012
	CodeInvalidScope                             ErrorCode = 2013
	CodeRedirectURIMismatch                      ErrorCode = 2014
	CodeSAMLRequestSingingCertificateDoesntMatch ErrorCode = 2015
	CodeSomeIssuePerfectmindRestAPI              ErrorCode = 2016
	CodeHostedPluginMappingFieldsRequired        ErrorCode = 2017
	CodeCustomObjectPluralHelpingVerbNotFound    ErrorCode = 2019
	CodeTokenRequestInvalid                      ErrorCode = 2023
	CodeAccessTokenExpiredOrInvalid              ErrorCode = 2024
)

// Message returns the published text of the code, or "LoginRadius error N" for
// a code that is not published.
func (c ErrorCode) Message() string {
	if m, ok := published[c]; ok {
		return m.text
	}
	return "LoginRadius error " + strconv.Itoa(int(c))
}

// HTTPStatus returns the HTTP status that LoginRadius documents for the code, or
// 0 for a code that is not published. The service does not always keep to it.
func (c ErrorCode) HTTPStatus() int { return published[c].status }

// Published reports whether the code is in the published table.
func (c ErrorCode) Published() bool { _, ok := published[c]; return ok }

type publishedCode struct {
	status int
	text   string
}

// published is read-only. Facts: the error tables of the public API documentation.
var published = map[ErrorCode]publishedCode{
	CodeAPIKeyUnauthorized:                       {403, "The API key is unauthorized"},
	CodeAPISecretUnauthorized:                    {401, "The API secret is unauthorized"},
	CodeRequestTokenInvalid:                      {403, "Request token is invalid"},
	CodeRequestTokenExpired:                      {403, "Request token has expired"},
	CodeAccessTokenInvalid:                       {403, "Access token is invalid"},
	CodeAccessTokenExpired:                       {403, "Access token has expired"},
	CodeParameterInvalid:                         {403, "A parameter is not formatted correctly"},
	CodeEndpointNotPermitted:                     {403, "Your LoginRadius site does not have permission to access this endpoint"},
	CodeEndpointNotSupportedByProvider:           {403, "Endpoint is not supported by the current provider"},
	CodeAPIKeyInvalid:                            {400, "API key is invalid"},
	CodeAPISecretInvalid:                         {400, "API secret is invalid"},
	CodeAPIKeyMissing:                            {400, "API key is missing"},
	CodeAPISecretMissing:                         {400, "API secret is missing"},
	CodeDateRangeInvalid:                         {400, "The date range has an invalid format"},
	CodeDateRangeFormatInvalid:                   {400, "The date range has an invalid format"},
	CodeProviderTokenMissing:                     {400, "Access token is missing from social ID provider"},
	CodeProviderTokenSecretMissing:               {400, "Token secret is missing from social ID provider"},
	CodeAlbumIDRequired:                          {400, "Album ID is required"},
	CodeEmailAlreadyRegistered:                   {403, "Email address is already registered with your LoginRadius site"},
	CodeUserIDInvalid:                            {403, "User ID is invalid"},
	CodeUserNotFound:                             {403, "User does not exist"},
	CodeSiteNotFound:                             {403, "Site does not exist"},
	CodeSiteNameRequired:                         {403, "The site name is required"},
	CodeUnknownFailure:                           {500, "Operation failed due to an unknown error"},
	CodeQueryInvalid:                             {400, "The query is not formatted correctly"},
	CodePostDataInvalid:                          {400, "The post body is invalid"},
	CodeStatusIDInvalid:                          {403, "The status ID is invalid"},
	CodePostBodyInvalid:                          {400, "The post body is invalid"},
	CodeCredentialsInvalid:                       {401, "Invalid user ID and/or password"},
	CodeCurrentPasswordInvalid:                   {401, "Current password is invalid"},
	CodeDateInvalid:                              {400, "The date is invalid or has an invalid format"},
	CodeEmailNotVerified:                         {403, "Email is not verified"},
	CodeRequestInvalid:                           {400, "Invalid request"},
	CodeVerificationLinkInvalid:                  {403, "Invalid email verification link"},
	CodeVerificationLinkUsed:                     {403, "The email verification link has already been used"},
	CodeVerificationLinkExpired:                  {403, "Your verification link has expired"},
	CodeLinkInaccessible:                         {403, "The link cannot be accessed"},
	CodeRaaSNotConfigured:                        {403, "Site is not configured for RaaS (Registration-as-a-Service)"},
	CodeCaptchaInvalid:                           {403, "CAPTCHA is invalid"},
	CodeAccountNotLinkable:                       {403, "Account cannot be linked"},
	CodeAccountIDInvalid:                         {403, "Account ID is invalid"},
	CodeAccountAlreadyLinked:                     {403, "Account is already linked"},
	CodeAccountNotUnlinkable:                     {403, "Account cannot be unlinked"},
	CodeAccountExistsForEmail:                    {403, "An account already exists for this email"},
	CodeProviderIDNotUnlinkable:                  {403, "Provider ID cannot be unlinked"},
	CodeEmailInvalid:                             {403, "This email is invalid"},
	CodeAccountBlocked:                           {403, "Your account is blocked"},
	CodePageIDInvalid:                            {400, "The page ID is invalid"},
	CodeCustomFieldInvalid:                       {403, "Custom field is invalid"},
	CodeUniqueRecordIDInvalid:                    {403, "Unique record ID is invalid"},
	CodeCursorValueInvalid:                       {403, "Cursor value is invalid"},
	CodeRequestDoesNotMoreRecords:                {403, "Request does not have more records"},
	CodeCustomObjectLimitReached:                 {403, "Maximum limit reached for the custom object"},
	CodeNotConfiguredCustomObjectSetting:         {403, "Site is not configured for custom object setting"},
	CodeProviderFailure:                          {403, "An error has occurred at the social identity provider’s end"},
	CodeCustomObjectIDInvalid:                    {403, "Custom object ID is invalid"},
	CodeCustomObjectRecordLimitReached:           {403, "Maximum limit has reached for this custom object"},
	CodeRecordBlockedWithinCustomObject:          {403, "Record is blocked within custom object"},
	CodeLastEmailAddress:                         {403, "User account should have at least one email address"},
	CodeEmailActionInvalid:                       {403, "Invalid action for adding or removing email addresses"},
	CodeProviderNotUnlinkable:                    {403, "This provider cannot be unlinked"},
	CodeClauseInvalid:                            {403, "The FROM clause is invalid"},
	CodeOrderbyClauseInvalid:                     {403, "The ORDERBY clause is invalid"},
	CodeLimitClauseInvalid:                       {403, "The LIMIT clause is invalid"},
	CodeSkipClauseInvalid:                        {403, "The SKIP clause is invalid"},
	CodeSelectClauseInvalid:                      {403, "The SELECT clause is invalid"},
	CodeWhereClauseInvalid:                       {403, "The WHERE clause is invalid"},
	CodeNewPasswordInvalid:                       {403, "The new password is invalid"},
	CodePasswordProfileIDInvalid:                 {403, "The password cannot be changed, the Profile ID is invalid"},
	CodeUsernameAlreadyRegistered:                {403, "This username is already registered with this website"},
	CodeCurrentUsernameInvalid:                   {403, "Username cannot be changed, as the existing username provided is incorrect or invalid"},
	CodeFirstDataPointInvalid:                    {403, "The First Data point is invalid"},
	CodeSecondDataPointInvalid:                   {403, "The Second Data point is invalid"},
	CodeStatsTypeInvalid:                         {403, "The Stats type is invalid"},
	CodeUsernameNotFound:                         {403, "Username does not exist"},
	CodeEmailNotFound:                            {403, "Email address does not exist"},
	CodeUsernameFormatInvalid:                    {403, "This username format is invalid"},
	CodeEmailAlreadyVerified:                     {403, "This email address is already verified"},
	CodeProviderEmailNotVerified:                 {403, "Cannot login with this social provider as email address is not yet verified"},
	CodeEmailBelongsToAccount:                    {403, "You cannot login or register with this email address, as an account already exists for this email address"},
	CodeEmailBelongsToSocialAccount:              {403, "This email address cannot be registered, as it is already registered under a social account"},
	CodeEmailRequired:                            {403, "Email address is required"},
	CodeProviderEmailBelongsToAccount:            {403, "Cannot login with this social provider as the same email address is already being used with another account"},
	CodeEmailVerificationDisabled:                {403, "Verification emails cannot be sent, as the email verification option is disabled for your site"},
	CodeCustomObjectJSONInvalid:                  {400, "Custom object JSON is invalid"},
	CodeCustomObjectIDRequired:                   {400, "Custom object ID is required"},
	CodeAccountIDRequired:                        {400, "Account ID is required"},
	CodeEmailAddressInvalid:                      {400, "Valid email ID is required"},
	CodeEmailProfileNotFound:                     {403, "An email profile is not created or does not exist"},
	CodeRESTHookTargetURLInvalid:                 {403, "REST Hook target URL is invalid"},
	CodeRESTHookLimitExceeded:                    {403, "The number of REST Hook subscriptions have exceeded the limit"},
	CodeRESTHookEventInvalid:                     {403, "Event parameter is invalid"},
	CodePhoneNotFound:                            {403, "Phone number is invalid or does not exist"},
	CodeAccountIDAlreadyRegistered:               {403, "This account ID is already registered with your site"},
	CodeEmailRegisteredWithSite:                  {403, "This email has already been registered with your LoginRadius site"},
	CodeRoleNotFound:                             {400, "Role does not exist"},
	CodeSOTTRequired:                             {400, "Secured one-time token (SOTT) is required"},
	CodeSOTTInvalid:                              {403, "Secured one-time token (SOTT) is invalid"},
	CodeSocialRegistrationDisabled:               {403, "New social registration is not allowed"},
	CodeAccountLinkingDisabled:                   {403, "Account linking is disabled"},
	CodeSessionExpired:                           {403, "Session has expired"},
	CodeEmailNotAllowed:                          {403, "Email is not allowed to register"},
	CodeCustomObjectNotFoundDoesNot:              {403, "Custom object is not found or does not exist"},
	CodePhoneAlreadyRegistered:                   {403, "Phone number is already registered with your LoginRadius site"},
	CodePasswordlessLoginDisabled:                {403, "Password less login option is not enabled for your LoginRadius site"},
	CodeAccessTokenMissing:                       {400, "Access token is missing"},
	CodeProfileIDMissing:                         {400, "Profile ID is missing"},
	CodePasswordlessLinkUsed:                     {403, "The password less login link has already been used"},
	CodeVerificationTokenInvalid:                 {403, "Verification token (vtoken) is invalid"},
	CodeCustomObjectNameInvalid:                  {403, "Custom object name is invalid"},
	CodeProviderNameProviderIDInvalid:            {403, "Provider name or Provider Id is invalid"},
	CodePhoneNotVerified:                         {403, "Phone number is not verified"},
	CodeOTPInvalid:                               {403, "Invalid OTP Code"},
	CodeOTPUsed:                                  {403, "The OTP has already been used"},
	CodeOTPExpired:                               {403, "Verification OTP has expired"},
	CodeOTPInaccessible:                          {403, "The OTP cannot be accessed"},
	CodeSMSConfigurationDoesNotExist:             {403, "The SMS configuration does not exist"},
	CodeOTPSendFailed:                            {403, "The Verification code (OTP) send failed"},
	CodePhoneAlreadyConfirmed:                    {403, "This phone number has already been confirmed"},
	CodePhoneLoginDisabled:                       {403, "Phone number login is not enabled"},
	CodeUsernameRequired:                         {400, "Username is required"},
	CodePhoneNumberRequired:                      {400, "Phone number is required"},
	CodePhoneLoginRequired:                       {403, "Phone number login is enabled"},
	CodeProviderInvalid:                          {403, "Provider is invalid"},
	CodePutBodyInvalid:                           {400, "Put body is invalid"},
	CodeJSONNotSupported:                         {400, "JSON format is not supported by this API"},
	CodePutBodyFormatInvalid:                     {400, "Put body is invalid"},
	CodeDeleteBodyInvalid:                        {400, "Delete body is invalid"},
	CodeContentTypeNotSupported:                  {400, "This content type header is not supported"},
	CodeDeleteBodyFormatInvalid:                  {400, "Delete body is invalid"},
	CodeWebhookLimitExceeded:                     {403, "Number of Webhook subscriptions exceed to limit"},
	CodeWebhookEventInvalid:                      {403, "Event parameter is invalid"},
	CodeWebhookTargetURLInvalid:                  {403, "Webhook target URL is invalid"},
	CodeCustomAPINameInvalid:                     {403, "Custom API name is invalid"},
	CodePasswordMissing:                          {400, "Password is missing"},
	CodeBodyInvalid:                              {400, "Invalid request body or payload"},
	CodeSecurityQuestionInvalid:                  {403, "Security question is invalid"},
	CodeSecurityQuestionAnswerNotSavedProfile:    {403, "Security question and answer is not saved in profile"},
	CodeSecurityAnswerIncorrect:                  {403, "Your security answer is incorrect"},
	CodeSecurityAnswerQuestionIncorrect:          {403, "Your security answer or question is incorrect"},
	CodeSecurityQuestionAnswerNotEnabled:         {403, "Security question or answer is not enabled"},
	CodePhoneNumberInvalid:                       {400, "Invalid phone number"},
	CodeMFANotEnabled:                            {403, "Two factor authentication is not enabled"},
	CodeMFANotConfigured:                         {403, "Two-factor authentication is not configured"},
	CodeAuthenticatorNotConfigured:               {403, "Two-factor authenticator is not configured"},
	CodeOTPMFANotEnabled:                         {403, "OTP two factor authentication is not enabled"},
	CodeMFANotConfiguredForProfile:               {403, "Two factor authentication is not configured for this profile"},
	CodeAuthenticatorCodeIncorrect:               {403, "The two-factor authenticator code is incorrect"},
	CodeMFATokenInvalid:                          {403, "Two factor authentication token is invalid"},
	CodeMFATokenExpired:                          {403, "Two factor authentication token has expired"},
	CodeVerificationCodeRequired:                 {403, "At least one verification code is required"},
	CodePhoneNumberAlreadyRegistered:             {403, "This phone number is already registered"},
	CodeAddressTypeDuplicate:                     {400, "Address type can not be same"},
	CodeEmailidRequiredParameter:                 {400, "The emailid is a required parameter."},
	CodeWebhookTargetURLAlreadySubscribed:        {403, "Webhook target URL is already subscribed"},
	CodeWebhookTargetURLNotSubscribed:            {403, "Webhook target URL is not subscribed"},
	CodeEmailInvalidationRefused:                 {403, "The profile cannot be enforced to invalidate the email verification."},
	CodeRecordFound:                              {403, "No record found"},
	CodeEmailInvalidationNotAllowed:              {403, "The profile cannot be enforced to invalidate the email verification."},
	CodePhoneNumberNotRegistered:                 {403, "This phone number is not registered"},
	CodeEmailUIDOrPhoneRequired:                  {400, "Email, UID or phone is required"},
	CodeDeleteTokenInvalid:                       {403, "The LoginRadius DeleteToken is invalid"},
	CodeAccessTokenInvalidOrPhoneVerified:        {403, "Access token is invalid or phone number is already verified"},
	CodeMFARemovalInvalid:                        {403, "This is not valid request for removing two factor authentication"},
	CodeEmailLimitReached:                        {403, "You have reached a limit for sending emails"},
	CodeSMSLimitReached:                          {403, "You have reached a limit for sending SMS"},
	CodePhoneTypeDuplicate:                       {400, "Phone type cannot be same"},
	CodeAddressTypeRequired:                      {400, "Address type is required"},
	CodeEmailVerifiedAlready:                     {403, "Email has already been verified"},
	CodeBackupCodeAlreadyGenerated:               {403, "Two factor authentication backup code is already generated"},
	CodeBackupCodesNotConfigured:                 {403, "Two factor authentication backup code is not configured"},
	CodeBackupCodeInvalid:                        {403, "Two factor authentication backup bode is not valid or has already been used"},
	CodeLoginDisabled:                            {403, "Login services have been disabled for your account"},
	CodeAccountLockedCaptcha:                     {403, "Your account has been locked"},
	CodeRoleContextNameNotValid:                  {403, "Role Context Name is not Valid"},
	CodeValidationFailed:                         {403, "Validation failed for one or more fields"},
	CodeSmartLoginOptionNotEnabled:               {403, "Smart login option is not enabled for your LoginRadius site"},
	CodeClientGUIDMustUnique:                     {403, "Client GUID must be unique"},
	CodeSmartLoginLinkAlreadyUsed:                {403, "This smart login link has already been used"},
	CodeSmartLoginLinkAlreadyVerified:            {403, "The smart login link has already been verified"},
	CodeSmartLoginLinkNotVerified:                {403, "The smart login link has not been verified"},
	CodeClientGUIDInvalid:                        {403, "Client GUID is invalid"},
	CodeEmailOrUsernameRequired:                  {400, "Email address or username is required"},
	CodeAdditionalPermissionDoesNotExist:         {403, "Additional Permission does not exist"},
	CodeAccessUnauthorized:                       {403, "Access Unauthorized"},
	CodeResourceDisabled:                         {403, "Your LoginRadius site has disabled for this resource"},
	CodeOneTouchLoginLinkAlreadyUsed:             {403, "The one touch login link has already been used"},
	CodeOneTouchLoginNotEnabled:                  {403, "One touch login is not enabled for your LoginRadius site"},
	CodePhoneInvalidationRefused:                 {403, "The profile cannot be enforced to invalidate the phone verification."},
	CodeAccountLockedSecurityQuestion:            {403, "Your account has been locked"},
	CodeSMSSendingLimitExceeded:                  {403, "Your default LoginRadius Configured SMS Sending Limit Exceed"},
	CodeRegistrationDataRecordDoesNotExist:       {403, "Registration data record does not exist"},
	CodeRegistrationDataRecordNotValid:           {403, "Registration data record is not valid"},
	CodeRegistrationDataRecordDoesNotCode:        {403, "Registration data record does not have code"},
	CodeRegistrationCodeNotValid:                 {403, "Registration code is not valid"},
	CodeRegistrationDataParentRecordDoesNot:      {403, "Registration data parent record does not exist"},
	CodeRecordExistsType:                         {403, "No record exists for this type"},
	CodeChildRecordExists:                        {403, "No child record exists"},
	CodeRegistrationCodeRequired:                 {403, "Registration code is required"},
	CodeTypeNotValidRegistrationData:             {403, "The type is not valid for registration data."},
	CodeCallbackLoginNotEnabled:                  {403, "No callback login is not enabled for your LoginRadius site"},
	CodePhoneNumberAlreadyUnverified:             {403, "This phone number is already unverified"},
	CodeEmailOrPhoneNotVerified:                  {403, "Email or Phone is not verified"},
	CodeRegistrationNotEligible:                  {403, "You are not eligible for registration"},
	CodeSuspiciousActivityBlocked:                {403, "Your account has been blocked due to suspicious activity"},
	CodeSecurityQuestionChallenge:                {403, "Please answer the security question's to secure your account"},
	CodeEmailCodeChallenge:                       {403, "A verification code has been sent to your email"},
	CodePhoneCodeChallenge:                       {403, "A verification code has been sent to your phone"},
	CodeNewBrowserDetected:                       {403, "Login attempt from a new browser is detected"},
	CodeNewCityDetected:                          {403, "Login attempt from a new city is detected"},
	CodeNewCountryDetected:                       {403, "Login attempt from a new country is detected"},
	CodeNewIPDetected:                            {403, "Login attempt from a new ip is detected"},
	CodeInvalidDate:                              {400, "Invalid date"},
	CodeUnableProcessRequest:                     {403, "Unable to process the request"},
	CodeEmailUpdateNotAllowed:                    {403, "Email update is not allowed"},
	CodeRoleNameInvalid:                          {403, "Role Name is not valid or already exists"},
	CodeMFARequired:                              {403, "Two factor authentication is enabled"},
	CodeCannotAddEmailAddress:                    {403, "Cannot add the email address"},
	CodeTokenLimitReached:                        {403, "You have reached a limit for generating token"},
	CodeOTPLimitReached:                          {403, "You have reached a limit for generating OTP"},
	CodeJWTConfigurationNotValid:                 {401, "JWT configuration not valid."},
	CodeTokenTypeInvalid:                         {403, "You have entered an invalid token type"},
	CodeSomeIssuePasswordValidationAPI:           {401, "Some Issue with password validation API"},
	CodeUsernameLoginRequired:                    {403, "UserName authentication is enabled"},
	CodeUsernameAuthenticationEnabled:            {403, "User Name authentication is enabled"},
	CodeVerificationOTPInvalid:                   {403, "Verification OTP is invalid"},
	CodeEmailOTPUsed:                             {403, "The email verification OTP has already been used"},
	CodeEmailOTPExpired:                          {403, "Email verification OTP has expired"},
	CodeEmailOTPInvalid:                          {403, "Invalid email verification OTP"},
	CodeEmailOrPhoneRequired:                     {403, "Email Id or Phone number is required"},
	CodeRegistrationDisabled:                     {403, "Registration disabled"},
	CodeEventMFANotEnabled:                       {403, "Event Based two factor authentication is not enabled"},
	CodeEventVerificationCodeRequired:            {403, "At least one verification code is required"},
	CodeMFAValidationTokenInvalid:                {403, "Two factor validation token is invalid"},
	CodePrivacyPolicyMismatch:                    {403, "Privacy policy does not match"},
	CodePrivacyPolicyNotAvailable:                {403, "Privacy policy is not available"},
	CodePrivacyPolicyNotAccepted:                 {403, "Privacy policy is not accepted"},
	CodePrivacyPolicyVersionNotValid:             {403, "Privacy policy version is not valid"},
	CodeAccountSuspended:                         {403, "Your account has been locked"},
	CodeAddressInvalid:                           {403, "Address is not valid"},
	CodeUIDInvalid:                               {403, "Uid is not valid"},
	CodeEmailTypeRequired:                        {400, "Email type is required"},
	CodeEmailDuplicate:                           {400, "Email address can not be same"},
	CodePrimaryEmailDuplicate:                    {400, "Primary email address can be only one"},
	CodeUsernameInvalid:                          {403, "Username is not valid"},
	CodePasswordInvalid:                          {401, "Invalid password"},
	CodeIPAccessDenied:                           {403, "IP Access Denied"},
	CodeSignatureMissing:                         {400, "API signature is missing"},
	CodeSignatureInvalid:                         {403, "API signature is invalid"},
	CodeSignatureOrSecretMissing:                 {400, "API-Signature/API-Secret is missing"},
	CodeRequestExpiryMissing:                     {400, "Request expiry time is missing"},
	CodeRequestExpiryFormatInvalid:               {400, "The request expiry time has an invalid format"},
	CodeRequestExpiryInvalid:                     {403, "The request expiry time is invalid"},
	CodePhoneTypeRequired:                        {400, "Phone type is required"},
	CodeDangerousRequest:                         {400, "Dangerous request"},
	CodeCloudAPIFailure:                          {403, "An error has occurred at the cloud api end"},
	CodeWeakPassword:                             {403, "Weak password"},
	CodeRefreshTokenInvalid:                      {403, "Refresh token invalid"},
	CodeCaptchaRejected:                          {403, "CAPTCHA is invalid"},
	CodeAccountUnlinkRefused:                     {403, "Account cannot be unlinked"},
	CodeLoginNotAllowed:                          {403, "Account is not allowed to login"},
	CodeAccountAlreadyUnlocked:                   {403, "Account is already unlocked"},
	CodePrivacyPolicyAlreadyAccepted:             {403, "Current privacy policy is already accepted"},
	CodeProviderNotConfigured:                    {403, "Social provider has not been configured for the site"},
	CodeConsentFormNotAvailable:                  {403, "Consent form is not available"},
	CodeConsentFormValidationFailed:              {403, "Consent form validation failed"},
	CodeConsentNotSubmitted:                      {403, "Consent form not submitted"},
	CodeConsentManagementNotEnabled:              {403, "Consent Management is not enabled."},
	CodeConsentLogsNotAvailable:                  {403, "Consent logs not available"},
	CodeConsentTokenInvalid:                      {403, "Consent token is invalid"},
	CodeConsentTokenExpired:                      {403, "Consent token has expired"},
	CodeJWTUniqueIdentifierMissing:               {403, "The JWT token is missing the unique identifier, please specified unique identifier in order to process this request"},
	CodeJWTInvalid:                               {403, "JWT token is invalid"},
	CodePINAuthenticationNotConfigured:           {403, "PIN Authentication is not configured."},
	CodePINRequired:                              {403, "PIN is required"},
	CodePINNotAvailable:                          {403, "PIN is not available"},
	CodePINInvalid:                               {401, "Invalid PIN"},
	CodeEmailOTPDisabled:                         {403, "OTP email verification is not enabled"},
	CodeUserNameAuthenticationNotEnabled:         {403, "UserName authentication is not enabled"},
	CodePINAuthTokenInvalid:                      {403, "PINAuth token is invalid"},
	CodePINAuthTokenExpired:                      {403, "PINAuth token has expired"},
	CodeCurrentPINInvalid:                        {401, "Current pin is invalid"},
	CodeEmailVerificationLinkUsed:                {403, "The email verification link has already been used"},
	CodePINLoginRequired:                         {403, "PIN is required"},
	CodePINLoginNotEnabled:                       {403, "PIN Login is not enabled"},
	CodeSessionTokenInvalid:                      {403, "Session token is invalid"},
	CodeSessionTokenExpired:                      {403, "Session token has expired"},
	CodeEmailDomainNotAllowed:                    {403, "Email id domain is not allowed to register"},
	CodeResetPINURLInvalid:                       {403, "The reset pin URL is invalid"},
	CodeVerificationURLInvalid:                   {403, "The VerificationUrl URL is invalid"},
	CodeMFAPhoneUpdateInvalid:                    {403, "Invalid request to update the phone number for two-factor authentication."},
	CodeEmailOTPMFANotEnabled:                    {403, "Email OTP two factor authentication is not enabled"},
	CodeSecurityQuestionMFANotEnabled:            {403, "Security question two factor authentication is not enabled"},
	CodeMFAMethodAlreadyEnabled:                  {403, "One of the two factor authentication method is already enabled"},
	CodeSecurityQuestionMFANotVerified:           {403, "Security question two factor authentication is not verified on the profile"},
	CodeSecurityAnswersTooFew:                    {403, "Minimum required security questions answers not provided"},
	CodeMFAAccountLocked:                         {403, "Account has been locked"},
	CodeSMSOTPMFANotEnabled:                      {403, "OTP two factor authentication is not enabled"},
	CodeVerificationDenied:                       {403, "Verification has been denied."},
	CodeAuthenticatorMFANotEnabled:               {403, "The authenticator method is not enabled for two-factor authentication"},
	CodeVoiceOTPNotConfigured:                    {403, "Voice OTP has not been configured"},
	CodePasswordLoginDisabled:                    {403, "You cannot log in with a password"},
	CodeNewDeviceDetected:                        {403, "Login attempt from a new device is detected"},
	CodePhoneNotLinked:                           {403, "A phone number is not currently linked to your account"},
	CodePushNotificationVerificationPending:      {403, "Push Notification Verification Pending"},
	CodeInvalidPushToken:                         {403, "Invalid Push Token"},
	CodePushNotificationVerificationFailed:       {403, "Push Notification Verification Failed"},
	CodePushNotificationConfigurationError:       {403, "Push Notification configuration error"},
	CodePushMFANotConfigured:                     {403, "Push Notifications are not set up for Two-Factor Authentication"},
	CodePushNotificationVerificationAlreadyDone:  {403, "Push Notification Verification Already Done"},
	CodePushNotificationVerificationDenied:       {403, "Push Notification Verification Denied"},
	CodePushMFANotConfiguredForProfile:           {403, "Push notification as two factor authentication is not configured for this profile"},
	CodeNewPasswordBreached:                      {403, "The password you’re trying to set is exposed in an external data breach"},
	CodePasswordBreached:                         {403, "Your password is exposed in an external data breach"},
	CodePasswordResetRequired:                    {403, "Please reset your password via the email we sent you"},
	CodePasskeysNotEnabled:                       {403, "Passkeys not enabled in this application."},
	CodePasskeyVerificationFailed:                {403, "An unexpected error occurred while verifying your passkey."},
	CodePasskeyConfigurationError:                {403, "Passkey configuration error."},
	CodePasskeyNotConfiguredProfile:              {403, "Passkey not configured in your profile."},
	CodePasskeyLoginUnavailable:                  {403, "Passkey login unavailable for this account type."},
	CodeInvalidPasskeyID:                         {403, "Invalid Passkey ID"},
	CodePasskeyAutofillNotEnabled:                {403, "Passkeys autofill not enabled in this application."},
	CodePasskeyMFANotConfigured:                  {403, "Passkeys are not set up for Two-Factor Authentication"},
	CodePasskeyMFANotConfiguredForProfile:        {403, "Passkey as two factor authentication is not configured for this profile"},
	CodeResetPasskeyURLInvalid:                   {403, "The reset passkey URL is invalid"},
	CodeDuoMFANotConfigured:                      {403, "Duo Authenticator is not set up for two-factor authentication"},
	CodeDuoConfigurationError:                    {403, "Duo Authenticator configuration error"},
	CodeDuoVerificationFailed:                    {403, "Duo Authenticator verification failed"},
	CodeDuoStateInvalid:                          {403, "Duo Authenticator state is not valid"},
	CodeDuoMFANotConfiguredForProfile:            {403, "Duo Authenticator as two-factor authentication method is not configured for this profile"},
	CodeDuoRedirectURINotAllowed:                 {403, "Duo Authenticator redirect URI is not whitelisted"},
	CodeDuoRedirectURIInvalid:                    {403, "Duo Authenticator redirect URI is invalid"},
	CodeProviderRefreshTokenMissing:              {400, "Refresh token is missing from social ID provider"},
	CodeSessionLimitExceeded:                     {403, "Exceeded active login session limit"},
	CodeLoginSharingRestrictionDisabled:          {403, "Restrict Login Sharing feature not enabled"},
	CodeEmailNotInProfile:                        {403, "Email address does not exist in the profile"},
	CodeAuthenticationFailed:                     {401, "Authentication failed"},
	CodePhoneRequiredParameter:                   {400, "The phone is a required parameter."},
	CodeEmailPhoneRequiredParameter:              {400, "The email/phone is a required parameter."},
	CodeUserDoesNotExistCustomersServer:          {403, "The user does not exist on customer's server."},
	CodeUserClaimNotValid:                        {401, "The user claim is not valid."},
	CodeAssertionConsumerServiceLocationRequired: {401, "The Assertion Consumer Service Location is required."},
	CodeCodeExpired:                              {401, "The code is expired."},
	CodeRedirectURINotValid:                      {400, "The redirect_uri is not valid."},
	CodeCodeNotValid:                             {401, "The code is not valid."},
	CodeInvalidRequest:                           {400, "invalid_request"},
	CodeInvalidClient:                            {401, "invalid_client"},
	CodeInvalidGrant:                             {400, "invalid_grant"},
	CodeUnauthorizedClient:                       {403, "unauthorized_client"},
	CodeUnsupportedGrantType:                     {400, "unsupported_grant_type"},
	CodeInvalidScope:                             {400, "invalid_scope"},
	CodeRedirectURIMismatch:                      {401, "redirect_uri_mismatch"},
	CodeSAMLRequestSingingCertificateDoesntMatch: {401, "SAML request singing certificate doesn't match."},
	CodeSomeIssuePerfectmindRestAPI:              {401, "Some Issue with Perfectmind Rest API."},
	CodeHostedPluginMappingFieldsRequired:        {400, "The Hosted Plugin mapping fields are required."},
	CodeCustomObjectPluralHelpingVerbNotFound:    {400, "The CustomObject#Plural #HelpingVerb not found."},
	CodeTokenRequestInvalid:                      {400, "Request is invalid"},
	CodeAccessTokenExpiredOrInvalid:              {403, "The Access Token is expired or invalid"},
}
