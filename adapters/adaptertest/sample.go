package adaptertest

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Sample gives a notice that shows every field that a platform can be told, of a licence that was just suspended and reissued:
// letters B, D and J, classes A2 and C1, valid until 2030-06-30, card number masked, 12 points. now is when it happened.
func Sample(subject exchange.Subject, now time.Time) exchange.Notice {
	status := exchange.StatusSet("BDJ")
	return exchange.Notice{
		Licence: "6f1d0c9a5b7e", Subject: subject, Region: "310000", Version: 7,
		Events: []exchange.Event{
			{Kind: exchange.StatusAdded, Letter: "D"}, {Kind: exchange.StatusRemoved, Letter: "A"}, {Kind: exchange.Replaced},
		},
		Fields: exchange.Disclosed{
			{Name: "cardNumber", Value: "3101********0042", Masked: true},
			{Name: "classes", Value: []exchange.Class{"A2", "C1"}},
			{Name: "status", Value: status.States()},
			{Name: "mayDrive", Value: status.MayDrive()},
			{Name: "points", Value: 12},
			{Name: "cycleEnd", Value: exchange.Date{Year: 2027, Month: time.March, Day: 14}},
			{Name: "issuedOn", Value: exchange.Date{Year: 2026, Month: time.November, Day: 24}},
			{Name: "validUntil", Value: exchange.Date{Year: 2030, Month: time.June, Day: 30}},
			{Name: "longTerm", Value: false},
			{Name: "validity", Value: exchange.ValidityValid},
			{Name: "replacements", Value: 1},
		},
		Happened: now, Origin: "suishenban", Via: []string{"zhengqiao-sh"},
		Purpose: exchange.Purpose{
			Code: "licence-sync", Matter: "M-7", MatterName: "驾驶证状态同步", Case: "SYNC-2026-7", Operator: "OPERATOR-9",
			Unit: "310000000400", UnitName: "演示同步中心", LegalBasis: "ORDER-809",
		},
	}
}
