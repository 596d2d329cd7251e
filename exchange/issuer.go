package exchange

// IssuerRegion gives the province of a licence's issuing office (发证机关 fzjg, such as 沪A): the character is the one of the number
// plates (GA 36). "" if there is none that is known.
func IssuerRegion(fzjg string) Region {
	for _, character := range fzjg {
		return issuerTable[character]
	}
	return ""
}

var issuerTable = map[rune]Region{
	'京': "110000", '津': "120000", '冀': "130000", '晋': "140000", '蒙': "150000", '辽': "210000", '吉': "220000", '黑': "230000",
	'沪': "310000", '苏': "320000", '浙': "330000", '皖': "340000", '闽': "350000", '赣': "360000", '鲁': "370000", '豫': "410000",
	'鄂': "420000", '湘': "430000", '粤': "440000", '桂': "450000", '琼': "460000", '渝': "500000", '川': "510000", '贵': "520000",
	'云': "530000", '藏': "540000", '陕': "610000", '甘': "620000", '青': "630000", '宁': "640000", '新': "650000",
}

// keptIn makes sure that the province which the question names does keep the licence: policy decided by that name, and a caller
// that named its own province to be treated as at home must learn nothing. A source that holds many provinces' licences must
// say which one keeps this; a province's own platform holds only its own.
func (l *Licence) keptIn(region Region, source *Source) error {
	keeper := IssuerRegion(l.Issuer)
	switch {
	case keeper == "" && source.Region == region && region != National:
		return nil
	case keeper == "":
		return Errorf(SourceInvalid, "the source does not say which province keeps the licence")
	case keeper != region:
		return Errorf(NoRecord, "another province keeps the licence")
	}
	return nil
}
