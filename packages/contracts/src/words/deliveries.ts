// What the delivery log says, in both languages: channels, states, reasons.

type Words = { zh: string; en: string }
const w = (zh: string, en: string): Words => ({ zh, en })

export const channelWords: Record<string, Words> = {
  push: w('手机推送', 'Push'),
  email: w('邮件', 'E-mail'),
  dingtalk: w('钉钉群机器人', 'DingTalk robot'),
  feishu: w('飞书群机器人', 'Feishu robot'),
  wecom: w('企业微信群机器人', 'WeCom robot'),
  robot: w('群机器人', 'Group robot'),
  dispatcher: w('调度员', 'Dispatcher'),
  sms: w('短信', 'SMS'),
  voice: w('语音电话', 'Voice call'),
}

export const deliveryStateWords: Record<string, Words> = {
  queued: w('等待发送', 'Waiting'),
  sending: w('发送中', 'Sending'),
  sent: w('已送达', 'Delivered'),
  skipped: w('未发送', 'Left out'),
  failed: w('失败', 'Failed'),
  unknown: w('结果未知', 'Unknown'),
}

export const deliveryWhyWords: Record<string, Words> = {
  quiet_hours: w('免打扰时段，结束后发送', 'Quiet hours: sent when they end'),
  digest: w('汇总到每日邮件', 'Goes into the daily digest'),
  rate: w('机器人每分钟条数已满，排队中', 'The robot’s minute is full: in the queue'),
  retry: w('上次失败，等待重试', 'Failed before: waits for the next try'),
  read: w('本人已在应用内看过', 'Already read in the app'),
  settled: w('事情已有结果，不再打扰', 'Settled meanwhile'),
  person_gone: w('账号已停用', 'The account is closed'),
  off: w('通道已关闭', 'The channel is off'),
  away: w('本人休假中', 'On vacation'),
  no_subscription: w('没有开启推送的设备', 'No device with push'),
  no_address: w('没有填写邮箱', 'No e-mail address'),
  no_robot: w('没有配置对应的群机器人', 'No group robot for it'),
  not_connected: w('通道未连接', 'Not connected'),
  interrupted: w(
    '发送中服务器停止，群里可能已收到，没有重发',
    'The server stopped while sending; the group may have it, so it was not repeated',
  ),
  unreachable: w('连接不上', 'Cannot be reached'),
  timeout: w('对方没有在时限内回答', 'No answer in time'),
  blocked: w('地址指向内部网络，已拦截', 'The address leads into a private network'),
  throttled: w('对方限流', 'Too many for the vendor'),
  signature: w('签名或密钥不对', 'Wrong signature or key'),
  rejected_content: w('内容不含机器人要求的关键词', 'The robot’s keyword is missing'),
  not_found: w('地址不存在或已停用', 'The address does not exist any more'),
  gone: w('设备的推送已失效，已移除', 'The device’s subscription ended and was removed'),
  refused: w('对方拒收', 'Refused'),
  vendor_error: w('对方服务异常', 'The vendor’s server failed'),
}
