package citizen

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// Picture draws the photograph of a camera violation: a JPEG of 320 by 200 points with a road, a car and a light. The same
// serial gives the same picture.
func (c CameraViolation) Picture() ([]byte, error) {
	digest := fnv.New32a()
	digest.Write([]byte(c.Serial))
	scene := drawScene(digest.Sum32())
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, scene, &jpeg.Options{Quality: 80}); err != nil {
		return nil, err
	}
	return encoded.Bytes(), nil
}

func drawScene(variant uint32) image.Image {
	scene := image.NewRGBA(image.Rect(0, 0, 320, 200))
	fill := func(area image.Rectangle, tone color.Color) {
		draw.Draw(scene, area, image.NewUniform(tone), image.Point{}, draw.Src)
	}
	fill(scene.Bounds(), color.RGBA{150, 180, 210, 255})
	fill(image.Rect(0, 90, 320, 200), color.RGBA{80, 80, 85, 255})
	for x := 10; x < 320; x += 60 {
		fill(image.Rect(x, 142, x+30, 146), color.White)
	}
	left := 40 + int(variant%160)
	fill(image.Rect(left, 110, left+80, 150), color.RGBA{uint8(variant >> 8), uint8(variant >> 16), uint8(variant >> 24), 255})
	fill(image.Rect(left+20, 140, left+60, 150), color.RGBA{20, 60, 160, 255}) // the plate
	fill(image.Rect(290, 20, 306, 36), color.RGBA{220, 30, 30, 255})           // the red light
	return scene
}
