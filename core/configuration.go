package core

import "context"

// ConfigurationService holds what LoginRadius tells about itself and the site.
type ConfigurationService struct{ c *Client }

// ServerInfo returns the service's clock, to find out how far ours is off.
// Minutes is the length of the SOTT window it proposes; 0 means its default.
//
// GET /identity/v2/serverinfo with API key; a read.
func (s *ConfigurationService) ServerInfo(ctx context.Context, minutes int) (*ServerInfo, error) {
	return do[ServerInfo](ctx, s.c, opConfigurationServerInfo, minutesOnly{minutes})
}

type minutesOnly struct {
	Minutes int `lr:"query,timedifference"`
}

// SOTT has LoginRadius mint a secured one-time token that is valid for the given
// minutes; 0 means its default. [Client.SOTT] needs no network.
//
// GET /identity/v2/manage/account/sott with API key and secret; a read.
func (s *ConfigurationService) SOTT(ctx context.Context, minutes int) (*SOTT, error) {
	return do[SOTT](ctx, s.c, opConfigurationSOTT, minutesOnly{minutes})
}

// ServerInfo is the service's clock. Times are UTC.
type ServerInfo struct {
	ServerLocation string
	ServerName     string
	CurrentTime    Time
	SOTT           struct {
		StartTime      Time
		EndTime        Time
		TimeDifference string
	} `json:"Sott"`
}

// SOTT is a secured one-time token minted by LoginRadius.
type SOTT struct {
	Token     string `json:"Sott" lr:",,secret"`
	ExpiresAt Time   `json:"ExpiryTime"`
}
