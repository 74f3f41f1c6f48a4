package emulator_test

// pending names the operations with recorded requests that do not pass yet: they are not
// emulated, or newScene does not set up what they need. A test fails for an entry that
// passes. The file goes when the list is empty.
var pending = map[string]bool{}
