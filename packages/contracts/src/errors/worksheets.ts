import { errors } from './define'

export const worksheetsErrors = errors({
  checks_missing: {
    status: 409,
    zh: '还有 {count} 个必填检查项没有完成：{names}',
    en: '{count} required checks are not done: {names}',
    zhAction: '请先完成这些检查项，再结束服务',
    enAction: 'Do them before you end the visit',
  },
  checklist_faulty: {
    status: 422,
    zh: '检查项「{key}」设置有误',
    en: 'The item “{key}” cannot be answered as it is',
    zhAction: '请检查编号是否重复、显示条件是否指向前面的检查项、选项是否至少两个、上下限是否颠倒',
    enAction:
      'Check for a repeated key, a condition on a later item, fewer than two options, or limits the wrong way round',
  },
  checklist_unknown: {
    status: 422,
    zh: '要修改的检查单不存在',
    en: 'There is no such checklist to write a new version of',
    zhAction: '请刷新列表，或作为新检查单发布',
    enAction: 'Refresh the list, or publish it as a new checklist',
  },
  check_unknown: {
    status: 422,
    zh: '这次上门的检查单里没有这一项',
    en: 'The checklists of this visit have no such item',
    zhAction: '请刷新后再试',
    enAction: 'Refresh and try again',
  },
  check_value_wrong: {
    status: 422,
    zh: '「{item}」不能这样填写',
    en: '“{item}” cannot be answered like this',
    zhAction: '请按检查项的类型填写',
    enAction: 'Answer it in the form that it asks for',
  },
  line_elsewhere: {
    status: 409,
    zh: '这个编号已用于别的记录',
    en: 'This id is used for another record',
    zhAction: '请重新添加一条',
    enAction: 'Add it again',
  },
  note_empty: {
    status: 422,
    zh: '备注没有内容',
    en: 'The note is empty',
    zhAction: '请写几个字，或录一段语音',
    enAction: 'Write something or record your voice',
  },
  note_unknown: {
    status: 422,
    zh: '这次上门没有这条备注',
    en: 'This visit has no such note',
    zhAction: '请刷新后再试',
    enAction: 'Refresh and try again',
  },
  note_of_other: {
    status: 403,
    zh: '只能修改自己写的备注',
    en: 'Only the author can change a note',
    zhAction: '请另外添加一条备注',
    enAction: 'Add a note of your own',
  },
  serial_elsewhere: {
    status: 409,
    zh: '序列号 {serial} 不在这个站点的设备里',
    en: 'No asset at this site has the serial number {serial}',
    zhAction: '请先登记为本站点设备，再更正工单',
    enAction: 'Register it at this site first',
  },
  part_number_taken: {
    status: 409,
    zh: '备件编号已存在',
    en: 'This part number exists already',
    zhAction: '请使用别的编号，或修改已有备件',
    enAction: 'Use another number or edit the part that has it',
  },
})
