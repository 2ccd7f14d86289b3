import { errors } from './define'

export const documentsErrors = errors({
  document_signed: {
    status: 409,
    zh: '文档已由 {signer} 签字，不能再修改',
    en: 'The document was signed by {signer} and cannot be changed',
    zhAction: '如需更正，请在新的上门中补充文档',
    enAction: 'Correct it with a document of a new visit',
  },
  document_incomplete: {
    status: 422,
    zh: '还有 {count} 项必填内容没有完成',
    en: '{count} required fields are not complete',
    zhAction: '请补全标出的内容',
    enAction: 'Complete the fields that are marked',
  },
  document_changed: {
    status: 409,
    zh: '文档在您阅读之后有改动',
    en: 'The document changed after you read it',
    zhAction: '请重新查看最新内容后再签字',
    enAction: 'Read the latest version, then sign',
  },
  document_field_unknown: {
    status: 422,
    zh: '模板里没有「{key}」这一项',
    en: 'The template has no field “{key}”',
    zhAction: '请刷新页面后重试',
    enAction: 'Reload the page and try again',
  },
  signature_unreadable: {
    status: 422,
    zh: '签名图片无法识别或是空白',
    en: 'The signature cannot be read or is blank',
    zhAction: '请重新签名',
    enAction: 'Sign again',
  },
  documents_missing: {
    status: 409,
    zh: '还有必交文档没有完成：{titles}',
    en: 'Required documents are not complete: {titles}',
    zhAction: '请先完成文档，再结束服务',
    enAction: 'Complete them before ending the visit',
  },
})
