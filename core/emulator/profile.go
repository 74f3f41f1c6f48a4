package emulator

import (
	"maps"
	"strings"
	"time"
)

// The keys of a profile by the kind of their empty value, without those that profile
// computes.
var (
	nullKeys = strings.Fields(`
		About Addresses Age AgeRange Associations Awards Badges BirthDate Books Certifications City Company
		ConsentProfile Country Courses CoverPhoto Created Currency CurrentStatus CustomFields Educations
		ExternalIds ExternalUserLoginId Family Favicon FavoriteThings FirstName FullName Games Gender GistsUrl
		GravatarImageUrl HomeTown Honors HttpsImageUrl IMAccounts Identities ImageUrl Industry
		InspirationalPeople InterestedIn Interests IsGeoEnabled IsSecurePassword JobBookmarks KloutScore
		LRUserID Language Languages LastLoginLocation LastName LastPasswordChangeToken LocalCity LocalCountry
		LocalLanguage MainAddress MemberUrlResources MiddleName Movies MutualFriends NickName Organizations
		PIN Password PasswordExpirationDate Patents PhoneNumbers PlacesLived Political Positions Prefix
		PreviousUids PrivacyPolicy ProfessionalHeadline ProfileCity ProfileCountry ProfileImageUrls
		ProfileModifiedDate ProfileName ProfileUrl Projects ProviderAccessCredential PublicRepository
		Publications Quota Quote RecommendationsReceived RegistrationData RelatedProfileViews
		RelationshipStatus Religion RepositoryUrl Skills Sports StarredUrl State Subscription Suffix
		Suggestions TagLine TeleVisionShow ThumbnailImageUrl TimeZone UnverifiedEmail UpdatedTime Verified
		Volunteer WebProfiles Website`)
	zeroKeys = strings.Fields(`
		BoardsCount FollowersCount FriendsCount LikesCount NumRecommenders PinsCount PrivateGists PublicGists
		TotalPrivateRepository TotalStatusesCount`)
	falseKeys = strings.Fields(`
		Hireable IsCustomUid IsDeleted IsEmailSubscribed IsPasswordBreached IsProtected`)
)

// date formats a time in the site's layout. A zero time is null.
func (e *Emulator) date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(e.opt.dateLayout)
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
	for _, k := range nullKeys {
		p[k] = nil
	}
	for _, k := range zeroKeys {
		p[k] = 0
	}
	for _, k := range falseKeys {
		p[k] = false
	}
	maps.Copy(p, a.extra)
	p["Uid"], p["ID"] = a.uid, a.id
	p["Email"], p["UserName"], p["PhoneId"] = a.emailList(), orNull(a.username), orNull(a.phone)
	p["EmailVerified"], p["PhoneIdVerified"], p["IsActive"] = a.emailVerified, a.phoneVerified, a.active
	p["Provider"], p["RegistrationProvider"], p["RegistrationSource"] = a.provider, a.provider, first(a.source, "API")
	p["DisableLogin"], p["IsLoginLocked"], p["LoginLockedType"] = a.loginDisabled, false, "None"
	if a.locked(e.now()) {
		p["IsLoginLocked"], p["LoginLockedType"] = true, a.lock.kind.String()
	}
	p["NoOfLogins"], p["FirstLogin"], p["IsRequiredFieldsFilledOnce"] = a.logins, a.logins <= 1, a.logins > 0
	p["CreatedDate"], p["SignupDate"], p["ModifiedDate"] = e.date(a.created), e.date(a.created), e.date(a.modified)
	p["LastLoginDate"], p["LastPasswordChangeDate"] = e.date(a.lastLogin), e.date(a.passwordSet)
	if len(a.policies) > 0 {
		p["PrivacyPolicy"] = a.policies[len(a.policies)-1].view(e)
	}
	if a.consent.versions != nil {
		p["ConsentProfile"] = e.consents.view(a)
	}
	if len(a.previousUIDs) > 0 {
		p["PreviousUids"], p["IsCustomUid"] = a.previousUIDs, true
	}
	if len(a.unverified) > 0 {
		p["UnverifiedEmail"] = addressList(a.unverified)
	}
	p["Roles"] = nil
	if len(a.roles) > 0 {
		roles := make([]any, len(a.roles))
		for i, r := range a.roles {
			roles[i] = r
		}
		p["Roles"] = roles
	}
	if a.hash != nil {
		p["Password"] = "**********"
	}
	if len(a.linked) > 0 {
		var list []any
		for _, i := range a.linked {
			list = append(list, map[string]any{"Provider": i.provider, "ID": i.id, "Email": p["Email"], "FirstName": p["FirstName"], "LastName": p["LastName"]})
		}
		p["Identities"] = list
	}
	if p["FullName"] == nil {
		first, _ := p["FirstName"].(string)
		last, _ := p["LastName"].(string)
		p["FullName"] = orNull(strings.TrimSpace(first + " " + last))
	}
	projected, _ := parseFields(c.query["fields"]).project(p).(map[string]any)
	return projected
}

// emailList is null for an account without an address.
func (a *account) emailList() any {
	if len(a.emails) == 0 {
		return nil
	}
	return addressList(a.emails)
}

func addressList(emails []address) []any {
	list := make([]any, len(emails))
	for i, m := range emails {
		list[i] = map[string]any{"Type": m.kind, "Value": m.value}
	}
	return list
}
