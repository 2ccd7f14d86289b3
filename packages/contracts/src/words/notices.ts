// What a notice says, by its code: the inbox, a push, a mail and a group robot choose from this one catalogue.
// `[[…]]` is left out when a parameter inside it is missing. `{when}` is made of `start` and `end` at the edge, in the
// reader's zone.

import { channelWords, deliveryWhyWords } from './deliveries'

type Words = { zh: string; en: string }
const w = (zh: string, en: string): Words => ({ zh, en })

/** What people choose by: a switch for each kind of news, not for each code. */
export const noticeGroups = {
  dispatch: w('派单与改期', 'Offers and changes'),
  checkin: w('签到与复核', 'Check-ins and reviews'),
  request: w('求助、交接与升级', 'Help, handover, escalation'),
  talk: w('提到我的', 'Mentions'),
  survey: w('低分回访', 'Low scores'),
  project: w('项目', 'Projects'),
  report: w('日报与工时', 'Reports and time'),
  operations: w('系统运行', 'Running of the system'),
} satisfies Record<string, Words>
export type NoticeGroup = keyof typeof noticeGroups

export interface NoticeWords {
  group: NoticeGroup
  title: Words
  text: Words
}
const n = (group: NoticeGroup, title: Words, text: Words): NoticeWords => ({ group, title, text })

const visit = '{when}[[ · {customerName}]][[ · {title}]]'

export const noticeWords: Record<string, NoticeWords> = {
  visit_offered: n('dispatch', w('新派单', 'New offer'), w(visit, visit)),
  offer_waiting: n(
    'dispatch',
    w('派单等你回应', 'An offer waits for your answer'),
    w(
      '已等待 {min} 分钟[[ · {customerName}]][[ · {title}]]',
      'Waiting for {min} min[[ · {customerName}]][[ · {title}]]',
    ),
  ),
  offer_unopened: n(
    'dispatch',
    w('派单还没有查看', 'An offer was not opened'),
    w(
      '{engineerName} {min} 分钟没有打开派单[[ · {customerName}]][[ · {title}]]',
      '{engineerName} has not opened it for {min} min[[ · {customerName}]][[ · {title}]]',
    ),
  ),
  offer_unanswered: n(
    'dispatch',
    w('派单没有回应', 'An offer was not answered'),
    w(
      '{engineerName} {min} 分钟没有回应派单[[ · {customerName}]][[ · {title}]]',
      '{engineerName} has not answered for {min} min[[ · {customerName}]][[ · {title}]]',
    ),
  ),
  offer_passed_on: n(
    'dispatch',
    w('派单已转给下一人', 'An offer was passed on'),
    w(
      '{engineerName} 没有回应，已改派给 {nextName}[[ · {customerName}]][[ · {title}]]',
      '{engineerName} did not answer; it was given to {nextName}[[ · {customerName}]][[ · {title}]]',
    ),
  ),
  visit_recalled: n('dispatch', w('派单已收回', 'Offer taken back'), w(visit, visit)),
  visit_reassigned: n('dispatch', w('已改派给其他同事', 'Given to a colleague'), w(visit, visit)),
  refusal_retried: n(
    'dispatch',
    w('被拒收的操作已补交', 'A refused action went through'),
    w('{by} 已替你重新提交，不用再做一遍', '{by} has sent it again for you; nothing is left to do'),
  ),
  refusal_discarded: n(
    'dispatch',
    w('被拒收的操作已放弃', 'A refused action was discarded'),
    w('{by}：{reason}', '{by}: {reason}'),
  ),
  visit_rescheduled: n('dispatch', w('上门时间有变', 'Visit moved'), w(`改为 ${visit}`, `Now ${visit}`)),
  visit_cancelled: n('dispatch', w('上门已取消', 'Visit cancelled'), w(visit, visit)),
  visit_declined: n(
    'dispatch',
    w('工程师拒单', 'Offer declined'),
    w('{by} 拒单：{reason}[[ · {customerName}]]', '{by} declined: {reason}[[ · {customerName}]]'),
  ),
  visit_missed: n('dispatch', w('没有人到场', 'Nobody came'), w(visit, visit)),
  checkin_to_review: n(
    'checkin',
    w('签到等待复核', 'Check-in to review'),
    w('{by} 的签到为 {grade}[[ · {customerName}]]', "{by}'s check-in is {grade}[[ · {customerName}]]"),
  ),
  checkin_appealed: n(
    'checkin',
    w('签到申诉', 'Check-in appeal'),
    w('{by} 对签到等级申诉：{reason}', '{by} appeals against a grade: {reason}'),
  ),
  checkin_reviewed: n(
    'checkin',
    w('签到已复核', 'Check-in reviewed'),
    w('{by} 复核为 {grade}：{reason}', '{by} reviewed it as {grade}: {reason}'),
  ),
  mentioned: n(
    'talk',
    w('有人提到你', 'You were mentioned'),
    w('{by} 在「{title}」里提到你：{excerpt}', '{by} mentioned you in “{title}”: {excerpt}'),
  ),
  visit_extended: n('dispatch', w('上门延时', 'More time'), w(`延到 ${visit}`, `Now ${visit}`)),
  help_wanted: n(
    'request',
    w('同事需要支援', 'A colleague needs help'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  request_help: n(
    'request',
    w('现场求助', 'Help wanted on site'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  request_parts: n(
    'request',
    w('现场要备件', 'Parts wanted on site'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  request_colleague: n(
    'request',
    w('现场要加人', 'A colleague wanted on site'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  request_time: n(
    'request',
    w('申请延时', 'More time wanted'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  request_now: n(
    'request',
    w('现场想顺手做掉', 'Could be done at once'),
    w('{by}：{title}[[ · {customerName}]]', '{by}: {title}[[ · {customerName}]]'),
  ),
  request_accepted: n(
    'request',
    w('有人来支援了', 'Help is on its way'),
    w('{by} 来支援[[ · {customerName}]]', '{by} will help[[ · {customerName}]]'),
  ),
  request_answered: n('request', w('求助有答复', 'Your request was answered'), w('{by}：{answer}', '{by}: {answer}')),
  request_approved: n(
    'request',
    w('申请已同意', 'Approved'),
    w('{by} 同意了[[：{answer}]][[ · {customerName}]]', '{by} approved it[[: {answer}]][[ · {customerName}]]'),
  ),
  request_declined: n(
    'request',
    w('申请没有同意', 'Declined'),
    w('{by}：{answer}[[ · {customerName}]]', '{by}: {answer}[[ · {customerName}]]'),
  ),
  request_overdue: n(
    'request',
    w('现场求助没有人答复', 'A request waits for an answer'),
    w('{by}：{reason}[[ · {customerName}]]', '{by}: {reason}[[ · {customerName}]]'),
  ),
  handover_offered: n(
    'request',
    w('有一单要交给你', 'A visit for you to take over'),
    w(
      '{by} 想交接给你：{reason}[[ · {customerName}]]',
      '{by} would like to hand over to you: {reason}[[ · {customerName}]]',
    ),
  ),
  handover_asked: n(
    'request',
    w('工程师发起交接', 'A handover was offered'),
    w('{by} 交接给 {to}：{reason}[[ · {customerName}]]', '{by} to {to}: {reason}[[ · {customerName}]]'),
  ),
  handover_work: n(
    'request',
    w('前一位同事离线时做的', 'Done by the one before you'),
    w(
      '{by} 离线时已经做了一部分，请核对[[ · {customerName}]]',
      '{by} had done some of it without a network: have a look[[ · {customerName}]]',
    ),
  ),
  handover_accepted: n(
    'request',
    w('交接完成', 'Handover accepted'),
    w('{to} 接手了 {from} 的上门[[ · {customerName}]]', '{to} took over from {from}[[ · {customerName}]]'),
  ),
  handover_declined: n(
    'request',
    w('交接没有接手', 'Handover declined'),
    w('{to} 不接手：{reason}[[ · {customerName}]]', '{to} declined: {reason}[[ · {customerName}]]'),
  ),
  handover_withdrawn: n(
    'request',
    w('交接撤回', 'Handover withdrawn'),
    w(
      '{from} 交给 {to} 的上门不再交接[[ · {customerName}]]',
      'No longer handed from {from} to {to}[[ · {customerName}]]',
    ),
  ),
  escalation_raised: n(
    'request',
    w('新的升级', 'New escalation'),
    w('{number} {title}（{by}）[[ · {customerName}]]', '{number} {title} ({by})[[ · {customerName}]]'),
  ),
  escalation_taken: n(
    'request',
    w('升级有人处理', 'Escalation taken'),
    w('{by} 在处理 {number} {title}', '{by} has taken {number} {title}'),
  ),
  escalation_assigned: n(
    'request',
    w('升级指定了负责人', 'Escalation assigned'),
    w('{number} {title} 由 {owner} 负责', '{owner} owns {number} {title}'),
  ),
  escalation_asked: n('request', w('升级需要补充', 'More is asked of you'), w('{number}：{text}', '{number}: {text}')),
  escalation_supplied: n('request', w('升级有补充', 'Escalation supplied'), w('{number}：{text}', '{number}: {text}')),
  escalation_answered: n('request', w('升级有答复', 'Escalation answered'), w('{number}：{text}', '{number}: {text}')),
  escalation_returned: n(
    'request',
    w('答复没有解决问题', 'The answer did not help'),
    w('{number} {title}[[：{text}]]', '{number} {title}[[: {text}]]'),
  ),
  escalation_closed: n('request', w('升级已解决', 'Escalation solved'), w('{number} {title}', '{number} {title}')),
  escalation_due: n(
    'request',
    w('升级快到时限', 'An escalation is due soon'),
    w('{number} {title}，{when} 前答复', '{number} {title}, answer by {when}'),
  ),
  escalation_overdue: n(
    'request',
    w('升级超时', 'An escalation is overdue'),
    w('{number} {title} 应在 {when} 前答复[[（{owner}）]]', '{number} {title} was due {when}[[ ({owner})]]'),
  ),
  papers_due: n(
    'request',
    w('文档待补交', 'A document is to follow'),
    w('「{document}」{when} 前补交[[ · {customerName}]]', '“{document}” by {when}[[ · {customerName}]]'),
  ),
  papers_overdue: n(
    'request',
    w('文档补交超时', 'A document is overdue'),
    w(
      '{by} 的「{document}」应在 {when} 前补交[[ · {customerName}]]',
      '“{document}” of {by} was due {when}[[ · {customerName}]]',
    ),
  ),
  order_reported: n(
    'request',
    w('现场上报了新问题', 'Reported from the site'),
    w('{by}：{title}[[（{orderNumber}）]]', '{by}: {title}[[ ({orderNumber})]]'),
  ),
  followup_opened: n(
    'survey',
    w('低分回访', 'Follow-up on a low score'),
    w(
      '有新的低分回访要处理[[：{customer}]][[，{score} 分]]',
      'A new follow-up is yours[[: {customer}]][[, {score} points]]',
    ),
  ),
  followup_reassigned: n(
    'survey',
    w('回访转交', 'Follow-up handed over'),
    w('有一个回访转给了你[[：{number}]]', 'A follow-up was given to you[[: {number}]]'),
  ),
  followup_action: n(
    'survey',
    w('回访措施', 'Follow-up action'),
    w('有一项回访措施由你负责[[：{action}]]', 'A follow-up action is yours[[: {action}]]'),
  ),
  project_joined: n(
    'project',
    w('加入项目', 'Added to a project'),
    w('{by} 把你加入项目 {name}', '{by} added you to {name}'),
  ),
  project_at_risk: n('project', w('项目有风险', 'Project at risk'), w('项目 {name} 有风险', '{name} is at risk')),
  delivery_failed: n(
    'operations',
    w('通知没有送达', 'A notice was not delivered'),
    w('{to}：{channel}发送失败，{why}', '{to}: {channel} failed, {why}'),
  ),
  notice_test: n(
    'operations',
    w('测试通知', 'Test notice'),
    w('{by} 在测试这个通道，收到即表示已连通。', '{by} is testing this channel; it works if you read this.'),
  ),
  notice_digest: n(
    'operations',
    w('未读消息汇总', 'What you have not read'),
    w('你有 {n} 条未读消息', 'You have {n} unread notices'),
  ),
  report_missing: n(
    'report',
    w('今天的日报还没交', 'Your report of the day is waiting'),
    w('日报已经写好，看一眼就能提交', 'It is drafted: a look and it is handed in'),
  ),
  report_asked: n(
    'report',
    w('有人追问你的日报', 'A question about your report'),
    w('{by} 问 {date} 的日报：{excerpt}', '{by} asks about {date}: {excerpt}'),
  ),
  report_commented: n(
    'report',
    w('日报有新评论', 'A comment on your report'),
    w('{by} 评论了 {date} 的日报：{excerpt}', '{by} on {date}: {excerpt}'),
  ),
  report_answered: n(
    'report',
    w('日报追问有回答', 'An answer on a report'),
    w('{by} 回答（{date} 日报）：{excerpt}', '{by} answered ({date}): {excerpt}'),
  ),
  report_thanks: n(
    'report',
    w('辛苦了', 'Thank you'),
    w('{by} 看了 {date} 的日报：辛苦了', '{by} on {date}: thank you'),
  ),
  report_well_done: n(
    'report',
    w('做得好', 'Well done'),
    w('{by} 看了 {date} 的日报：做得好', '{by} on {date}: well done'),
  ),
  report_attention: n(
    'report',
    w('日报被关注', 'Your report is being followed up'),
    w('{by} 会跟进 {date} 日报里的事', '{by} follows up what {date} reports'),
  ),
  time_corrected: n(
    'report',
    w('你的工时有更正', 'Your time was corrected'),
    w('{by} 更正了 {date} 的工时：{reason}', '{by} corrected {date}: {reason}'),
  ),
  time_reopened: n(
    'report',
    w('工时已重新打开', 'Your time was opened again'),
    w('{by} 重新打开了 {date} 的工时：{reason}', '{by} opened {date} again: {reason}'),
  ),
  time_differs: n(
    'report',
    w('已确认的工时有差异', 'Confirmed time differs'),
    w('{name} {date} 的工时确认后又有新记录，请核对', 'Something came late for {name}, {date}: please compare'),
  ),
  // A code of a newer server: the reader still learns that there is something.
  other: n('operations', w('新消息', 'New notice'), w('有一条新消息', 'There is something new')),
}

export const groupOfNotice = (code: string): NoticeGroup =>
  (noticeWords[code] ?? (noticeWords.other as NoticeWords)).group

/** Title and text of a notice; `params.when` is made by the caller, who knows the reader's zone. */
export function noticeText(
  code: string,
  params: Record<string, unknown>,
  language: 'zh' | 'en',
): { title: string; text: string } {
  const words = noticeWords[code] ?? (noticeWords.other as NoticeWords)
  const worded: Record<string, unknown> = {
    ...params,
    channel: channelWords[String(params.channel)]?.[language] ?? params.channel,
    why: deliveryWhyWords[String(params.why)]?.[language] ?? params.why,
  }
  const known = (name: string) => worded[name] !== undefined && worded[name] !== null && worded[name] !== ''
  const say = (phrase: string) =>
    phrase
      .replace(/\[\[(.*?)\]\]/g, (_, part: string) =>
        [...part.matchAll(/\{(\w+)\}/g)].every((m) => known(m[1] as string)) ? part : '',
      )
      .replace(/\{(\w+)\}/g, (_, name: string) => (known(name) ? String(worded[name]) : ''))
      .replace(/^[\s·]+/, '')
  return { title: say(words.title[language]), text: say(words.text[language]) }
}

export interface Told {
  code: string
  subject: { kind: string; id: string }
  params: Record<string, unknown>
}
/** Where a notice leads on a face; null: it is to be read only. A visit is read on the desk on its order's page. */
export function noticePlace({ code, subject, params }: Told, face: 'desk' | 'field'): string | null {
  const { kind, id } = subject
  if (face === 'field') {
    if (code === 'mentioned') return `/m/messages/${kind}/${id}`
    const day = typeof params.date === 'string' ? `/m/report/${params.date}` : '/m/report'
    const pages: Record<string, string> = {
      report: day,
      workday: day,
      visit: `/m/visits/${id}`,
      request: `/m/requests/asked/${id}`,
      handover: `/m/requests/handovers/${id}`,
      escalation: `/m/requests/escalations/${id}`,
      paper: '/m/requests/papers',
    }
    return pages[kind] ?? null
  }
  if (kind === 'order') return `/orders/${id}`
  if (kind === 'visit') return typeof params.orderId === 'string' ? `/orders/${params.orderId}` : null
  if (kind === 'followup') return `/satisfaction/cases/${id}`
  if (kind === 'project') return `/projects/${id}`
  if (kind === 'request' || kind === 'handover' || kind === 'escalation') return `/requests/${kind}/${id}`
  if (kind === 'paper') return '/requests/papers'
  if (kind === 'report') return `/reports/report/${id}`
  if (kind === 'workday') return '/reports/time'
  if (kind === 'delivery') return '/channels/log'
  return null
}
