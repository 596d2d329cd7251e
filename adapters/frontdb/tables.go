package frontdb

import "github.com/jackc/pgx/v5"

// table is one of the exchange tables and its mirror.
type table struct {
	schema string
	name   string
}

const (
	upTable   = "up_lic_status" // local to national
	downTable = "dn_lic_status" // national to local

	writtenTable = "zq_written" // the highest version written of each licence
	versionTable = "zq_version" // the migrations applied
)

// Who put a row into an error table.
const (
	bySender   = "sender"   // whoever writes the main table: the row never got there
	byReceiver = "receiver" // whoever reads the main table
)

// tables gives the table that the side writes and the one that it reads.
func (s Side) tables(schema string) (written, read table) {
	up, down := table{schema, upTable}, table{schema, downTable}
	if s == SideNational {
		return down, up
	}
	return up, down
}

// main gives the table's quoted name.
func (t table) main() string { return t.other(t.name) }

// errors gives the quoted name of the mirror error table.
func (t table) errors() string { return t.other(t.name + "_error") }

// other gives the quoted name of another table of the same schema.
func (t table) other(name string) string { return t.identifier(name).Sanitize() }

func (t table) identifier(name string) pgx.Identifier { return pgx.Identifier{t.schema, name} }

// column is one of the columns that a row carries beside its id; migrations/0001 says what each is.
type column int

const (
	licenceKey column = iota
	version
	sfzmhm
	xm
	xzqh
	zt
	zjcx
	yxqz
	zxbh
	bzcs
	fzrq
	ljjf
	qfrq
	mayDrive
	validity
	events
	gxsj
	dataSource
	cdVia
	cdOperation
	cdTime
	cdBatch
	columnCount
)

// columnNames gives the columns' names in the order of the tables.
var columnNames = [columnCount]string{
	licenceKey: "licence_key", version: "version", sfzmhm: "sfzmhm", xm: "xm", xzqh: "xzqh", zt: "zt", zjcx: "zjcx", yxqz: "yxqz",
	zxbh: "zxbh", bzcs: "bzcs", fzrq: "fzrq", ljjf: "ljjf", qfrq: "qfrq", mayDrive: "may_drive", validity: "validity",
	events: "events", gxsj: "gxsj", dataSource: "data_source", cdVia: "cd_via", cdOperation: "cd_operation", cdTime: "cd_time",
	cdBatch: "cd_batch",
}

// widths gives the characters that the main tables' text columns take.
var widths = [columnCount]int{
	licenceKey: 128, sfzmhm: 18, xm: 128, xzqh: 6, zt: 16, zjcx: 30, zxbh: 20, mayDrive: 8, validity: 32, events: 1000,
	dataSource: 64, cdVia: 1000, cdOperation: 2, cdBatch: 64,
}
