package emulator

// A Feature is a part of a LoginRadius site that its owner switches on or off in the
// console. All of them are on by default.
type Feature int

// The features that [Without] switches off, and the code with which a site without
// them refuses their calls.
const (
	FeaturePasswordless Feature = iota // login by a mailed link or code: 1059
	FeatureOneTouch                    // login that registers unknown users: 1146
	FeatureSmartLogin                  // login in the browser that waits: 1135
	FeaturePhoneLogin                  // phone numbers as identifiers: 1074
	FeatureLinking                     // of social accounts with others: 1054
)

// Without switches features off.
func Without(features ...Feature) Option {
	return func(o *options) {
		for _, f := range features {
			o.off[f] = true
		}
	}
}
