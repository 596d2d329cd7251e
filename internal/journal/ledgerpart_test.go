package journal

import "testing"

func TestRevisionsOfAllPartitions(t *testing.T) {
	t.Parallel()
	for _, partitions := range []int{1, 2, 3, 16, largestPartitions} {
		seen := make(map[Revision]bool)
		for partition := range partitions {
			n := numberingOf(partition, partitions)
			if n.revision(0) != 0 || n.sequence(0) != 0 || !n.owns(0) {
				t.Errorf("%d of %d: nothing has a number", partition, partitions)
			}
			for sequence := uint64(1); sequence < 50; sequence++ {
				r := n.revision(sequence)
				if r == 0 || seen[r] || !n.owns(r) || n.sequence(r) != sequence || n.revision(sequence+1) <= r {
					t.Fatalf("%d of %d: sequence %d is revision %d", partition, partitions, sequence, r)
				}
				seen[r] = true
			}
			for r := Revision(0); r < Revision(4*partitions); r++ {
				next := n.after(r)
				if n.revision(next) <= r || (next > 1 && n.revision(next-1) > r) {
					t.Fatalf("%d of %d: after %d comes sequence %d, revision %d", partition, partitions, r, next, n.revision(next))
				}
				if r > 0 && n.owns(r) != ((int(r)-1)%partitions == partition) {
					t.Errorf("%d of %d: whose is revision %d", partition, partitions, r)
				}
			}
		}
	}
}
