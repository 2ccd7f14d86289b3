import { writeFileSync } from 'node:fs'

/** Dark modules of a code from its SVG path of unit rows, as the server sends it. */
function modulesOf({ size, path }) {
  const dark = Array.from({ length: size }, () => new Array(size).fill(false))
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
    for (let i = 0; i < Number(run); i++) dark[Number(y)][Number(x) + i] = true
  return dark
}

/** Writes what the planted camera sees: the code on white paper, two frames of raw video. */
export function showToCamera(file, code) {
  const [width, height, unit] = [640, 480, 7]
  const dark = modulesOf(code)
  const luma = Buffer.alloc(width * height, 235)
  const left = Math.floor((width - code.size * unit) / 2)
  const top = Math.floor((height - code.size * unit) / 2)
  for (let y = 0; y < code.size * unit; y++)
    for (let x = 0; x < code.size * unit; x++)
      if (dark[Math.floor(y / unit)][Math.floor(x / unit)]) luma[(top + y) * width + left + x] = 16
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)])
  writeFileSync(
    file,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420mpeg2\n`), frame, frame]),
  )
}
