import { errors } from './define'

export const linksErrors = errors({
  link_unknown: {
    status: 404,
    zh: '链接无效',
    en: 'This link is not valid',
    zhAction: '请核对链接是否完整，或致电 {phone}',
    enAction: 'Check that the link is complete, or call {phone}',
  },
  link_expired: {
    status: 410,
    zh: '链接已过期',
    en: 'This link has expired',
    zhAction: '请致电 {phone}，我们会给您发送新的链接',
    enAction: 'Call {phone} and we will send you a new one',
  },
  link_channel: {
    status: 403,
    zh: '只有调度或主管可以生成发给客户的链接',
    en: 'Only a dispatcher or supervisor may make the link for the customer',
    zhAction: '可以在您的手机上出示签字链接',
    enAction: 'You can show the link for signing on your phone',
  },
  survey_elsewhere: {
    status: 403,
    zh: '评价请在发给您本人手机的链接中填写',
    en: 'Please rate us through the link sent to your own phone',
    zhAction: '如未收到，请致电 {phone}',
    enAction: 'Call {phone} if you have not received it',
  },
})
