package citizen

// Persona is a person of the data set with a name of their own, so that a test, a demonstration or a reader can ask for
// what they stand for. Names, identity and file numbers never change, whatever the seed and the date.
type Persona struct {
	Key           string   `json:"key"`           // e.g. normal-shanghai
	DescriptionZH string   `json:"descriptionZh"` // what the person shows, in Chinese
	DescriptionEN string   `json:"descriptionEn"` // the same in English
	Name          string   `json:"name"`
	IDNumber      string   `json:"idNumber"`
	Region        string   `json:"region"`     // GB/T 2260 code of the province that keeps the licence, e.g. 310000; of the home without one
	FileNumber    string   `json:"fileNumber"` // 档案编号; empty without a licence
	Vehicles      []string `json:"vehicles"`   // plate kind and number, e.g. "02 沪A1234"; never null
	Shows         string   `json:"shows"`      // what a query should come out as, in a few words
	AskAs         string   `json:"askAs"`      // a calling platform that is shown it, by its usual id, such as suishenban
}

// character is a persona before it is made.
type character struct {
	key, zh, en, shows string
	plan               blueprint
}

func (c character) persona(made Citizen) Persona {
	region := made.Home.Province()
	if made.Licensed() {
		region = made.Licence.Province()
	}
	vehicles := make([]string, 0, len(made.Vehicles))
	for _, vehicle := range made.Vehicles {
		vehicles = append(vehicles, vehicle.PlateKind+" "+vehicle.Plate)
	}
	return Persona{
		Key: c.key, DescriptionZH: c.zh, DescriptionEN: c.en, Shows: c.shows, Name: made.Name, IDNumber: made.IDNumber,
		Region: region, FileNumber: made.Licence.FileNumber, Vehicles: vehicles, AskAs: c.askAs(region),
	}
}

// askAs gives the platform of the persona's own province, the national one elsewhere, and for the deceased a platform for which
// the population register is asked first.
func (c character) askAs(region string) string {
	if c.plan.deceased {
		return "wechat-city"
	}
	switch region {
	case "310000":
		return "suishenban"
	case "330000":
		return "zheliban"
	case "440000":
		return "suihaoban"
	}
	return "jiaoguan12123"
}
