import { errors } from './define'

export const projectsErrors = errors({
  project_exists: {
    status: 409,
    zh: '这个项目已经创建过',
    en: 'This project has been created already',
    zhAction: '请打开已有的项目',
    enAction: 'Open the existing one',
  },
  template_unknown: {
    status: 422,
    zh: '没有这个项目模板',
    en: 'There is no such project template',
    zhAction: '请从模板列表中选择',
    enAction: 'Choose one from the list of templates',
  },
  template_weights: {
    status: 422,
    zh: '各阶段权重合计为 {sum}，应为 100',
    en: 'The weights of the phases add up to {sum} and should be 100',
    zhAction: '请调整阶段权重',
    enAction: 'Adjust the weights',
  },
  template_keys: {
    status: 422,
    zh: '阶段编码「{key}」重复，或所写编码不在模板中',
    en: 'The phase key “{key}” stands twice, or is not one of the template',
    zhAction: '请核对阶段编码',
    enAction: 'Check the phase keys',
  },
  person_unknown: {
    status: 422,
    zh: '所选人员不存在或已停用',
    en: 'A person chosen does not exist or is disabled',
    zhAction: '请重新选择人员',
    enAction: 'Choose again',
  },
  owner_leaves: {
    status: 409,
    zh: '{name} 还负责未完成的阶段，不能移出项目',
    en: '{name} still answers for a phase that has not ended and cannot leave the project',
    zhAction: '请先更换阶段负责人',
    enAction: 'Name another owner of the phase first',
  },
  phases_open: {
    status: 409,
    zh: '还有阶段未完成：{phases}',
    en: 'Phases have not ended yet: {phases}',
    zhAction: '请先完成这些阶段，再登记验收',
    enAction: 'Finish them, then accept',
  },
  phase_documents_missing: {
    status: 409,
    zh: '阶段文档还未齐全：{documents}',
    en: 'Required documents are missing: {documents}',
    zhAction: '请先登记文档，或写明原因后补交',
    enAction: 'File them, or say why they follow later',
  },
  phase_document_unknown: {
    status: 422,
    zh: '该阶段不要求文档「{name}」',
    en: 'The phase does not ask for “{name}”',
    zhAction: '请从阶段文档中选择',
    enAction: 'Choose one of its documents',
  },
  date_ahead: {
    status: 422,
    zh: '实际日期 {on} 晚于今天',
    en: 'The actual date {on} lies in the future',
    zhAction: '请填写今天或以前的日期',
    enAction: 'Give today or an earlier day',
  },
})
