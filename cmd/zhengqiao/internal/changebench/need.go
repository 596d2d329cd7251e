package changebench

// The country, for what it would need: some 540 million drivers at the end of 2024 (Ministry of Public Security), in 34 provinces.
const (
	drivers   = 540e6
	provinces = 34
	replicas  = 3
)

// Need is what the whole country would take, computed from the slope between the two largest growths. Licences are spread by province:
// a cluster of three gateways each, of which every one holds all of its province's licences, in the partitions of `changes.partitions`.
type Need struct {
	HeapMBPerMillion float64 `json:"heapMBPerMillion"`
	DiskMBPerMillion float64 `json:"diskMBPerMillion"`
	NodeHeapGB       float64 `json:"nodeHeapGB"` // of one gateway of an average province
	NodeDiskGB       float64 `json:"nodeDiskGB"`
	CountryDiskTB    float64 `json:"countryDiskTB"` // all replicas
}

// need computes it; false: fewer than two growths were measured.
func need(growth []Growth) (Need, bool) {
	if len(growth) < 2 {
		return Need{}, false
	}
	from, to := growth[len(growth)-2], growth[len(growth)-1]
	millions := float64(to.Licences-from.Licences) / 1e6
	n := Need{HeapMBPerMillion: max(0, to.HeapMB-from.HeapMB) / millions, DiskMBPerMillion: (to.DiskMB - from.DiskMB) / millions}
	const perProvince = drivers / provinces / 1e6 // millions
	n.NodeHeapGB = (to.HeapMB + n.HeapMBPerMillion*(perProvince-float64(to.Licences)/1e6)) / 1e3
	n.NodeDiskGB = n.DiskMBPerMillion * perProvince / 1e3
	n.CountryDiskTB = n.DiskMBPerMillion * drivers / 1e6 * replicas / 1e6
	return n, true
}
