package citizen

import (
	"fmt"
	"time"
)

// CheckCharacter gives the eighteenth character for the first seventeen digits of an identity number
// (GB 11643-1999, section 4: weights 2^(17-i) mod 11). Anything but seventeen digits gives 0.
func CheckCharacter(first17 string) byte {
	if len(first17) != 17 {
		return 0
	}
	// Horner's form of the standard's sum: the weight of a digit is 2 to the number of places right of it.
	sum := 0
	for _, digit := range []byte(first17) {
		if digit < '0' || digit > '9' {
			return 0
		}
		sum = (sum*2 + int(digit-'0')) % 11
	}
	return "10X98765432"[sum*2%11]
}

// IdentityNumber builds the number of a person (GB 11643): division of first registration, date of birth, sequence within the day.
// The last digit of the sequence is odd for men and even for women.
func IdentityNumber(division string, birth time.Time, sequence int) string {
	first17 := fmt.Sprintf("%s%s%03d", division, birth.Format("20060102"), sequence%1000)
	return first17 + string(CheckCharacter(first17))
}

// sexOf reads the sex (GB/T 2261.1: 1 male, 2 female) that an identity number carries in its seventeenth digit.
func sexOf(idNumber string) string {
	if (idNumber[16]-'0')%2 == 1 {
		return "1"
	}
	return "2"
}
