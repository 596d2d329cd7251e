package tmri

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

type pictures struct{ *platform }

var _ exchange.PictureSource = pictures{}

const mediaType = "image/jpeg"

// Picture reads the picture of the request's violation. It is handed out only if the vehicle that it shows is registered to
// the subject; if the request names vehicles, it must also be one of them.
func (s pictures) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	var none exchange.Sighting[exchange.Picture]
	rows, err := s.ask(ctx, question{
		asked: s.config.Interfaces.Picture, purpose: request.Purpose, query: []condition{{"xh", request.Violation}},
		maxBody: outbound.PictureMaxBody,
	})
	if err != nil {
		return none, err
	}
	found, err := one(rows)
	if err != nil {
		return none, err
	}
	picture, err := readPicture(found, request.Violation)
	if err != nil {
		return none, err
	}
	if len(request.Vehicles) > 0 && !slices.Contains(request.Vehicles, picture.Vehicle) {
		return none, exchange.Errorf(exchange.IdentityMismatch, "the picture is of another vehicle than the request's")
	}
	if err := s.checkOwner(ctx, request, picture.Vehicle); err != nil {
		return none, err
	}
	return exchange.Sighting[exchange.Picture]{Value: picture, AsOf: s.clock()}, nil
}

// readPicture reads a row of VioSurveilZp (T7). A row without a plate is refused: whose picture it is could not be checked.
func readPicture(row columns, violation string) (exchange.Picture, error) {
	vehicle := row.vehicle()
	if vehicle.PlateType == "" || vehicle.PlateNumber == "" {
		return exchange.Picture{}, exchange.Errorf(exchange.SourceInvalid, "the picture's row names no vehicle")
	}
	if serial := row.text("xh"); serial != "" && serial != violation {
		return exchange.Picture{}, exchange.Errorf(exchange.SourceInvalid, "the picture is another violation's than the one asked for")
	}
	data, err := base64.StdEncoding.DecodeString(withoutBreaks(row.Column("zp1")))
	if err != nil || !isJPEG(data) {
		return exchange.Picture{}, exchange.Errorf(exchange.SourceInvalid, "column zp1: not a JPEG in base64")
	}
	return exchange.Picture{Violation: violation, MediaType: mediaType, Data: data, Vehicle: vehicle}, nil
}

// withoutBreaks drops the blanks and line breaks that MIME encoders put between base64's lines.
func withoutBreaks(text string) string { return strings.Join(strings.Fields(text), "") }

// isJPEG looks for the marker that begins every JPEG (ITU-T T.81, SOI and the next marker's first byte): a page or a script
// must not leave the gateway as a picture.
func isJPEG(data []byte) bool { return bytes.HasPrefix(data, []byte{0xFF, 0xD8, 0xFF}) }
