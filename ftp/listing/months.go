package listing

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// monthNames are the beginnings of the months' names in the languages that
// servers were seen to use, besides English. Where two languages disagree,
// neither is here.
const monthNames = "" +
	" sept:9 january:1 february:2 march:3 april:4 june:6 july:7 august:8 september:9 october:10 november:11 december:12" +
	" mär:3 mrz:3 mai:5 okt:10 dez:12 m\xe4r:3 märz:3 juni:6 juli:7 jän:1 j\xe4n:1" + // German
	" janv:1 févr:2 fév:2 mars:3 avr:4 avril:4 juin:6 juil:7 juillet:7 août:8 aoû:8 déc:12" + // French
	" f\xe9vr:2 f\xe9v:2 ao\xfbt:8 ao\xfb:8 d\xe9c:12" +
	" ene:1 abr:4 ago:8 dic:12" + // Spanish
	" gen:1 mag:5 giu:6 lug:7 set:9 ott:10" + // Italian
	" fev:2 out:10 mrt:3 mei:5 maj:5 des:12" + // Portuguese, Dutch, the Nordic ones
	" tammi:1 helmi:2 maalis:3 huhti:4 touko:5 kesä:6 heinä:7 elo:8 syys:9 loka:10 marras:11 joulu:12" +
	" sty:1 lut:2 kwi:4 cze:6 lip:7 sie:8 wrz:9 paź:10 gru:12" + // Polish
	" led:1 úno:2 bře:3 dub:4 kvě:5 čen:6 čec:7 zář:9 říj:10 pro:12" + // Czech
	" febr:2 márc:3 ápr:4 máj:5 jún:6 júl:7 szept:9" + // Hungarian
	" oca:1 şub:2 nis:4 haz:6 tem:7 ağu:8 eyl:9 eki:10 kas:11 ara:12" + // Turkish
	" ian:1 iun:6 iul:7 noi:11" + // Romanian
	" янв:1 фев:2 мар:3 апр:4 май:5 мая:5 июн:6 июл:7 авг:8 сен:9 окт:10 ноя:11 дек:12" + // Russian
	" январь:1 января:1 февр:2 марта:3 апреля:4 июня:6 июль:7 июля:7 августа:8 сент:9 нояб:11" +
	" січ:1 лют:2 бер:3 кві:4 тра:5 чер:6 лип:7 сер:8 вер:9 жов:10 гру:12 " // Ukrainian

// monthOf returns the month that name means.
func monthOf(name string) (time.Month, bool) {
	name = strings.TrimRight(name, ".,")
	if m, ok := english(name); ok {
		return m, true
	}
	if len(name) < 3 || len(name) > 18 || strings.ContainsAny(name, " :0123456789") {
		return 0, false
	}
	lower := name
	if utf8.ValidString(name) {
		lower = strings.ToLower(name)
	} else if name[0] >= 'A' && name[0] <= 'Z' {
		lower = string(name[0]|0x20) + name[1:]
	}
	key := " " + lower + ":"
	i := strings.Index(monthNames, key)
	if i < 0 {
		return 0, false
	}
	number, _, _ := strings.Cut(monthNames[i+len(key):], " ")
	m, err := strconv.Atoi(number)
	return time.Month(m), err == nil
}

// english returns the month of an English abbreviation, in any case.
func english(name string) (time.Month, bool) {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(name) != 3 {
		return 0, false
	}
	a, b, c := name[0]|0x20, name[1]|0x20, name[2]|0x20
	for i := 0; i < len(months); i += 3 {
		if months[i] == a && months[i+1] == b && months[i+2] == c {
			return time.Month(i/3 + 1), true
		}
	}
	return 0, false
}

// mayBeMonth reports whether name could be a month in a language that we do
// not know.
func mayBeMonth(name string) bool {
	return len(name) >= 2 && len(name) <= 18 && !strings.ContainsAny(name, "0123456789:/-,\x00")
}

// marked reads a number with a character behind it that says what it counts,
// as in 11月 21日 2025年, whatever the character set: two bytes or three, the
// first beyond ASCII. rest is what follows.
func marked(s string) (digits, rest string, ok bool) {
	n := 0
	for n < len(s) && n < 4 && isDigit(s[n]) {
		n++
	}
	if n == 0 || n == len(s) || s[n] < 0x80 {
		return "", "", false
	}
	long := 2
	if r, size := utf8.DecodeRuneInString(s[n:]); r != utf8.RuneError {
		long = size
	}
	if long < 2 || len(s) < n+long {
		return "", "", false
	}
	return s[:n], s[n+long:], true
}
