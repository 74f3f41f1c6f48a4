package web

import (
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A User is a profile in the form in which the routes answer it: in GET /me and beside
// new tokens.
type User struct {
	UID           string            `json:"uid"`
	Provider      string            `json:"provider,omitempty"`
	Email         string            `json:"email,omitempty"`
	EmailVerified bool              `json:"email_verified"`
	Username      string            `json:"username,omitempty"`
	Phone         string            `json:"phone,omitempty"`
	PhoneVerified bool              `json:"phone_verified"`
	FirstName     string            `json:"first_name,omitempty"`
	MiddleName    string            `json:"middle_name,omitempty"`
	LastName      string            `json:"last_name,omitempty"`
	FullName      string            `json:"full_name,omitempty"`
	NickName      string            `json:"nick_name,omitempty"`
	ImageURL      string            `json:"image_url,omitempty"`
	Gender        string            `json:"gender,omitempty"`
	BirthDate     string            `json:"birth_date,omitempty"`
	Language      string            `json:"language,omitempty"`
	TimeZone      string            `json:"time_zone,omitempty"`
	Roles         []string          `json:"roles"`
	CustomFields  map[string]string `json:"custom_fields,omitempty"`
	CreatedAt     string            `json:"created_at,omitempty"`
	LastLoginAt   string            `json:"last_login_at,omitempty"`
}

// UserOf converts a profile to that form. A nil profile gives an empty user.
func UserOf(p *core.Profile) User {
	if p == nil {
		p = &core.Profile{}
	}
	roles := p.Roles
	if roles == nil {
		roles = []string{}
	}
	return User{
		UID: p.UID, Provider: p.Provider, Email: p.PrimaryEmail(), EmailVerified: p.EmailVerified,
		Username: p.Username, Phone: p.PhoneID, PhoneVerified: p.PhoneIDVerified,
		FirstName: p.FirstName, MiddleName: p.MiddleName, LastName: p.LastName, FullName: p.FullName, NickName: p.NickName,
		ImageURL: p.ImageURL, Gender: p.Gender, BirthDate: p.BirthDate, Language: p.LocalLanguage, TimeZone: p.TimeZone,
		Roles: roles, CustomFields: p.CustomFields, CreatedAt: timestamp(p.CreatedDate.Time), LastLoginAt: timestamp(p.LastLoginDate.Time),
	}
}

func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// writableFields maps the fields that users may be allowed to change to LoginRadius'
// keys. Fields that identify or authorize a user are not among them.
var writableFields = map[string]string{
	"first_name": "FirstName", "middle_name": "MiddleName", "last_name": "LastName", "nick_name": "NickName",
	"gender": "Gender", "birth_date": "BirthDate", "language": "LocalLanguage", "time_zone": "TimeZone",
	"image_url": "ImageUrl", "about": "About", "company": "Company", "website": "Website", "city": "City", "state": "State",
}

// tokenAnswer is the answer of every route that begins a session.
type tokenAnswer struct {
	AccessToken  string `json:"access_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	ExpiresAt    string `json:"expires_at,omitempty"`
	SessionToken string `json:"session_token,omitempty"` // for POST /pin/login, on sites that have it
	User         User   `json:"user"`
}
