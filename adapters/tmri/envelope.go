package tmri

import (
	"encoding/xml"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

type wireEnvelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Results []wireElement `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// readEnvelope gives the one text that the operation returned. Names are not compared: SOAP 1.1 §7.1 leaves the result
// element's name open, and look-alikes of the service use others.
func readEnvelope(body []byte) (string, error) {
	var envelope wireEnvelope
	if err := readXML(body, &envelope); err != nil {
		return "", invalid(err)
	}
	if len(envelope.Body.Results) != 1 {
		return "", invalid(errEnvelope)
	}
	result := envelope.Body.Results[0]
	if result.XMLName == (xml.Name{Space: envelopeNamespace, Local: "Fault"}) {
		return "", exchange.Errorf(exchange.SourceDown, "the platform answered a SOAP fault")
	}
	if len(result.Columns) != 1 || len(result.Columns[0].Nested) > 0 {
		return "", invalid(errEnvelope)
	}
	return strings.TrimSpace(result.Columns[0].Text), nil
}
