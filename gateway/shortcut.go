package gateway

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// shortcuts leads people who type an address to the page that they mean. It goes by the request line as it stands and gives
// fixed places only: nothing of a request goes into an answer. All other methods and spellings are left to the steps behind it.
func (g *Gateway) shortcuts(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		place := shortcut(c.Request().RequestURI)
		if place == "" || c.Request().Method != http.MethodGet {
			return next(c)
		}
		v := visitOf(c)
		v.outcome = exchange.Answered
		g.send(c, v, reply{status: http.StatusFound, media: mediaHTML, location: place, policy: pagePolicy})
		return nil
	}
}

func shortcut(path string) string {
	switch path {
	case "/", "/docs/":
		return "/docs"
	case "/problems", "/problems/":
		return "/docs#problems"
	}
	return ""
}
