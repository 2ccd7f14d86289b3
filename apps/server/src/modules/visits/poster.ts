import { printPdf } from '../../platform/pdf'

const words = {
  'zh-CN': {
    title: '到场签到码',
    how: '工程师到场后，请用「驻场」签到页扫描此码。',
    note: '此码固定不变，请张贴在机房或前台等访客不能随意拍到的位置；如遗失或外传，请致电 {phone} 更换。',
    number: '编号',
  },
  'en-US': {
    title: 'Arrival code',
    how: 'Engineers scan this code on the check-in page when they arrive.',
    note: 'This code stays the same: put it where passers-by cannot photograph it. If it is lost or copied, call {phone} for a new one.',
    number: 'No.',
  },
}

/** One page to print and put up at the site. */
export function posterPdf(
  p: { company: string; phone: string; customer: string; site: string; code: string; number: string },
  lang: keyof typeof words,
): Promise<Buffer> {
  const w = words[lang]
  return printPdf({
    pageSize: 'A4',
    pageMargins: [56, 72, 56, 56],
    defaultStyle: { font: 'Noto', fontSize: 12, lineHeight: 1.4, alignment: 'center' },
    content: [
      { text: p.company, color: '#55606a' },
      { text: w.title, fontSize: 32, bold: true, margin: [0, 8, 0, 4] },
      { text: p.customer, fontSize: 18, margin: [0, 12, 0, 0] },
      { text: p.site, fontSize: 18, margin: [0, 0, 0, 24] },
      { qr: p.code, fit: 340, eccLevel: 'Q', alignment: 'center' },
      { text: w.how, fontSize: 16, margin: [0, 28, 0, 12] },
      { text: w.note.replace('{phone}', p.phone), fontSize: 10, color: '#55606a' },
      { text: `${w.number} ${p.number}`, fontSize: 9, color: '#88929a', margin: [0, 16, 0, 0] },
    ],
    info: { title: `${w.title} ${p.site}`, author: p.company },
  })
}
