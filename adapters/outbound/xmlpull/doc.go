// Package xmlpull reads an XML document piece by piece, out of one text and without an allocation for each piece: names and
// texts are parts of the document wherever nothing has to be unescaped. It exists because encoding/xml took more of a query
// than the signatures did.
//
// It reads less than encoding/xml, never more and never differently: what it accepts, encoding/xml accepts and reads alike, as
// a fuzz test holds it to. Refused are document types and all other declarations, names outside of ASCII, text before or
// behind the root, and nesting or attributes beyond bounds that no answer of a platform comes near. What the elements mean
// is its caller's business, and no error quotes the document.
package xmlpull
