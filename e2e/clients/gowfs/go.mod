module gowfs

go 1.26

require github.com/glutamatt/gowfs v0.3.0
