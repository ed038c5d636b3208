package listing

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// safe checks what every entry must keep.
func safe(t *testing.T, in string, e Entry) {
	t.Helper()
	if e.Raw != "" || e.Reason != "" {
		if e.Name != "" || e.Reason == "" || len(e.Raw) > keepRow {
			t.Fatalf("%q: %+v", in, e)
		}
		return
	}
	if e.Name == "" || e.Name == "." || e.Name == ".." || strings.ContainsAny(e.Name, "/\n\x00") || len(e.Name) > maxName {
		t.Fatalf("%q: %+v", in, e)
	}
	if e.Size < -1 || e.Type != File && e.Size != -1 || e.Type > Other || e.Precision > Day {
		t.Fatalf("%q: %+v", in, e)
	}
	if year := e.Time.Year(); !e.Time.IsZero() && (year < -1 || year > 10_000) {
		t.Fatalf("%q: %+v", in, e)
	}
}

// fuzz feeds a dialect, whether it would be chosen or not.
func fuzz(f *testing.F, d Dialect) {
	for _, name := range []string{"good.txt", "bad.txt"} {
		for _, s := range load(f, filepath.Join(folder(d), name)) {
			f.Add(s.text())
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := readLocked(iotest.HalfReader(strings.NewReader(in)), d)
		if err != nil || len(got) > strings.Count(in, "\n")+1 {
			t.Fatalf("%d entries, %v", len(got), err)
		}
		for _, e := range got {
			safe(t, in, e)
		}
	})
}

func FuzzMLSD(f *testing.F)       { fuzz(f, MLSD) }
func FuzzUnix(f *testing.F)       { fuzz(f, Unix) }
func FuzzDOS(f *testing.F)        { fuzz(f, DOS) }
func FuzzEPLF(f *testing.F)       { fuzz(f, EPLF) }
func FuzzVMS(f *testing.F)        { fuzz(f, VMS) }
func FuzzMVS(f *testing.F)        { fuzz(f, MVS) }
func FuzzPDS(f *testing.F)        { fuzz(f, PDS) }
func FuzzAS400(f *testing.F)      { fuzz(f, AS400) }
func FuzzZVM(f *testing.F)        { fuzz(f, ZVM) }
func FuzzOS2(f *testing.F)        { fuzz(f, OS2) }
func FuzzOS9(f *testing.F)        { fuzz(f, OS9) }
func FuzzNetware(f *testing.F)    { fuzz(f, Netware) }
func FuzzNonStop(f *testing.F)    { fuzz(f, NonStop) }
func FuzzMacWebStar(f *testing.F) { fuzz(f, MacWebStar) }
func FuzzWfFTP(f *testing.F)      { fuzz(f, WfFTP) }
func FuzzVxWorks(f *testing.F)    { fuzz(f, VxWorks) }
func FuzzChameleon(f *testing.F)  { fuzz(f, Chameleon) }
func FuzzEnterprise(f *testing.F) { fuzz(f, Enterprise) }

// FuzzRead chooses the dialect by the rows.
func FuzzRead(f *testing.F) {
	for d := range dialects {
		in, _ := together(load(f, filepath.Join(folder(d), "good.txt")))
		f.Add(in, uint8(d))
	}
	f.Fuzz(func(t *testing.T, in string, hint uint8) {
		for e, err := range Read(strings.NewReader(in), Options{Now: now, Hint: Dialect(hint) % dialects}) {
			if err != nil {
				t.Fatal(err)
			}
			safe(t, in, e)
		}
	})
}

// FuzzFacts reads single rows of facts.
func FuzzFacts(f *testing.F) {
	f.Add(" type=file;size=3; /a/b")
	f.Fuzz(func(t *testing.T, in string) {
		if e, ok := Facts(in); ok && (e.Name == "" || e.Size < -1) {
			t.Fatalf("%q: %+v", in, e)
		}
	})
}
