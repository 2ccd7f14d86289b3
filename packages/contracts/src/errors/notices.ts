import { errors } from './define'

export const noticesErrors = errors({
  channel_not_connected: {
    status: 409,
    zh: '{channel} 通道还没有连接',
    en: 'The channel {channel} is not connected',
    zhAction: '请先在通知设置里连接这个通道，推送需要先在设备上开启',
    enAction: 'Connect the channel in the settings first; push must be turned on on the device',
  },
  robot_code_unknown: {
    status: 422,
    zh: '没有名为 {code} 的通知',
    en: 'There is no notice named {code}',
    zhAction: '请从列表中选择通知的种类',
    enAction: 'Choose the kinds of notices from the list',
  },
  delivery_not_over: {
    status: 409,
    zh: '这条通知还在发送或已经送达',
    en: 'It is on its way or has been delivered',
    zhAction: '只有失败、未发送或结果未知的通知可以再发',
    enAction: 'Only what failed, was left out or ended unknown can be sent again',
  },
})
