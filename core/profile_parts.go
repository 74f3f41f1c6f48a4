package core

import (
	"fmt"
	"log/slog"
)

// AcceptedPrivacyPolicy is part of a [Profile].
type AcceptedPrivacyPolicy struct {
	AcceptDateTime Time   `json:"AcceptDateTime"`
	AcceptSource   string `json:"AcceptSource"`
	Version        string `json:"Version"`
}

// Address is part of a [Profile].
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

// AgeRange is part of a [Profile].
type AgeRange struct {
	Max int `json:"Max"`
	Min int `json:"Min"`
}

// Award is part of a [Profile].
type Award struct {
	ID     string `json:"Id"`
	Issuer string `json:"Issuer"`
	Name   string `json:"Name"`
}

// Badge is part of a [Profile].
type Badge struct {
	BadgeID      string `json:"BadgeId"`
	BadgeMessage string `json:"BadgeMessage"`
	BageID       string `json:"BageId"`
	BageMessage  string `json:"BageMessage"`
	Description  string `json:"Description"`
	ImageURL     string `json:"ImageUrl"`
	Name         string `json:"Name"`
}

// Book is part of a [Profile].
type Book struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// Certification is part of a [Profile].
type Certification struct {
	Authority string `json:"Authority"`
	EndDate   string `json:"EndDate"`
	ID        string `json:"Id"`
	Name      string `json:"Name"`
	Number    string `json:"Number"`
	StartDate string `json:"StartDate"`
}

// AcceptedConsent is part of a [Profile].
type AcceptedConsent struct {
	AcceptOnDate    Time   `json:"AcceptOnDate"`
	ConsentOptionID string `json:"ConsentOptionId"`
}

// ConsentProfile is part of a [Profile].
type ConsentProfile struct {
	AcceptedConsentVersions []ConsentVersion  `json:"AcceptedConsentVersions"`
	Consents                []AcceptedConsent `json:"Consents"`
}

// ConsentVersion is part of a [Profile].
type ConsentVersion struct {
	Event    string `json:"Event"`
	IsCustom bool   `json:"IsCustom"`
	Version  int    `json:"Version"`
}

// Country is part of a [Profile].
type Country struct {
	Code string `json:"Code"`
	Name string `json:"Name"`
}

// Course is part of a [Profile].
type Course struct {
	ID     string `json:"Id"`
	Name   string `json:"Name"`
	Number string `json:"Number"`
}

// CurrentStatus is part of a [Profile].
type CurrentStatus struct {
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Source      string `json:"Source"`
	Text        string `json:"Text"`
}

// DataValue is part of a [Profile].
type DataValue struct {
	DataSource string                 `json:"DataSource"`
	Value      *RegistrationDataValue `json:"Value"`
}

// Education is part of a [Profile].
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

// Email is part of a [Profile].
type Email struct {
	Type  string `json:"Type"`
	Value string `json:"Value"`
}

// ExternalID is part of a [Profile].
type ExternalID struct {
	Source   string `json:"Source"`
	SourceID string `json:"SourceId"`
}

// FamilyMember is part of a [Profile].
type FamilyMember struct {
	ID           string `json:"Id"`
	Name         string `json:"Name"`
	Relationship string `json:"Relationship"`
}

// FavoriteThing is part of a [Profile].
type FavoriteThing struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
	Type string `json:"Type"`
}

// Game is part of a [Profile].
type Game struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate string `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// GitHubPlan is part of a [Profile].
type GitHubPlan struct {
	Collaborators string `json:"Collaborators"`
	Name          string `json:"Name"`
	PrivateRepos  string `json:"PrivateRepos"`
	Space         string `json:"Space"`
}

// IMAccount is part of a [Profile].
type IMAccount struct {
	AccountName string `json:"AccountName"`
	AccountType string `json:"AccountType"`
}

// InspirationalPerson is part of a [Profile].
type InspirationalPerson struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Interest is part of a [Profile].
type Interest struct {
	InterestedName string `json:"InterestedName"`
	InterestedType string `json:"InterestedType"`
}

// Job is part of a [Profile].
type Job struct {
	Active             bool                 `json:"Active"`
	Company            *JobBookmarkCompany  `json:"Company"`
	Compony            map[string]any       `json:"Compony"`
	DescriptionSnippet string               `json:"DescriptionSnippet"`
	ID                 string               `json:"Id"`
	Position           *JobBookmarkPosition `json:"Position"`
	PostingTimestamp   string               `json:"PostingTimestamp"`
}

// JobBookmark is part of a [Profile].
type JobBookmark struct {
	ApplyTimestamp string `json:"ApplyTimestamp"`
	IsApplied      bool   `json:"IsApplied"`
	IsSaved        bool   `json:"IsSaved"`
	Job            *Job   `json:"Job"`
	SavedTimestamp string `json:"SavedTimestamp"`
}

// JobBookmarkCompany is part of a [Profile].
type JobBookmarkCompany struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// JobBookmarkPosition is part of a [Profile].
type JobBookmarkPosition struct {
	Title string `json:"Title"`
}

// KloutScore is part of a [Profile].
type KloutScore struct {
	KloutID string  `json:"KloutId"`
	Score   float64 `json:"Score"`
}

// Language is part of a [Profile].
type Language struct {
	ID          string `json:"Id"`
	Name        string `json:"Name"`
	Proficiency string `json:"Proficiency"`
}

// MemberURLResource is part of a [Profile].
type MemberURLResource struct {
	URL     string `json:"Url"`
	URLName string `json:"UrlName"`
}

// Movie is part of a [Profile].
type Movie struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate string `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// MutualFriend is part of a [Profile].
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

// NamedID is part of a [Profile].
type NamedID struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Organization is part of a [Profile].
type Organization struct {
	ID string `json:"Id"`
}

// PINInformation is part of a [Profile].
type PINInformation struct {
	LastPINChangeDate  Time   `json:"LastPINChangeDate"`
	LastPINChangeToken string `json:"LastPINChangeToken" lr:",,secret"`
	PIN                string `json:"PIN" lr:",,secret"`
	Skipped            bool   `json:"Skipped"`
	SkippedDate        Time   `json:"SkippedDate"`
}

// Patent is part of a [Profile].
type Patent struct {
	Date  Time   `json:"Date"`
	ID    string `json:"Id"`
	Title string `json:"Title"`
}

// Phone is part of a [Profile].
type Phone struct {
	PhoneNumber string `json:"PhoneNumber"`
	PhoneType   string `json:"PhoneType"`
}

// PlaceLived is part of a [Profile].
type PlaceLived struct {
	IsPrimary bool   `json:"IsPrimary"`
	Name      string `json:"Name"`
}

// Position is part of a [Profile].
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

// PositionCompany is part of a [Profile].
type PositionCompany struct {
	Industry string `json:"Industry"`
	Name     string `json:"Name"`
	Type     string `json:"Type"`
}

// Project is part of a [Profile].
type Project struct {
	EndDate   string    `json:"EndDate"`
	ID        string    `json:"Id"`
	IsCurrent string    `json:"IsCurrent"`
	Name      string    `json:"Name"`
	StartDate string    `json:"StartDate"`
	Summary   string    `json:"Summary"`
	With      []NamedID `json:"With"`
}

// ProviderAccessCredential is part of a [Profile].
type ProviderAccessCredential struct {
	AccessToken string `json:"AccessToken" lr:",,secret"`
	TokenSecret string `json:"TokenSecret" lr:",,secret"`
}

// Publication is part of a [Profile].
type Publication struct {
	Authors   []PublicationAuthor `json:"Authors"`
	Date      Time                `json:"Date"`
	ID        string              `json:"Id"`
	Publisher string              `json:"Publisher"`
	Summary   string              `json:"Summary"`
	Title     string              `json:"Title"`
	URL       string              `json:"Url"`
}

// PublicationAuthor is part of a [Profile].
type PublicationAuthor struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Recommendation is part of a [Profile].
type Recommendation struct {
	ID                 string `json:"Id"`
	RecommendationText string `json:"RecommendationText"`
	RecommendationType string `json:"RecommendationType"`
	Recommender        string `json:"Recommender"`
}

// RegistrationData is part of a [Profile].
type RegistrationData struct {
	Data []DataValue `json:"Data"`
}

// RegistrationDataValue is part of a [Profile].
type RegistrationDataValue struct {
	ID string `json:"Id"`
}

// RelatedProfileView is part of a [Profile].
type RelatedProfileView struct {
	FirstName string `json:"FirstName"`
	ID        string `json:"Id"`
	LastName  string `json:"LastName"`
}

// Skill is part of a [Profile].
type Skill struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Sport is part of a [Profile].
type Sport struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

// Suggestions is part of a [Profile].
type Suggestions struct {
	CompaniestoFollow  []NamedID `json:"CompaniestoFollow"`
	IndustriestoFollow []NamedID `json:"IndustriestoFollow"`
	NewssourcetoFollow []NamedID `json:"NewssourcetoFollow"`
	PeopletoFollow     []NamedID `json:"PeopletoFollow"`
}

// TelevisionShow is part of a [Profile].
type TelevisionShow struct {
	Category    string `json:"Category"`
	CreateDate  Time   `json:"CreateDate"`
	CreatedDate Time   `json:"CreatedDate"`
	ID          string `json:"Id"`
	Name        string `json:"Name"`
}

// Volunteer is part of a [Profile].
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
