package emulator_test

// pending names the operations of the client that are not emulated yet. A test fails
// for an entry that is emulated already. The file goes when the list is empty.
var pending = map[string]bool{}
