package main

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPanels(t *testing.T) {
	r := measured(t, 20, 0.4, 0.1, 1)
	names := func(p panel) string {
		var all []string
		for _, c := range p.curves {
			all = append(all, c.name)
		}
		return strings.Join(all, ", ")
	}
	size := r.bySize()
	if got, want := names(size), "create, redirected, create, one hop, read"; got != want || !slices.Equal(size.places, []string{"4 KiB", "64 KiB", "1 MiB"}) {
		t.Errorf("by size there are the curves %s over %q", got, size.places)
	}
	many := r.byClients()
	if got, want := names(many), "create, redirected, create, one hop, read, stat, mkdirs, rename, delete, Spotify mix, list 1000, ranges of 64 KiB"; got != want || !slices.Equal(many.places, []string{"1", "16", "64"}) {
		t.Errorf("by clients there are the curves %s over %q", got, many.places)
	}
	for _, c := range slices.Concat(size.curves, many.curves) {
		if len(c.points) != 3 {
			t.Errorf("%s has the points %v, want 3", c.name, c.points)
		}
		for i, q := range c.points {
			if q.at != i || q.ratio.Median < 19.9 || q.ratio.Median > 20.1 {
				t.Errorf("%s has the points %v, want them from left to right at 20", c.name, c.points)
			}
		}
	}
}

func TestDrawPlot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.png")
	if err := measured(t, 20, 0.4, 0.1, 1).drawPlot(file); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	inked := map[[3]uint32]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			inked[[3]uint32{r, g, b}]++
		}
	}
	for i, ink := range inks[:3] { // of the three curves in the first panel
		r, g, b, _ := ink.RGBA()
		if inked[[3]uint32{r, g, b}] < 100 {
			t.Errorf("the plot of %v has hardly any of ink %d", picture.Bounds(), i)
		}
	}
	if err := newReport(plan{}, []*target{{name: nameNull}}, nil, nil).drawPlot(file); err == nil || !strings.Contains(err.Error(), "nothing to draw") {
		t.Errorf("a comparison without an HDFS is drawn: %v", err)
	}
}
