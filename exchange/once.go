package exchange

import "context"

type onceKey struct{}

// AskOnce marks the questions asked under the context as ones that go out a single time, also where a repetition would be safe: who
// keeps to a quota counts every call.
func AskOnce(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// AskedOnce reports whether a question must not be repeated.
func AskedOnce(ctx context.Context) bool {
	once, _ := ctx.Value(onceKey{}).(bool)
	return once
}
