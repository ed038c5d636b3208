package ftp

import (
	"errors"
	"strconv"
	"testing"
)

func TestPASVB1B2(t *testing.T) {
	for in, want := range map[string]string{
		"Entering Passive Mode (127,0,0,1,4,51)":   "127.0.0.1:1075",
		"Entering Passive Mode (127,0,0,1,4,51).":  "127.0.0.1:1075",
		"Entering Passive Mode. 127,0,0,1,4,51":    "127.0.0.1:1075",
		"=127,0,0,1,4,51":                          "127.0.0.1:1075",
		"127,0,0,1,4,51":                           "127.0.0.1:1075",
		"Passive (127, 0, 0, 1, 4, 51)":            "127.0.0.1:1075",
		"mode 2 is (10 ,1 ,2 ,3 ,255 ,255)":        "10.1.2.3:65535",
		"Entering Passive Mode <127,0,0,1,4,51>":   "127.0.0.1:1075",
		"Entering Passive Mode 127,0,0,1,4,51)":    "127.0.0.1:1075",
		"Entering Passive Mode (127,0,0,1,4,51":    "127.0.0.1:1075",
		"Entering Passive Mode [127,0,0,1,4,51]":   "127.0.0.1:1075",
		"PASV=127,0,0,1,4,51;":                     "127.0.0.1:1075",
		"Passive on port 1075 (127,0,0,1,4,51) ok": "127.0.0.1:1075",
		"\"(127,0,0,1,4,51)\"":                     "127.0.0.1:1075",
		"(127,0,0,1,4,51) \x00":                    "127.0.0.1:1075",
		"a127,0,0,1,4,51z":                         "127.0.0.1:1075",
		"(0,0,0,0,0,1)":                            "0.0.0.0:1",
		"(255,255,255,255,255,255)":                "255.255.255.255:65535",
		"Modo pasivo (127,0,0,1,4,51) \xe9":        "127.0.0.1:1075",
		"Entering Passive Mode (010,0,0,1,004,51)": "10.0.0.1:1075",
	} {
		addr, port, err := parsePASV(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := addr.String() + ":" + strconv.Itoa(int(port)); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{
		"", "Entering Passive Mode", "(127.0.0.1,4,51)", "(-1,0,0,1,4,51,7)", "(127;0;0;1;4;51)", "(|||6446|)", "(127,0,0,1,4)", "(127,0,0,1,4,51,6)", "(127,0,0,256,4,51)",
		"(127,0,0,1,0,0)", "(127,0,0,1,999999999999999999999,1)", "(127,0,0,1,4,)", "(1,2) 127,0,0,1,4,51",
	} {
		_, port, err := parsePASV(in)
		var protocol *ProtocolError
		if !errors.As(err, &protocol) {
			t.Errorf("%q: got port %d, %v", in, port, err)
		}
	}
}

func TestEPSVB4(t *testing.T) {
	for in, want := range map[string]uint16{
		"Entering Extended Passive Mode (|||6446|)": 6446,
		"ok (!!!1!)":               1,
		"(|1|10.0.0.1|65535|)":     65535,
		"(||| 6446 |)":             6446,
		"Entering (|||6446|) mode": 6446,
		"ok (~~~6446~) and more":   6446,
		"(|2|::1|6446|)":           6446,
		"(|||06446|)":              6446,
	} {
		if got, err := parseEPSV(in); err != nil || got != want {
			t.Errorf("%q: got %d, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "(", "()", "(|||6446)", "|||6446|", "(|||0|)", "(|||65536|)", "(|||x|)", "(|||-1|)", "(1116446 1)", "(   5 )", "(||6446|)", "(|||6446|",
	} {
		var protocol *ProtocolError
		if got, err := parseEPSV(in); !errors.As(err, &protocol) {
			t.Errorf("%q: got %d, %v", in, got, err)
		}
	}
}

func FuzzPASV(f *testing.F) {
	f.Add("Entering Passive Mode (127,0,0,1,4,51)")
	f.Add("1 ,2 , 3,4,5,6")
	f.Fuzz(func(t *testing.T, in string) {
		addr, port, err := parsePASV(in)
		if err == nil && (!addr.Is4() || port == 0) {
			t.Fatalf("%q: %v %d", in, addr, port)
		}
	})
}

func FuzzEPSV(f *testing.F) {
	f.Add("Entering Extended Passive Mode (|||6446|)")
	f.Add("(!!!1!)")
	f.Fuzz(func(t *testing.T, in string) {
		if port, err := parseEPSV(in); err == nil && port == 0 {
			t.Fatalf("%q: port 0", in)
		}
	})
}
