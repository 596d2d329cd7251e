package changefeed

import "context"

// Meant shows what is still to be decided of a preview's token. Errors: InvalidRequest for a token that is none.
func (p *Parking) Meant(ctx context.Context, token string) (Preview, error) {
	f, places, err := p.thaw(ctx, token)
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{Token: token, Selection: f.Selection, Count: len(places)}
	preview.First, err = p.first(ctx, places)
	return preview, err
}

// first reads the beginning of places that are in order.
func (p *Parking) first(ctx context.Context, places []place) ([]Parked, error) {
	var first []Parked
	for _, place := range places[:min(previewed, len(places))] {
		parked, err := p.last(ctx, place.key)
		if err != nil {
			return nil, err
		}
		first = append(first, parked)
	}
	return first, nil
}
