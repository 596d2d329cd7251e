package exchange

import "fmt"

// Class is one 准驾车型 (公安部令162号 art. 11), such as C1.
type Class string

// ParseClasses splits a zjcx column, where the codes stand together as in "A1A2D". Anything that is no class is an error.
func ParseClasses(zjcx string) ([]Class, error) {
	var classes []Class
	for rest := zjcx; rest != ""; {
		class := nextClass(rest)
		if class == "" {
			return nil, fmt.Errorf("no vehicle class at character %d", len(zjcx)-len(rest)+1)
		}
		classes = append(classes, class)
		rest = rest[len(class):]
	}
	return classes, nil
}

func nextClass(s string) Class {
	for _, length := range []int{2, 1} {
		if len(s) < length {
			continue
		}
		if _, ok := classTable[Class(s[:length])]; ok {
			return Class(s[:length])
		}
	}
	return ""
}

// Name gives the class's official name and its English one; the zero Text if it is unknown.
func (c Class) Name() Text { return classTable[c] }

// Heavy reports whether the class is in the group with stricter education, inspection and age rules: A1 A2 A3 B1 B2.
func (c Class) Heavy() bool {
	switch c {
	case "A1", "A2", "A3", "B1", "B2":
		return true
	}
	return false
}

var classTable = map[Class]Text{
	"A1": {"大型客车", "large bus"}, "A2": {"重型牵引挂车", "heavy articulated vehicle"}, "A3": {"城市公交车", "city bus"},
	"B1": {"中型客车", "medium bus"}, "B2": {"大型货车", "large goods vehicle"}, "C1": {"小型汽车", "small car"},
	"C2": {"小型自动挡汽车", "small automatic car"}, "C3": {"低速载货汽车", "low-speed goods vehicle"},
	"C4": {"三轮汽车", "three-wheeled vehicle"}, "C5": {"残疾人专用小型自动挡载客汽车", "small automatic car for disabled drivers"},
	"C6": {"轻型牵引挂车", "light articulated vehicle"}, "D": {"普通三轮摩托车", "three-wheeled motorcycle"},
	"E": {"普通二轮摩托车", "two-wheeled motorcycle"}, "F": {"轻便摩托车", "moped"}, "M": {"轮式专用机械车", "wheeled special machinery"},
	"N": {"无轨电车", "trolleybus"}, "P": {"有轨电车", "tram"},
}
