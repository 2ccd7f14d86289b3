import { defineWords } from '../../common/i18n/words'

export const words = defineWords({
  'zh-CN': {
    back: '返回进度',
    sign: '签字确认',
    pdf: '下载 PDF',
    done: '签字已完成',
    doneText: '谢谢您的确认。文档会一直保存，您可以随时下载。',
    already: '这份文档此前已由 {name} 签字。',
    rate: '顺便评价一下这次服务',
    agree: '签字即确认上述服务内容。',
    lost: '没有找到这份文档',
    waiting: '工程师还在填写，完成后即可签字。',
  },
  'en-US': {
    back: 'Back to the progress',
    sign: 'Sign',
    pdf: 'Download PDF',
    done: 'Signed',
    doneText: 'Thank you. The document is kept and can be downloaded at any time.',
    already: 'This document was signed by {name} before.',
    rate: 'Rate this service as well',
    agree: 'Signing confirms the work described above.',
    lost: 'This document was not found',
    waiting: 'The engineer is still filling it in; it can be signed when it is complete.',
  },
})
