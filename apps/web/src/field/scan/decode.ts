// Reads QR codes and barcodes: by the browser's own BarcodeDetector where it has one (Android), else by zxing in
// WebAssembly, which is served by us and loaded only when something is scanned.

export type Found = { text: string; format: string }
export type Read = (source: ImageBitmap | HTMLVideoElement) => Promise<Found | null>

type Detector = { detect(source: ImageBitmap | HTMLVideoElement): Promise<{ rawValue: string; format: string }[]> }
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** What stickers, boxes and screens carry. */
const wanted = ['qr_code', 'data_matrix', 'code_128', 'code_39', 'ean_13', 'ean_8', 'upc_a', 'itf', 'pdf417']

async function native(): Promise<Read | undefined> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  // Some phones have the class without any service behind it: then it supports nothing.
  const able = await Native?.getSupportedFormats().catch((): string[] => [])
  if (!Native || !able?.includes('qr_code')) return undefined
  const detector = new Native({ formats: wanted.filter((f) => able.includes(f)) })
  return async (source) => {
    const [one] = await detector.detect(source)
    return one ? { text: one.rawValue, format: one.format } : null
  }
}

async function wasm(): Promise<Read> {
  const [{ readBarcodes, prepareZXingModule }, { default: url }] = await Promise.all([
    import('zxing-wasm/reader'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ])
  prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? url : prefix + path) },
  })
  const canvas = document.createElement('canvas')
  const draw = canvas.getContext('2d', { willReadFrequently: true })
  return async (source) => {
    const [w, h] =
      source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height]
    if (!draw || !w || !h) return null
    // A code is readable long before a camera's full resolution: a frame must be done before the next one comes.
    const scale = Math.min(1, 1280 / Math.max(w, h))
    canvas.width = Math.round(w * scale)
    canvas.height = Math.round(h * scale)
    draw.drawImage(source, 0, 0, canvas.width, canvas.height)
    const found = await readBarcodes(draw.getImageData(0, 0, canvas.width, canvas.height), {
      tryHarder: true,
      maxNumberOfSymbols: 1,
    })
    const one = found.find((f) => f.isValid && f.text)
    return one ? { text: one.text, format: one.format } : null
  }
}

let reader: Promise<Read> | undefined
/** The reader of this browser; made once. After a failure (no network for the first load) it is tried anew. */
export function codeReader(): Promise<Read> {
  reader ??= native()
    .then((found) => found ?? wasm())
    .catch((error: unknown) => {
      reader = undefined
      throw error
    })
  return reader
}

/** The code on a picture, for phones whose camera the page may not have. */
export async function readPicture(file: Blob): Promise<Found | null> {
  const [read, bitmap] = await Promise.all([codeReader(), createImageBitmap(file)])
  try {
    return await read(bitmap)
  } finally {
    bitmap.close()
  }
}
