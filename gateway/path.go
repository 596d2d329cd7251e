package gateway

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// canonicalPath refuses every path that can be written in another way: two readers that decode differently, such as a proxy
// in front and the router here, must not see two different paths. The contract's paths need no percent-encoding, so anything
// but its characters is no path of ours. What counts is the request line, before any decoding.
func (g *Gateway) canonicalPath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		path, _, _ := strings.Cut(c.Request().RequestURI, "?")
		if !canonical(path) || c.Request().URL.Path != path {
			return &exchange.Error{Code: exchange.NotFound}
		}
		return next(c)
	}
}

// onlyContractMethods answers OPTIONS as the contract does: it has none. The router would answer by itself, unsigned.
func onlyContractMethods(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if allow, known := c.Get(echo.ContextKeyHeaderAllow).(string); known {
			c.Response().Header().Set(echo.HeaderAllow, strings.TrimPrefix(allow, http.MethodOptions+", "))
			return &exchange.Error{Code: exchange.MethodNotAllowed}
		}
		return next(c)
	}
}

func canonical(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.ContainsFunc(path, notPathCharacter) {
		return false
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

func notPathCharacter(c rune) bool {
	letter := 'a' <= c|0x20 && c|0x20 <= 'z'
	return !letter && (c < '0' || c > '9') && c != '/' && c != '.' && c != '-' && c != '_'
}
