package core

import (
	"fmt"
	"log/slog"
)

// A SocialProfile is one linked identity of a [Profile]: what a social provider
// told about the user.
type SocialProfile struct {
	About                    string                    `json:"About"`
	Addresses                []Address                 `json:"Addresses"`
	Age                      string                    `json:"Age"`
	AgeRange                 *AgeRange                 `json:"AgeRange"`
	Associations             string                    `json:"Associations"`
	Awards                   []Award                   `json:"Awards"`
	Badges                   []Badge                   `json:"Badges"`
	BirthDate                string                    `json:"BirthDate"`
	BoardsCount              int                       `json:"BoardsCount"`
	Books                    []Book                    `json:"Books"`
	Certifications           []Certification           `json:"Certifications"`
	City                     string                    `json:"City"`
	Company                  string                    `json:"Company"`
	Country                  *Country                  `json:"Country"`
	Courses                  []Course                  `json:"Courses"`
	CoverPhoto               string                    `json:"CoverPhoto"`
	Created                  Time                      `json:"Created"`
	CreatedDate              Time                      `json:"CreatedDate"`
	Currency                 string                    `json:"Currency"`
	CurrentStatus            []CurrentStatus           `json:"CurrentStatus"`
	Educations               []Education               `json:"Educations"`
	Email                    []Email                   `json:"Email"`
	Family                   []FamilyMember            `json:"Family"`
	Favicon                  string                    `json:"Favicon"`
	FavoriteThings           []FavoriteThing           `json:"FavoriteThings"`
	FirstLogin               bool                      `json:"FirstLogin"`
	FirstName                string                    `json:"FirstName"`
	FollowersCount           int                       `json:"FollowersCount"`
	FriendsCount             int                       `json:"FriendsCount"`
	FullName                 string                    `json:"FullName"`
	Games                    []Game                    `json:"Games"`
	Gender                   string                    `json:"Gender"`
	GistsURL                 string                    `json:"GistsUrl"`
	GravatarImageURL         string                    `json:"GravatarImageUrl"`
	Hireable                 bool                      `json:"Hireable"`
	HomeTown                 string                    `json:"HomeTown"`
	Honors                   string                    `json:"Honors"`
	HTTPSImageURL            string                    `json:"HttpsImageUrl"`
	ID                       string                    `json:"ID"`
	IMAccounts               []IMAccount               `json:"IMAccounts"`
	ImageURL                 string                    `json:"ImageUrl"`
	Industry                 string                    `json:"Industry"`
	InspirationalPeople      []InspirationalPerson     `json:"InspirationalPeople"`
	InterestedIn             []string                  `json:"InterestedIn"`
	Interests                []Interest                `json:"Interests"`
	IsGeoEnabled             string                    `json:"IsGeoEnabled"`
	IsProtected              bool                      `json:"IsProtected"`
	JobBookmarks             []JobBookmark             `json:"JobBookmarks"`
	KloutScore               *KloutScore               `json:"KloutScore"`
	Language                 string                    `json:"Language"`
	Languages                []Language                `json:"Languages"`
	LastLoginDate            Time                      `json:"LastLoginDate"`
	LastName                 string                    `json:"LastName"`
	LikesCount               int                       `json:"LikesCount"`
	LocalCity                string                    `json:"LocalCity"`
	LocalCountry             string                    `json:"LocalCountry"`
	LocalLanguage            string                    `json:"LocalLanguage"`
	LRUserID                 string                    `json:"LRUserID"`
	MainAddress              string                    `json:"MainAddress"`
	MemberURLResources       []MemberURLResource       `json:"MemberUrlResources"`
	MiddleName               string                    `json:"MiddleName"`
	ModifiedDate             Time                      `json:"ModifiedDate"`
	Movies                   []Movie                   `json:"Movies"`
	MutualFriends            []MutualFriend            `json:"MutualFriends"`
	NickName                 string                    `json:"NickName"`
	NumRecommenders          int                       `json:"NumRecommenders"`
	Patents                  []Patent                  `json:"Patents"`
	PhoneNumbers             []Phone                   `json:"PhoneNumbers"`
	PinsCount                int                       `json:"PinsCount"`
	PlacesLived              []PlaceLived              `json:"PlacesLived"`
	Political                string                    `json:"Political"`
	Positions                []Position                `json:"Positions"`
	Prefix                   string                    `json:"Prefix"`
	PreviousUIDs             []string                  `json:"PreviousUids"`
	PrivateGists             int                       `json:"PrivateGists"`
	ProfessionalHeadline     string                    `json:"ProfessionalHeadline"`
	ProfileCity              string                    `json:"ProfileCity"`
	ProfileCountry           string                    `json:"ProfileCountry"`
	ProfileImageURLs         map[string]string         `json:"ProfileImageUrls"`
	ProfileModifiedDate      string                    `json:"ProfileModifiedDate"`
	ProfileName              string                    `json:"ProfileName"`
	ProfileURL               string                    `json:"ProfileUrl"`
	Projects                 []Project                 `json:"Projects"`
	Provider                 string                    `json:"Provider"`
	ProviderAccessCredential *ProviderAccessCredential `json:"ProviderAccessCredential"`
	Publications             []Publication             `json:"Publications"`
	PublicGists              int                       `json:"PublicGists"`
	PublicRepository         string                    `json:"PublicRepository"`
	Quota                    string                    `json:"Quota"`
	Quote                    string                    `json:"Quote"`
	RecommendationsReceived  []Recommendation          `json:"RecommendationsReceived"`
	RelatedProfileViews      []RelatedProfileView      `json:"RelatedProfileViews"`
	RelationshipStatus       string                    `json:"RelationshipStatus"`
	Religion                 string                    `json:"Religion"`
	RepositoryURL            string                    `json:"RepositoryUrl"`
	SignupDate               Time                      `json:"SignupDate"`
	Skills                   []Skill                   `json:"Skills"`
	Sports                   []Sport                   `json:"Sports"`
	StarredURL               string                    `json:"StarredUrl"`
	State                    string                    `json:"State"`
	Subscription             *GitHubPlan               `json:"Subscription"`
	Suffix                   string                    `json:"Suffix"`
	Suggestions              *Suggestions              `json:"Suggestions"`
	TagLine                  string                    `json:"TagLine"`
	TelevisionShows          []TelevisionShow          `json:"TeleVisionShow"`
	ThumbnailImageURL        string                    `json:"ThumbnailImageUrl"`
	TimeZone                 string                    `json:"TimeZone"`
	TotalPrivateRepository   int                       `json:"TotalPrivateRepository"`
	TotalStatusesCount       int                       `json:"TotalStatusesCount"`
	UpdatedTime              string                    `json:"UpdatedTime"`
	Verified                 string                    `json:"Verified"`
	Volunteer                []Volunteer               `json:"Volunteer"`
	WebProfiles              map[string]string         `json:"WebProfiles"`
	Website                  string                    `json:"Website"`
}

// Format implements fmt.Formatter, without the provider's tokens.
func (p SocialProfile) Format(f fmt.State, _ rune) { formatRedacted(f, p) }

// LogValue implements slog.LogValuer, without the provider's tokens.
func (p SocialProfile) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }
