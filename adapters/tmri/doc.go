// Package tmri asks the 公安交通管理综合应用平台 (六合一) by its "out access" web service: SOAP 1.1 rpc/encoded with positional
// text arguments, a query document inside one of them, and an answer that is one URL-encoded text around a document of rows.
// It reads licences, decisions and camera violations, and evidence pictures, and makes sure that a vehicle is the subject's
// before anything about it is shown. It never writes, and it does not know the platform's public web page (T3 in the register
// of assumptions), which is for people.
//
// The service is not public. Shape and names follow the WSDL and the exchange tables that published clients agree on; what a
// province grants is configuration (T1, T5, T6, T7).
package tmri
