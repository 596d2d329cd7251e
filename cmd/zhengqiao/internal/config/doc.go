// Package config reads the gateway's one YAML file: unknown keys are refused, errors name file and line, environment variables
// override single values, and secrets are only ever references to files. It stops at values: what a source's settings mean
// is for its adapter to say, and nothing here opens a key or a connection.
package config
