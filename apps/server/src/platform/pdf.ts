// The printer: pdfmake with the fonts that know every Chinese character.

import { createRequire } from 'node:module'
import pdfmake from 'pdfmake'
import type { TDocumentDefinitions } from 'pdfmake/interfaces'

const font = (weight: string) => createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-sc/${weight}`)
const regular = font('400Regular/NotoSansSC_400Regular.ttf')
const medium = font('500Medium/NotoSansSC_500Medium.ttf')
pdfmake.setFonts({ Noto: { normal: regular, bold: medium, italics: regular, bolditalics: medium } })
// Text of users stands in the document: nothing in it may make the printer read a file or call an address.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path: string) => path === regular || path === medium)

export const printPdf = async (definition: TDocumentDefinitions): Promise<Buffer> =>
  Buffer.from(await pdfmake.createPdf(definition).getBuffer())
