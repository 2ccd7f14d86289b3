import { errors } from './define'

const mapping = { zhAction: '请修改该来源的映射后重放', enAction: 'Correct the mapping of this source, then replay' }

// The last group are also the reasons for which an item waits in the inbox.
export const intakeErrors = errors({
  intake_source_unknown: {
    status: 404,
    zh: '没有这个接入来源，或已停用',
    en: 'No such intake source, or it is switched off',
    zhAction: '请核对地址，或请管理员启用',
    enAction: 'Check the address or ask an administrator',
  },
  intake_source_taken: {
    status: 409,
    zh: '来源标识已被使用',
    en: 'This source key is taken',
    zhAction: '请换一个标识',
    enAction: 'Choose another key',
  },
  signature_missing: {
    status: 401,
    zh: '缺少签名请求头（webhook-id、webhook-timestamp、webhook-signature）',
    en: 'The signature headers are missing (webhook-id, webhook-timestamp, webhook-signature)',
    zhAction: '请按 Standard Webhooks 规范签名',
    enAction: 'Sign as Standard Webhooks describes',
  },
  signature_expired: {
    status: 401,
    zh: '签名时间与服务器相差 {seconds} 秒，超过 5 分钟',
    en: 'The signature’s time is {seconds} s away from the server’s, more than 5 minutes',
    zhAction: '请校准发送方的时钟后重发',
    enAction: 'Set the sender’s clock and send again',
  },
  signature_wrong: {
    status: 401,
    zh: '签名不正确',
    en: 'The signature is wrong',
    zhAction: '请核对密钥，并按原始请求体签名',
    enAction: 'Check the secret and sign the body as sent',
  },
  intake_item_settled: {
    status: 409,
    zh: '这一项已经处理过',
    en: 'This item has been settled already',
    zhAction: '请刷新列表',
    enAction: 'Refresh the list',
  },
  mapping_invalid: {
    status: 422,
    zh: '映射表达式有误：{message}',
    en: 'The mapping expression is not valid: {message}',
    zhAction: '请按提示修改 JSONata 表达式',
    enAction: 'Correct the JSONata expression',
  },
  payload_not_json: {
    status: 422,
    zh: '内容不是合法的 JSON',
    en: 'The content is not valid JSON',
    zhAction: '请与发送方核对',
    enAction: 'Check with the sender',
  },
  mapping_absent: { status: 422, zh: '该来源还没有映射', en: 'This source has no mapping yet', ...mapping },
  mapping_failed: { status: 422, zh: '映射出错：{message}', en: 'The mapping failed: {message}', ...mapping },
  mapping_too_long: {
    status: 422,
    zh: '映射超过时间、内存或输出上限',
    en: 'The mapping went beyond its time, memory or output',
    ...mapping,
  },
  mapping_shape: {
    status: 422,
    zh: '映射结果不完整：{fields}',
    en: 'The mapping’s result is not complete: {fields}',
    ...mapping,
  },
})
