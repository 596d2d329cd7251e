package citizen

import "math/rand/v2"

const (
	surnames    = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
	givenFirst  = "建国文志晓海春秀玉明丽俊子雨思浩佳欣嘉宇天一梓若"
	givenSecond = "华军平敏静强磊洋勇艳杰娟涛超霞刚桂英兰峰婷鑫琳涵轩怡"
)

// rareNames hold characters that old code pages lose: 㛃 (extension A), 䶮 (extension A), 𠮷 and 𬎆 (beyond the basic plane).
func rareNames() []string {
	return []string{"王㛃", "张䶮", "𠮷文华", "陈𬎆", "李喆彧", "赵犇"}
}

// minorityNames carry the middle dot U+00B7, as identity cards print it.
func minorityNames() []string {
	return []string{"阿卜杜热合曼·买买提吐尔逊", "古丽米热·阿布都热依木", "扎西·多吉", "努尔兰·哈孜别克·叶斯木汗"}
}

// nameFor draws a name; each twentieth person or so has a rare character or a long name.
func nameFor(random *rand.Rand) string {
	switch random.IntN(20) {
	case 0:
		return pick(random, rareNames())
	case 1:
		return pick(random, minorityNames())
	}
	name := pick(random, []rune(surnames))
	given := []rune{name, pick(random, []rune(givenFirst))}
	if random.IntN(4) > 0 {
		given = append(given, pick(random, []rune(givenSecond)))
	}
	return string(given)
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// between draws a whole number from low to high, both included.
func between(random *rand.Rand, low, high int) int { return low + random.IntN(high-low+1) }
