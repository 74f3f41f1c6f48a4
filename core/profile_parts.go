package core

import (
	"fmt"
	"log/slog"
)

// AcceptedPrivacyPolicy records which version of the privacy policy a user accepted,
// and how.
type AcceptedPrivacyPolicy struct {
	AcceptDateTime Time   `json:"AcceptDateTime"`
	AcceptSource   string `json:"AcceptSource"`
	Version        string `json:"Version"`
}

// Address is a postal address of a user.
type Address struct {
	Address1   string `json:"Address1"`
	Address2   string `json:"Address2"`
	City       string `json:"City"`
	Country    string `json:"Country"`
	PostalCode string `json:"PostalCode"`
	Region     string `json:"Region"`
	State      string `json:"State"`
	Type       string `json:"Type"`
}

// AgeRange is the range that a user's age is in.
type AgeRange struct {
	Max int `json:"Max"`
	Min int `json:"Min"`
}

// Award is an award that a user received.
type Award struct {
	ID     string `json:"Id"`
	Issuer string `json:"Issuer"`
	Name   string `json:"Name"`
}

// Badge is a badge that a user earned at a provider.
type Badge struct {
	BadgeID      string `json:"BadgeId"`
	BadgeMessage string `json:"BadgeMessage"`
	BageID       string `json:"BageId"`
	BageMessage  string `json:"BageMessage"`
	Description  string `json:"Description"`
	ImageURL     string `json:"ImageUrl"`
	Name         string `json:"Name"`
}

// Book is a book that a user likes.
type Book struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// Certification is a professional certificate of a user.
type Certification struct {
	Authority string `json:"Authority"`
	EndDate   string `json:"EndDate"`
	ID        string `json:"Id"`
	Name      string `json:"Name"`
	Number    string `json:"Number"`
	StartDate string `json:"StartDate"`
}

// AcceptedConsent is an option that a user consented to, and when.
type AcceptedConsent struct {
	AcceptOnDate    Time   `json:"AcceptOnDate"`
	ConsentOptionID string `json:"ConsentOptionId"`
}

// ConsentProfile holds what a user has consented to.
type ConsentProfile struct {
	AcceptedConsentVersions []ConsentVersion  `json:"AcceptedConsentVersions"`
	Consents                []AcceptedConsent `json:"Consents"`
}

// ConsentVersion is the version of a consent form that a user has answered.
type ConsentVersion struct {
	Event    string `json:"Event"`
	IsCustom bool   `json:"IsCustom"`
	Version  int    `json:"Version"`
}

// Country is a country by code and name. Some answers have the name alone.
type Country struct {
	Code string `json:"Code"`
	Name string `json:"Name"`
}

// Course is a course that a user took.
type Course struct {
	ID     string `json:"Id"`
	Name   string `json:"Name"`
	Number string `json:"Number"`
}

// CurrentStatus is a status message of a user at a provider.
type CurrentStatus struct {
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Source      string `json:"Source"`
	Text        string `json:"Text"`
}

// DataValue is a named value.
type DataValue struct {
	DataSource string                 `json:"DataSource"`
	Value      *RegistrationDataValue `json:"Value"`
}

// Education is a school or university that a user attended.
type Education struct {
	Activities   string `json:"activities"`
	Degree       string `json:"degree"`
	EndDate      string `json:"EndDate"`
	Fieldofstudy string `json:"fieldofstudy"`
	Notes        string `json:"notes"`
	School       string `json:"School"`
	StartDate    string `json:"StartDate"`
	Type         string `json:"type"`
	Year         string `json:"year"`
}

// Email is an e-mail address of a user and its type, e.g. "Primary".
type Email struct {
	Type  string `json:"Type"`
	Value string `json:"Value"`
}

// ExternalID is the ID of a user in another system.
type ExternalID struct {
	Source   string `json:"Source"`
	SourceID string `json:"SourceId"`
}

// FamilyMember is a relative of a user.
type FamilyMember struct {
	ID           string `json:"Id"`
	Name         string `json:"Name"`
	Relationship string `json:"Relationship"`
}

// FavoriteThing is something that a user likes.
type FavoriteThing struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
	Type string `json:"Type"`
}

// Game is a game that a user likes.
type Game struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate string `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// GitHubPlan is a user's plan at GitHub.
type GitHubPlan struct {
	Collaborators string `json:"Collaborators"`
	Name          string `json:"Name"`
	PrivateRepos  string `json:"PrivateRepos"`
	Space         string `json:"Space"`
}

// IMAccount is an instant-messaging account of a user.
type IMAccount struct {
	AccountName string `json:"AccountName"`
	AccountType string `json:"AccountType"`
}

// InspirationalPerson is a person who inspires a user.
type InspirationalPerson struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Interest is an interest of a user.
type Interest struct {
	InterestedName string `json:"InterestedName"`
	InterestedType string `json:"InterestedType"`
}

// Job is a job that a user bookmarked.
type Job struct {
	Active             bool                 `json:"Active"`
	Company            *JobBookmarkCompany  `json:"Company"`
	Compony            map[string]any       `json:"Compony"`
	DescriptionSnippet string               `json:"DescriptionSnippet"`
	ID                 string               `json:"Id"`
	Position           *JobBookmarkPosition `json:"Position"`
	PostingTimestamp   string               `json:"PostingTimestamp"`
}

// JobBookmark is a bookmark of a job.
type JobBookmark struct {
	ApplyTimestamp string `json:"ApplyTimestamp"`
	IsApplied      bool   `json:"IsApplied"`
	IsSaved        bool   `json:"IsSaved"`
	Job            *Job   `json:"Job"`
	SavedTimestamp string `json:"SavedTimestamp"`
}

// JobBookmarkCompany is the company of a bookmarked job.
type JobBookmarkCompany struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// JobBookmarkPosition is the position of a bookmarked job.
type JobBookmarkPosition struct {
	Title string `json:"Title"`
}

// KloutScore is a user's score at Klout.
type KloutScore struct {
	KloutID string  `json:"KloutId"`
	Score   float64 `json:"Score"`
}

// Language is a language that a user speaks.
type Language struct {
	ID          string `json:"Id"`
	Name        string `json:"Name"`
	Proficiency string `json:"Proficiency"`
}

// MemberURLResource is a web address that a user listed at a provider.
type MemberURLResource struct {
	URL     string `json:"Url"`
	URLName string `json:"UrlName"`
}

// Movie is a film that a user likes.
type Movie struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate string `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// MutualFriend is a friend that a user has in common with another.
type MutualFriend struct {
	Birthday  Time   `json:"Birthday"`
	FirstName string `json:"FirstName"`
	Gender    string `json:"Gender"`
	Hometown  string `json:"Hometown"`
	ID        string `json:"Id"`
	LastName  string `json:"LastName"`
	Link      string `json:"Link"`
	Name      string `json:"Name"`
}

// NamedID is an ID with a name.
type NamedID struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Organization is an organization that an account belongs to.
type Organization struct {
	ID string `json:"Id"`
}

// PINInformation holds the PIN of an account, as a hash, and whether the user declined
// to set one.
type PINInformation struct {
	LastPINChangeDate  Time   `json:"LastPINChangeDate"`
	LastPINChangeToken string `json:"LastPINChangeToken" lr:",,secret"`
	PIN                string `json:"PIN" lr:",,secret"`
	Skipped            bool   `json:"Skipped"`
	SkippedDate        Time   `json:"SkippedDate"`
}

// Patent is a patent of a user.
type Patent struct {
	Date  Time   `json:"Date"`
	ID    string `json:"Id"`
	Title string `json:"Title"`
}

// Phone is a phone number of a user and its type.
type Phone struct {
	PhoneNumber string `json:"PhoneNumber"`
	PhoneType   string `json:"PhoneType"`
}

// PlaceLived is a place where a user lived.
type PlaceLived struct {
	IsPrimary bool   `json:"IsPrimary"`
	Name      string `json:"Name"`
}

// Position is a position that a user held.
type Position struct {
	Comapny   map[string]any   `json:"Comapny"`
	Company   *PositionCompany `json:"Company"`
	EndDate   string           `json:"EndDate"`
	IsCurrent string           `json:"IsCurrent"`
	Location  string           `json:"Location"`
	Position  string           `json:"Position"`
	StartDate string           `json:"StartDate"`
	Summary   string           `json:"Summary"`
}

// PositionCompany is the company of a position.
type PositionCompany struct {
	Industry string `json:"Industry"`
	Name     string `json:"Name"`
	Type     string `json:"Type"`
}

// Project is a project that a user worked on.
type Project struct {
	EndDate   string    `json:"EndDate"`
	ID        string    `json:"Id"`
	IsCurrent string    `json:"IsCurrent"`
	Name      string    `json:"Name"`
	StartDate string    `json:"StartDate"`
	Summary   string    `json:"Summary"`
	With      []NamedID `json:"With"`
}

// ProviderAccessCredential holds the tokens that a provider issued for a user.
type ProviderAccessCredential struct {
	AccessToken string `json:"AccessToken" lr:",,secret"`
	TokenSecret string `json:"TokenSecret" lr:",,secret"`
}

// Publication is a publication of a user.
type Publication struct {
	Authors   []PublicationAuthor `json:"Authors"`
	Date      Time                `json:"Date"`
	ID        string              `json:"Id"`
	Publisher string              `json:"Publisher"`
	Summary   string              `json:"Summary"`
	Title     string              `json:"Title"`
	URL       string              `json:"Url"`
}

// PublicationAuthor is an author of a publication.
type PublicationAuthor struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Recommendation is a recommendation that a user received.
type Recommendation struct {
	ID                 string `json:"Id"`
	RecommendationText string `json:"RecommendationText"`
	RecommendationType string `json:"RecommendationType"`
	Recommender        string `json:"Recommender"`
}

// RegistrationData holds the registration data of an account.
type RegistrationData struct {
	Data []DataValue `json:"Data"`
}

// RegistrationDataValue is one value of the registration data.
type RegistrationDataValue struct {
	ID string `json:"Id"`
}

// RelatedProfileView is a profile that visitors of a user's profile also viewed.
type RelatedProfileView struct {
	FirstName string `json:"FirstName"`
	ID        string `json:"Id"`
	LastName  string `json:"LastName"`
}

// Skill is a skill of a user.
type Skill struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Sport is a sport that a user likes.
type Sport struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Suggestions lists what a provider suggests that a user follow.
type Suggestions struct {
	CompaniestoFollow  []NamedID `json:"CompaniestoFollow"`
	IndustriestoFollow []NamedID `json:"IndustriestoFollow"`
	NewssourcetoFollow []NamedID `json:"NewssourcetoFollow"`
	PeopletoFollow     []NamedID `json:"PeopletoFollow"`
}

// TelevisionShow is a television show that a user likes.
type TelevisionShow struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// Volunteer is a voluntary activity of a user.
type Volunteer struct {
	Cause        string `json:"Cause"`
	ID           string `json:"Id"`
	Organization string `json:"Organization"`
	Role         string `json:"Role"`
}

// Format implements fmt.Formatter, without the PIN.
func (p PINInformation) Format(f fmt.State, _ rune) { formatRedacted(f, p) }

// LogValue implements slog.LogValuer, without the PIN.
func (p PINInformation) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }

// Format implements fmt.Formatter, without the tokens.
func (p ProviderAccessCredential) Format(f fmt.State, _ rune) { formatRedacted(f, p) }

// LogValue implements slog.LogValuer, without the tokens.
func (p ProviderAccessCredential) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }
