package core

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// A Profile is what LoginRadius knows about an account. UID names the account and
// is stable; ID names one of its identities.
//
// Decoding is lenient: a value of an unexpected kind leaves its field zero and is
// still reachable with [Profile.Value], as are keys that have no field. Encoding a
// decoded profile loses nothing: what was not changed is written as it came.
//
// As input to an operation, zero fields are not sent.
//
// A Profile is not safe for concurrent modification. Printing it with fmt, or
// logging it as an attribute with slog, hides its secrets; encoding it as JSON does
// not.
type Profile struct {
	About                      string                    `json:"About"`
	Addresses                  []Address                 `json:"Addresses"`
	Age                        string                    `json:"Age"`
	AgeRange                   *AgeRange                 `json:"AgeRange"`
	Associations               string                    `json:"Associations"`
	Awards                     []Award                   `json:"Awards"`
	Badges                     []Badge                   `json:"Badges"`
	BirthDate                  string                    `json:"BirthDate"`
	BoardsCount                int                       `json:"BoardsCount"`
	Books                      []Book                    `json:"Books"`
	Certifications             []Certification           `json:"Certifications"`
	City                       string                    `json:"City"`
	Company                    string                    `json:"Company"`
	ConsentProfile             *ConsentProfile           `json:"ConsentProfile"`
	Country                    *Country                  `json:"Country"`
	Courses                    []Course                  `json:"Courses"`
	CoverPhoto                 string                    `json:"CoverPhoto"`
	Created                    Time                      `json:"Created"`
	CreatedDate                Time                      `json:"CreatedDate"`
	Currency                   string                    `json:"Currency"`
	CurrentStatus              []CurrentStatus           `json:"CurrentStatus"`
	CustomFields               map[string]string         `json:"CustomFields"`
	Educations                 []Education               `json:"Educations"`
	Email                      []Email                   `json:"Email"`
	EmailVerified              bool                      `json:"EmailVerified"`
	ExternalIDs                []ExternalID              `json:"ExternalIds"`
	ExternalUserLoginID        string                    `json:"ExternalUserLoginId"`
	Family                     []FamilyMember            `json:"Family"`
	Favicon                    string                    `json:"Favicon"`
	FavoriteThings             []FavoriteThing           `json:"FavoriteThings"`
	FirstLogin                 bool                      `json:"FirstLogin"`
	FirstName                  string                    `json:"FirstName"`
	FollowersCount             int                       `json:"FollowersCount"`
	FriendsCount               int                       `json:"FriendsCount"`
	FullName                   string                    `json:"FullName"`
	Games                      []Game                    `json:"Games"`
	Gender                     string                    `json:"Gender"`
	GistsURL                   string                    `json:"GistsUrl"`
	GravatarImageURL           string                    `json:"GravatarImageUrl"`
	Hireable                   bool                      `json:"Hireable"`
	HomeTown                   string                    `json:"HomeTown"`
	Honors                     string                    `json:"Honors"`
	HTTPSImageURL              string                    `json:"HttpsImageUrl"`
	ID                         string                    `json:"ID"`
	Identities                 []SocialProfile           `json:"Identities"`
	IMAccounts                 []IMAccount               `json:"IMAccounts"`
	ImageURL                   string                    `json:"ImageUrl"`
	Industry                   string                    `json:"Industry"`
	InspirationalPeople        []InspirationalPerson     `json:"InspirationalPeople"`
	InterestedIn               []string                  `json:"InterestedIn"`
	Interests                  []Interest                `json:"Interests"`
	IsActive                   bool                      `json:"IsActive"`
	IsCustomUID                bool                      `json:"IsCustomUid"`
	IsDeleted                  bool                      `json:"IsDeleted"`
	IsEmailSubscribed          bool                      `json:"IsEmailSubscribed"`
	IsGeoEnabled               string                    `json:"IsGeoEnabled"`
	IsLoginLocked              bool                      `json:"IsLoginLocked"`
	IsPasswordBreached         bool                      `json:"IsPasswordBreached"`
	IsProtected                bool                      `json:"IsProtected"`
	IsRequiredFieldsFilledOnce bool                      `json:"IsRequiredFieldsFilledOnce"`
	IsSecurePassword           bool                      `json:"IsSecurePassword"`
	JobBookmarks               []JobBookmark             `json:"JobBookmarks"`
	KloutScore                 *KloutScore               `json:"KloutScore"`
	Language                   string                    `json:"Language"`
	Languages                  []Language                `json:"Languages"`
	LastLoginDate              Time                      `json:"LastLoginDate"`
	LastLoginLocation          string                    `json:"LastLoginLocation"`
	LastName                   string                    `json:"LastName"`
	LastPasswordChangeDate     Time                      `json:"LastPasswordChangeDate"`
	LastPasswordChangeToken    string                    `json:"LastPasswordChangeToken" lr:",,secret"`
	LikesCount                 int                       `json:"LikesCount"`
	LocalCity                  string                    `json:"LocalCity"`
	LocalCountry               string                    `json:"LocalCountry"`
	LocalLanguage              string                    `json:"LocalLanguage"`
	LoginLockedType            string                    `json:"LoginLockedType"`
	LRUserID                   string                    `json:"LRUserID"`
	MainAddress                string                    `json:"MainAddress"`
	MemberURLResources         []MemberURLResource       `json:"MemberUrlResources"`
	MiddleName                 string                    `json:"MiddleName"`
	ModifiedDate               Time                      `json:"ModifiedDate"`
	Movies                     []Movie                   `json:"Movies"`
	MutualFriends              []MutualFriend            `json:"MutualFriends"`
	NickName                   string                    `json:"NickName"`
	NoOfLogins                 int                       `json:"NoOfLogins"`
	NumRecommenders            int                       `json:"NumRecommenders"`
	Organizations              []Organization            `json:"Organizations"`
	Password                   string                    `json:"Password" lr:",,secret"`
	PasswordExpirationDate     Time                      `json:"PasswordExpirationDate"`
	Patents                    []Patent                  `json:"Patents"`
	PhoneID                    string                    `json:"PhoneId"`
	PhoneIDVerified            bool                      `json:"PhoneIdVerified"`
	PhoneNumbers               []Phone                   `json:"PhoneNumbers"`
	PIN                        *PINInformation           `json:"PIN" lr:",,secret"`
	PinsCount                  int                       `json:"PinsCount"`
	PlacesLived                []PlaceLived              `json:"PlacesLived"`
	Political                  string                    `json:"Political"`
	Positions                  []Position                `json:"Positions"`
	Prefix                     string                    `json:"Prefix"`
	PreviousUIDs               []string                  `json:"PreviousUids"`
	PrivacyPolicy              *AcceptedPrivacyPolicy    `json:"PrivacyPolicy"`
	PrivateGists               int                       `json:"PrivateGists"`
	ProfessionalHeadline       string                    `json:"ProfessionalHeadline"`
	ProfileCity                string                    `json:"ProfileCity"`
	ProfileCountry             string                    `json:"ProfileCountry"`
	ProfileImageURLs           map[string]string         `json:"ProfileImageUrls"`
	ProfileModifiedDate        Time                      `json:"ProfileModifiedDate"`
	ProfileName                string                    `json:"ProfileName"`
	ProfileURL                 string                    `json:"ProfileUrl"`
	Projects                   []Project                 `json:"Projects"`
	Provider                   string                    `json:"Provider"`
	ProviderAccessCredential   *ProviderAccessCredential `json:"ProviderAccessCredential"`
	Publications               []Publication             `json:"Publications"`
	PublicGists                int                       `json:"PublicGists"`
	PublicRepository           string                    `json:"PublicRepository"`
	Quota                      string                    `json:"Quota"`
	Quote                      string                    `json:"Quote"`
	RecommendationsReceived    []Recommendation          `json:"RecommendationsReceived"`
	RegistrationData           *RegistrationData         `json:"RegistrationData"`
	RegistrationProvider       string                    `json:"RegistrationProvider"`
	RegistrationSource         string                    `json:"RegistrationSource"`
	RelatedProfileViews        []RelatedProfileView      `json:"RelatedProfileViews"`
	RelationshipStatus         string                    `json:"RelationshipStatus"`
	Religion                   string                    `json:"Religion"`
	RepositoryURL              string                    `json:"RepositoryUrl"`
	Roles                      []string                  `json:"Roles"`
	SignupDate                 Time                      `json:"SignupDate"`
	Skills                     []Skill                   `json:"Skills"`
	Sports                     []Sport                   `json:"Sports"`
	StarredURL                 string                    `json:"StarredUrl"`
	State                      string                    `json:"State"`
	Subscription               *GitHubPlan               `json:"Subscription"`
	Suffix                     string                    `json:"Suffix"`
	Suggestions                *Suggestions              `json:"Suggestions"`
	TagLine                    string                    `json:"TagLine"`
	TelevisionShows            []TelevisionShow          `json:"TeleVisionShow"`
	ThumbnailImageURL          string                    `json:"ThumbnailImageUrl"`
	TimeZone                   string                    `json:"TimeZone"`
	TotalPrivateRepository     int                       `json:"TotalPrivateRepository"`
	TotalStatusesCount         int                       `json:"TotalStatusesCount"`
	UID                        string                    `json:"Uid"`
	UnverifiedEmail            []Email                   `json:"UnverifiedEmail"`
	UpdatedTime                Time                      `json:"UpdatedTime"`
	Username                   string                    `json:"UserName"`
	Verified                   string                    `json:"Verified"`
	Volunteer                  []Volunteer               `json:"Volunteer"`
	WebProfiles                map[string]string         `json:"WebProfiles"`
	Website                    string                    `json:"Website"`

	// received holds every key as LoginRadius sent it.
	received answer
}

// PrimaryEmail returns the address of type Primary, else the first one, else "".
func (p *Profile) PrimaryEmail() string {
	for _, e := range p.Email {
		if strings.EqualFold(e.Type, "Primary") {
			return e.Value
		}
	}
	if len(p.Email) > 0 {
		return p.Email[0].Value
	}
	return ""
}

// Value returns a key as LoginRadius sent it, known or not, matched without case.
// Changes to the fields do not show. The second result is false for a key that was
// not sent.
func (p *Profile) Value(key string) (json.RawMessage, bool) {
	if raw, ok := p.received[key]; ok {
		return append(json.RawMessage(nil), raw...), true
	}
	for k, raw := range p.received {
		if strings.EqualFold(k, key) {
			return append(json.RawMessage(nil), raw...), true
		}
	}
	return nil, false
}

// UnmarshalJSON fails only for what is not a JSON object.
func (p *Profile) UnmarshalJSON(b []byte) error {
	got, err := parseAnswer(b)
	if err != nil {
		return err
	}
	*p = Profile{}
	got.decode(p)
	return nil
}

// MarshalJSON writes every key that was received and every field that is set.
func (p Profile) MarshalJSON() ([]byte, error) {
	v := reflect.ValueOf(p)
	fields := fieldsOf(v.Type())
	out := make(map[string]any, len(p.received))
	seen := make(map[int]bool, len(p.received))
	for key, raw := range p.received {
		out[key] = raw
		i, known := fields[strings.ToLower(key)]
		if !known {
			continue
		}
		seen[i] = true
		was := reflect.New(v.Field(i).Type()).Elem()
		decodeValue(raw, was)
		if !reflect.DeepEqual(was.Interface(), v.Field(i).Interface()) {
			out[key] = v.Field(i).Interface()
		}
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && !seen[i] && !v.Field(i).IsZero() {
			out[jsonName(f)] = v.Field(i).Interface()
		}
	}
	return json.Marshal(out)
}

// Format implements fmt.Formatter, without the secrets.
func (p Profile) Format(f fmt.State, _ rune) { formatRedacted(f, p) }

// LogValue implements slog.LogValuer, without the secrets, so that a handler that
// writes JSON does not ask for the complete encoding.
func (p Profile) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }

// withoutSecrets returns a copy without hashes, PINs and provider tokens.
func (p Profile) withoutSecrets() Profile {
	p.Password, p.LastPasswordChangeToken, p.PIN, p.ProviderAccessCredential = "", "", nil, nil
	p.Identities = slices.Clone(p.Identities)
	for i := range p.Identities {
		p.Identities[i].ProviderAccessCredential = nil
	}
	p.received = maps.Clone(p.received)
	maps.DeleteFunc(p.received, func(key string, _ json.RawMessage) bool {
		return slices.Contains(secretFields, strings.ToLower(key)) || strings.EqualFold(key, "Identities")
	})
	return p
}

// settableKeys returns the fields that are set, by their JSON keys.
func (p Profile) settableKeys() map[string]any {
	v := reflect.ValueOf(p)
	out := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && !v.Field(i).IsZero() {
			out[jsonName(f)] = v.Field(i).Interface()
		}
	}
	return out
}

// Some answers shorten these to a plain string.

func (e *Email) decodeText(s string)   { e.Value = s }
func (c *Country) decodeText(s string) { c.Name = s }
func (p *Phone) decodeText(s string)   { p.PhoneNumber = s }
