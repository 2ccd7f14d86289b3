import type { Content } from 'pdfmake/interfaces'

/** A photo as it is printed, with the code that leads back to it. */
export interface PrintedPhoto {
  image: Buffer
  code: string
}

export const dataUrl = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`

/** Photos in rows of three. */
export function rowsOf(images: PrintedPhoto[]): Content[] {
  const rows: Content[] = []
  for (let i = 0; i < images.length; i += 3)
    rows.push({
      columns: images.slice(i, i + 3).map(({ image, code }) => ({
        width: 158,
        stack: [
          { image: dataUrl('image/jpeg', image), fit: [158, 158] as [number, number] },
          { text: code, style: 'small' },
        ],
      })),
      columnGap: 8,
      margin: [0, 0, 0, 8],
    })
  return rows
}
