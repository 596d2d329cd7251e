// Package doctor tests the connection to one platform step by step, each step with what to do if it fails, and packs what a developer
// needs to help from afar. It asks one question that is known to be harmless, changes nothing at the platform, and neither its reports nor
// its bundles hold a secret or personal data.
package doctor
