#!/usr/bin/env node
// Draws the phone's icons from the mark: apps/web/public/icons. Run it when the mark changes, and commit what it draws.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { root } from './lib/say.mjs'

const out = join(root, 'apps/web/public/icons')
mkdirSync(out, { recursive: true })
const mark = readFileSync(join(root, 'apps/web/public/mark.svg'), 'utf8')
const teal = '#0b5f63'
// A system cuts a maskable icon to its own shape: the whole square is filled, the mark stays in the inner four fifths.
const full = mark.replace(/<rect[^>]*>/, `<rect x="-8" y="-8" width="48" height="48" fill="${teal}"/>`)
const maskable = full.replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
const square = full.replace('viewBox="0 0 32 32"', 'viewBox="-1 -1 34 34"')

const draw = (svg, size, name) =>
  sharp(Buffer.from(svg), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(out, name))

await draw(mark, 192, 'field-192.png')
await draw(mark, 512, 'field-512.png')
await draw(maskable, 192, 'field-maskable-192.png')
await draw(maskable, 512, 'field-maskable-512.png')
// iOS rounds the corners itself and shows transparency as black.
await draw(square, 180, 'field-apple-180.png')
// One colour on nothing: what Android shows in its bar.
const badge = mark
  .replace(/<rect[^>]*>/, '')
  .replace('#7fe0d6', '#fff')
  .replace('viewBox="0 0 32 32"', 'viewBox="4 3 24 24"')
await draw(badge, 96, 'badge-96.png')
