package emulator

import (
	"slices"
	"strings"
	"time"
)

// profileKeys are the keys of the profile of an ordinary account, by the kind of
// their empty value.
var profileKeys = struct{ null, zero, no []string }{
	null: strings.Fields(`
		About Addresses Age AgeRange Associations Awards Badges BirthDate Books Certifications City
		Company Country Courses CoverPhoto Created CreatedDate Currency CurrentStatus CustomFields
		Educations Email ExternalUserLoginId Family Favicon FavoriteThings FirstName FullName Games
		Gender GistsUrl GravatarImageUrl HomeTown Honors HttpsImageUrl ID IMAccounts Identities ImageUrl
		Industry InspirationalPeople InterestedIn Interests IsGeoEnabled JobBookmarks KloutScore
		LRUserID Language Languages LastName LastPasswordChangeToken LocalCity LocalCountry
		LocalLanguage MainAddress MemberUrlResources MiddleName ModifiedDate Movies MutualFriends
		NickName PasswordExpirationDate Patents PhoneNumbers PlacesLived Political Positions Prefix
		PreviousUids ProfessionalHeadline ProfileCity ProfileCountry ProfileImageUrls ProfileName
		ProfileUrl Projects Provider ProviderAccessCredential PublicRepository Publications Quota Quote
		RecommendationsReceived RegistrationProvider RelatedProfileViews RelationshipStatus Religion
		RepositoryUrl Skills Sports StarredUrl State Subscription Suffix Suggestions TagLine
		TeleVisionShow ThumbnailImageUrl TimeZone Uid UnverifiedEmail UpdatedTime UserName Verified
		Volunteer WebProfiles Website phoneId`),
	zero: strings.Fields(`
		FollowersCount FriendsCount NumRecommenders PrivateGists PublicGists TotalPrivateRepository
		TotalStatusesCount`),
	no: strings.Fields(`
		Hireable IsEmailSubscribed IsPasswordBreached IsProtected`),
}

// date writes a time as LoginRadius mostly does, or null if it is not set.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// orNull is null for an empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// profile returns the account as the API shows it, limited to the fields that the
// query asks for.
func (e *Emulator) profile(c *call, a *account) map[string]any {
	p := map[string]any{}
	for _, k := range profileKeys.null {
		p[k] = nil
	}
	for _, k := range profileKeys.zero {
		p[k] = 0
	}
	for _, k := range profileKeys.no {
		p[k] = false
	}
	for k, v := range a.extra {
		p[k] = v
	}
	var emails []any
	for _, m := range a.emails {
		emails = append(emails, map[string]any{"Type": m.kind, "Value": m.value})
	}
	p["Email"] = nil
	if emails != nil {
		p["Email"] = emails
	}
	p["Roles"] = nil
	if len(a.roles) > 0 {
		p["Roles"] = slices.Clone(a.roles)
	}
	p["Uid"], p["ID"] = a.uid, a.id
	p["EmailVerified"], p["PhoneIdVerified"], p["IsActive"], p["IsDeleted"] = a.emailVerified, a.phoneVerified, a.active, false
	p["UserName"], p["PhoneId"] = orNull(a.username), orNull(a.phone)
	p["Provider"], p["RegistrationProvider"], p["RegistrationSource"] = a.provider, a.provider, "API"
	p["DisableLogin"] = a.loginDisabled
	p["IsLoginLocked"], p["LoginLockedType"] = a.lockedUntil.After(e.now()), "None"
	if a.lockedUntil.After(e.now()) {
		p["LoginLockedType"] = "Suspend"
	}
	p["NoOfLogins"] = a.logins
	p["CreatedDate"], p["SignupDate"], p["ModifiedDate"] = date(a.created), date(a.created), date(a.modified)
	p["LastLoginDate"], p["LastPasswordChangeDate"] = date(a.lastLogin), date(a.passwordSet)
	if a.hash != nil {
		p["Password"] = "**********"
	}
	if p["FullName"] == nil {
		first, _ := p["FirstName"].(string)
		last, _ := p["LastName"].(string)
		p["FullName"] = orNull(strings.TrimSpace(first + " " + last))
	}
	return project(p, c.query["fields"])
}

// project keeps the top-level keys that fields names; nested selections keep the
// whole of what they are in.
func project(p map[string]any, fields string) map[string]any {
	if fields == "" || strings.Contains(fields, "*") {
		return p
	}
	out := map[string]any{}
	for _, f := range strings.Split(fields, ",") {
		f, _, _ = strings.Cut(strings.TrimSpace(f), "/")
		f, _, _ = strings.Cut(f, "(")
		for k, v := range p {
			if strings.EqualFold(k, f) {
				out[k] = v
			}
		}
	}
	return out
}

// merge writes a profile body into the account, as far as its sender may. It
// returns an error code, or 0.
func (e *Emulator) merge(c *call, a *account, managed bool) int {
	if name := c.text("username"); name != "" && !strings.EqualFold(name, a.username) {
		if e.byUsername(name) != nil {
			return 1017
		}
		if strings.Contains(name, " ") || len(name) > 32 {
			return 1204
		}
		a.username = strings.ToLower(name)
	}
	if phone := c.text("phoneid"); phone != "" && phone != a.phone {
		if e.byPhone(phone) != nil {
			return 1058
		}
		a.phone, a.phoneVerified = phone, false
	}
	for key, value := range c.body {
		if value == nil && !c.flag("nullsupport") {
			continue
		}
		b, isBool := value.(bool)
		switch key {
		case "emailverified", "phoneidverified", "isactive", "disablelogin", "isloginlocked":
			if managed && isBool {
				e.setFlag(a, key, b)
			}
		case "uid", "id", "roles", "password", "email", "username", "phoneid", "isdeleted", "provider", "nooflogins", "pin",
			"createddate", "modifieddate", "lastlogindate", "signupdate", "identities":
			// has its own operation, or is the service's to set
		default:
			for _, k := range slices.Concat(profileKeys.null, profileKeys.zero, profileKeys.no) {
				if strings.EqualFold(k, key) {
					a.extra[k] = value
				}
			}
		}
	}
	a.modified = e.now()
	return 0
}

func (e *Emulator) setFlag(a *account, key string, on bool) {
	switch key {
	case "emailverified":
		a.emailVerified = on
	case "phoneidverified":
		a.phoneVerified = on
	case "isactive":
		a.active = on
	case "disablelogin":
		a.loginDisabled = on
	case "isloginlocked":
		if !on {
			a.lockedUntil, a.failures = time.Time{}, 0
		}
	}
}
