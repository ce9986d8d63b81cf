package main

import (
	"errors"
	"fmt"
	"image/color"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Measures of the plot.
const (
	plotWidth  = 14 * vg.Inch
	plotHeight = 10 * vg.Inch
	plotDPI    = 100
)

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
	color.RGBA{0x70, 0x70, 0x70, 0xff},
}

// panel is one diagram.
type panel struct {
	title, x, y string
	logX, logY  bool
	names       []string
	curves      []plotter.XYs
	marks       map[string]float64 // moments on the horizontal axis, by what happened then
}

func (p *panel) add(name string, points plotter.XYs) {
	p.names, p.curves = append(p.names, name), append(p.curves, points)
}

// draw draws everything that was measured into a PNG file.
func (r *report) draw(file string) (err error) {
	var drawn []*plot.Plot
	for _, p := range []panel{r.pagesPanel(), r.latencyPanel(), r.purgePanel(), r.churnPanel()} {
		if len(p.curves) == 0 {
			continue
		}
		one, err := p.plot()
		if err != nil {
			return err
		}
		drawn = append(drawn, one)
	}
	canvas := vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(plotDPI), vgimg.UseBackgroundColor(color.White))
	tiles := draw.Tiles{Cols: 2, Rows: 2, PadX: vg.Points(20), PadY: vg.Points(20), PadTop: vg.Points(8), PadBottom: vg.Points(8), PadLeft: vg.Points(8), PadRight: vg.Points(8)}
	for i, one := range drawn {
		one.Draw(tiles.At(draw.New(canvas), i%2, i/2))
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = vgimg.PngCanvas{Canvas: canvas}.WriteTo(f)
	return err
}

func (r *report) pagesPanel() panel {
	p := panel{title: "pages touched", x: "inodes", y: "pages", logX: true}
	for i, o := range r.Sizes[0].Analyzed {
		var points plotter.XYs
		for _, s := range r.Sizes {
			points = append(points, plotter.XY{X: float64(s.Inodes), Y: float64(s.Analyzed[i].Pages)})
		}
		p.add(o.Operation, points)
	}
	return p
}

func (r *report) latencyPanel() panel {
	p := panel{title: "median latency, one caller", x: "inodes", y: "ms", logX: true, logY: true}
	for _, l := range r.Latencies {
		var points plotter.XYs
		for i, s := range r.Sizes {
			points = append(points, plotter.XY{X: float64(s.Inodes), Y: l.Medians[i]})
		}
		p.add(l.Operation, points)
	}
	return p
}

func (r *report) purgePanel() panel {
	if r.Wide == nil {
		return panel{}
	}
	p := panel{
		title: fmt.Sprintf("what others see while a directory of %s files goes", count(r.Wide.Files)), x: "seconds from the deletion", y: "ms", logY: true,
		marks: map[string]float64{"deleted": 0, "purged": r.Wide.Purge, "index has followed": r.Wide.Index},
	}
	for _, c := range []struct {
		name   string
		figure func(o *others) float64
	}{
		{"create, p50", func(o *others) float64 { return o.CreateP50 }},
		{"create, p99", func(o *others) float64 { return o.CreateP99 }},
		{"stat, p50", func(o *others) float64 { return o.StatP50 }},
		{"stat, p99", func(o *others) float64 { return o.StatP99 }},
	} {
		var points plotter.XYs
		for i := range r.Wide.Windows {
			w := &r.Wide.Windows[i]
			if y := c.figure(&w.others); y > 0 {
				points = append(points, plotter.XY{X: float64(w.Second), Y: y})
			}
		}
		p.add(c.name, points)
	}
	return p
}

func (r *report) churnPanel() panel {
	p := panel{title: "while files come and go", x: "seconds", y: "MB, or thousands of dead rows"}
	for _, c := range r.Churn {
		for _, table := range []string{"inodes", "contents"} {
			var size, dead plotter.XYs
			for _, m := range c.Moments {
				size = append(size, plotter.XY{X: float64(m.Second), Y: float64(m.Bytes[table]) / 1e6})
				dead = append(dead, plotter.XY{X: float64(m.Second), Y: float64(m.Dead[table]) / 1e3})
			}
			p.add(table+", MB, "+c.Variant, size)
			p.add(table+", dead, "+c.Variant, dead)
		}
	}
	return p
}

// sizeTicks marks the powers of ten, up to the largest size.
func sizeTicks(most float64) plot.Ticker {
	return plot.TickerFunc(func(low, _ float64) (ticks []plot.Tick) {
		for v := 1e3; v <= most*1.01; v *= 10 {
			if v >= low*0.99 {
				ticks = append(ticks, plot.Tick{Value: v, Label: count(int64(v))})
			}
		}
		return ticks
	})
}

// logTicks are the marks of a logarithmic axis of milliseconds.
var logTicks = plot.TickerFunc(func(low, high float64) (ticks []plot.Tick) {
	for _, v := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000} {
		if v >= low && v <= high {
			ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprint(v)})
		}
	}
	return ticks
})

func (p *panel) plot() (*plot.Plot, error) {
	d := plot.New()
	d.Title.Text, d.X.Label.Text, d.Y.Label.Text = p.title, p.x, p.y
	d.Legend.Top, d.Legend.Padding, d.Legend.TextStyle.Font.Size = true, vg.Points(1), vg.Points(9)
	if p.logX {
		d.X.Scale = plot.LogScale{}
	}
	if p.logY {
		d.Y.Scale, d.Y.Tick.Marker = plot.LogScale{}, logTicks
	}
	d.Add(plotter.NewGrid())
	for i, points := range p.curves {
		if len(points) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", p.names[i], err)
		}
		line.Color, line.Width = inks[i%len(inks)], vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = line.Color, draw.CircleGlyph{}, vg.Points(1.5)
		d.Add(line, dots)
		d.Legend.Add(p.names[i], line)
	}
	low, high := d.Y.Min, d.Y.Max
	for what, at := range p.marks {
		line, err := plotter.NewLine(plotter.XYs{{X: at, Y: low}, {X: at, Y: high}})
		if err != nil {
			return nil, fmt.Errorf("mark %s: %w", what, err)
		}
		line.Color, line.Dashes = color.Gray{Y: 0x60}, []vg.Length{vg.Points(4), vg.Points(3)}
		d.Add(line)
	}
	// room for the legend at the right
	if p.logX {
		d.X.Tick.Marker = sizeTicks(d.X.Max)
		d.X.Max *= 200
	} else {
		d.X.Max += (d.X.Max - d.X.Min) * 0.6
	}
	if p.logY {
		d.Y.Min, d.Y.Max = low*0.8, high*1.25
	} else {
		d.Y.Min, d.Y.Max = 0, high*1.05
	}
	return d, nil
}
