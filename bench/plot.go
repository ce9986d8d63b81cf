package main

import (
	"errors"
	"fmt"
	"image/color"
	"os"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Measures of the plot, in points of 1/72 inch.
const (
	plotWidth  = 13 * vg.Inch
	plotHeight = 5.5 * vg.Inch
	plotDPI    = 110
)

// curve is one line of the plot: how many times as fast as HDFS Granary is.
type curve struct {
	name   string
	points []point // from left to right
}

// point is a ratio at one of the panel's places on the horizontal axis.
type point struct {
	at    int
	ratio spread
}

// panel is one of the two diagrams.
type panel struct {
	title, below string
	places       []string
	curves       []curve
}

// bySize plots the ratio of create and read over the size of the file, for the number of clients that is nearest to 16.
func (r report) bySize() panel {
	var sizes []int64
	clients := 0
	r.eachRatio(func(row rowReport, _ spread) {
		if !sized(row.Op) {
			return
		}
		if !slices.Contains(sizes, row.Size) {
			sizes = append(sizes, row.Size)
		}
		if clients == 0 || distance(row.Clients, manyClients) < distance(clients, manyClients) {
			clients = row.Clients
		}
	})
	slices.Sort(sizes)
	p := panel{title: fmt.Sprintf("by size of the file, %d clients", clients), below: "size"}
	for _, size := range sizes {
		p.places = append(p.places, sizeText(size))
	}
	r.eachRatio(func(row rowReport, s spread) {
		if sized(row.Op) && row.Clients == clients {
			p.add(shortNames[row.Op], slices.Index(sizes, row.Size), s)
		}
	})
	return p
}

// byClients plots the ratio of each operation over the number of clients. Where the size of the file matters, it is 4 KiB.
func (r report) byClients() panel {
	p := panel{title: "by number of clients, files of 4 KiB", below: "clients"}
	counts := []int{}
	fits := func(row rowReport) bool {
		return !sized(row.Op) && row.Op != "bigwrite" && row.Op != "bigread" || sized(row.Op) && row.Size == 4<<10
	}
	r.eachRatio(func(row rowReport, _ spread) {
		if fits(row) && !slices.Contains(counts, row.Clients) {
			counts = append(counts, row.Clients)
		}
	})
	slices.Sort(counts)
	for _, n := range counts {
		p.places = append(p.places, fmt.Sprint(n))
	}
	r.eachRatio(func(row rowReport, s spread) {
		if fits(row) {
			p.add(shortNames[row.Op], slices.Index(counts, row.Clients), s)
		}
	})
	return p
}

// shortNames are the names of the operations in the legend.
var shortNames = map[string]string{
	"create": "create, redirected", "create1": "create, one hop", "read": "read", "stat": "stat", "mkdirs": "mkdirs",
	"rename": "rename", "delete": "delete", "spotify": "Spotify mix", "list": "list 1000", "ranges": "ranges of 64 KiB",
}

func sized(op string) bool {
	return slices.ContainsFunc(operations, func(o operation) bool { return o.name == op && o.sized })
}

func distance(a, b int) int { return max(a-b, b-a) }

// eachRatio calls do for each row with its ratio to HDFS.
func (r report) eachRatio(do func(rowReport, spread)) {
	r.against(nameHDFS, func(row rowReport, _, i int) { do(row, row.Ratios[i-1]) })
}

// add adds a point to the named curve.
func (p *panel) add(name string, at int, s spread) {
	i := slices.IndexFunc(p.curves, func(c curve) bool { return c.name == name })
	if i < 0 {
		i = len(p.curves)
		p.curves = append(p.curves, curve{name: name})
	}
	c := &p.curves[i]
	c.points = append(c.points, point{at, s})
	slices.SortFunc(c.points, func(a, b point) int { return a.at - b.at })
}

// drawPlot draws both panels into a PNG file: medians, with whiskers from the lowest round to the highest.
func (r report) drawPlot(file string) (err error) {
	panels := []panel{r.bySize(), r.byClients()}
	if len(panels[1].curves) == 0 {
		return errors.New("there is nothing to draw: no operation with Granary's ratio to an HDFS was measured, but for large files")
	}
	canvas := vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(plotDPI), vgimg.UseBackgroundColor(color.White))
	tiles := draw.Tiles{Cols: len(panels), Rows: 1, PadX: vg.Points(20), PadTop: vg.Points(8), PadBottom: vg.Points(8), PadLeft: vg.Points(8), PadRight: vg.Points(8)}
	for i, p := range panels {
		drawn, err := p.plot()
		if err != nil {
			return err
		}
		drawn.Draw(tiles.At(draw.New(canvas), i, 0))
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = vgimg.PngCanvas{Canvas: canvas}.WriteTo(f)
	return err
}

// ratioTicks are the marks on the axis of ratios.
var ratioTicks = plot.TickerFunc(func(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, v := range []float64{0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200} {
		if v >= low && v <= high {
			ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%g×", v)})
		}
	}
	return ticks
})

// inks are colours that people who see no red or no green can tell apart (Okabe and Ito).
var inks = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff},
	color.RGBA{0xd5, 0x5e, 0x00, 0xff},
	color.RGBA{0x00, 0x9e, 0x73, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff},
	color.RGBA{0xe6, 0x9f, 0x00, 0xff},
	color.RGBA{0x56, 0xb4, 0xe9, 0xff},
	color.RGBA{0x00, 0x00, 0x00, 0xff},
	color.RGBA{0x80, 0x80, 0x00, 0xff},
	color.RGBA{0x80, 0x00, 0x80, 0xff},
	color.RGBA{0xa0, 0x52, 0x2d, 0xff},
}

// whiskers adapts a curve's points for the plotter.
type whiskers struct {
	plotter.XYs
	plotter.YErrors
}

// plot draws one panel. The scale of ratios is logarithmic, so that half and double are equally far from one.
func (p panel) plot() (*plot.Plot, error) {
	d := plot.New()
	d.Title.Text = "Granary's rate over HDFS's, " + p.title
	d.X.Label.Text = p.below
	var places plot.ConstantTicks
	for i, name := range p.places {
		places = append(places, plot.Tick{Value: float64(i), Label: name})
	}
	d.X.Tick.Marker = places
	d.Y.Scale, d.Y.Tick.Marker = plot.LogScale{}, ratioTicks
	d.Legend.Top, d.Legend.Padding = true, vg.Points(2)

	low, high := 0.5, 2.0
	same := plotter.NewFunction(func(float64) float64 { return 1 })
	same.Color, same.Width = color.Gray{Y: 0x60}, vg.Points(1.5)
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	d.Add(grid, same)
	for i, c := range p.curves {
		var points whiskers
		for _, q := range c.points {
			s := q.ratio
			// Shifted sideways, so that whiskers do not hide one another.
			x := float64(q.at) + (float64(i)-float64(len(p.curves)-1)/2)*0.03
			points.XYs = append(points.XYs, plotter.XY{X: x, Y: s.Median})
			points.YErrors = append(points.YErrors, struct{ Low, High float64 }{s.Median - s.Min, s.Max - s.Median})
			low, high = min(low, s.Min), max(high, s.Max)
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", c.name, err)
		}
		bars, err := plotter.NewYErrorBars(points)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", c.name, err)
		}
		ink := inks[i%len(inks)]
		line.Color, line.Width = ink, vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = ink, draw.CircleGlyph{}, vg.Points(3)
		bars.Color, bars.Width = ink, vg.Points(1)
		d.Add(line, dots, bars)
		d.Legend.Add(c.name, line, dots)
	}
	d.X.Min, d.X.Max = -0.25, 1.1*float64(len(p.places))-0.05 // room for the legend at the right
	d.Y.Min, d.Y.Max = low*0.8, high*1.25
	return d, nil
}
