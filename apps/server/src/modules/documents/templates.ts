import type { z } from 'zod'
import type { TemplateBody, TemplateField } from '#contracts/documents.schema'

type Body = z.output<typeof TemplateBody>
export interface ShippedTemplate {
  key: string
  version: number
  orderTypes: string[]
  body: Body
}

const w = (zh: string, en: string) => ({ zh, en })
const fact = (
  key: string,
  zh: string,
  en: string,
  source: string,
  format: NonNullable<z.output<typeof TemplateField>['format']> = 'text',
) => ({ key, label: w(zh, en), type: 'fact' as const, required: false, source, format })

// What the system knows is never typed again: customer, place, people and times come from the facts.
const head = {
  key: 'basics',
  title: w('基本信息', 'Basics'),
  fields: [
    fact('order_number', '工单号', 'Work order', 'order.number'),
    fact('customer', '客户', 'Customer', 'customer.name'),
    fact('site', '站点', 'Site', 'site.name'),
    fact('address', '地址', 'Address', 'site.address'),
    fact('contact', '联系人', 'Contact', 'contact.name'),
    fact('engineers', '服务人员', 'Engineers', 'engineers', 'people'),
    fact('arrived', '到场时间', 'Arrived', 'visit.arrivedAt', 'instant'),
    fact('finished', '离场时间', 'Left', 'visit.finishedAt', 'instant'),
  ],
}
// What was done on site, as the worksheet has it: nobody types it twice.
const onSite = {
  key: 'on_site',
  title: w('现场记录', 'Recorded on site'),
  fields: [
    fact('work_checks', '检查结果', 'Checks', 'work.checks', 'checks'),
    fact('work_parts', '用料', 'Parts used', 'work.parts', 'parts'),
    fact('work_serials', '设备序列号', 'Serial numbers', 'work.serials', 'serials'),
    fact('work_notes', '说明', 'Notes', 'work.notes', 'notes'),
  ],
}
const clause = w(
  '本人已核对以上内容，确认服务人员到场完成了所列工作。签字表示对本次服务内容的确认，不影响合同约定的质保权利。',
  'I have checked the above and confirm that the work listed was carried out on site. Signing confirms this service and does not affect warranty rights under the contract.',
)
const passFail = [
  { value: 'pass', label: w('正常', 'Pass') },
  { value: 'fail', label: w('异常', 'Fail') },
  { value: 'na', label: w('不适用', 'N/A') },
]

/** The templates that the product ships; a company's own versions are added as rows. */
export const shippedTemplates: ShippedTemplate[] = [
  {
    key: 'deployment_report',
    version: 2,
    orderTypes: ['install', 'upgrade'],
    body: {
      title: w('设备部署报告', 'Deployment report'),
      sections: [
        head,
        {
          key: 'equipment',
          title: w('部署设备', 'Equipment'),
          fields: [
            fact('asset', '关联设备', 'Asset', 'asset.name'),
            {
              key: 'devices',
              label: w('设备清单', 'Devices'),
              type: 'table',
              required: true,
              columns: [
                { key: 'model', label: w('型号', 'Model'), required: true },
                { key: 'serial', label: w('序列号', 'Serial number'), required: true },
                { key: 'place', label: w('安装位置', 'Place'), required: false },
              ],
            },
            {
              key: 'software_version',
              label: w('软件版本', 'Software version'),
              type: 'text',
              required: true,
              placeholder: w('例如 V5.2.1', 'e.g. V5.2.1'),
            },
            { key: 'network', label: w('网络与地址规划', 'Network'), type: 'text', required: false },
          ],
        },
        {
          key: 'checks',
          title: w('调试与检查', 'Checks'),
          fields: [
            {
              key: 'check_power',
              label: w('供电与接地', 'Power and grounding'),
              type: 'choice',
              required: true,
              options: passFail,
            },
            {
              key: 'check_network',
              label: w('网络连通', 'Network'),
              type: 'choice',
              required: true,
              options: passFail,
            },
            {
              key: 'check_function',
              label: w('业务功能', 'Functions'),
              type: 'choice',
              required: true,
              options: passFail,
            },
            {
              key: 'room_temperature',
              label: w('机房温度', 'Room temperature'),
              type: 'number',
              required: false,
              unit: '℃',
              min: -20,
              max: 60,
            },
            {
              key: 'work_done',
              label: w('工作内容', 'Work done'),
              type: 'longtext',
              required: true,
              placeholder: w('做了什么、结果如何', 'What was done and how it turned out'),
            },
            { key: 'open_points', label: w('遗留问题', 'Open points'), type: 'longtext', required: false },
          ],
        },
        onSite,
        {
          key: 'handover',
          title: w('交付', 'Handover'),
          fields: [
            {
              key: 'trained',
              label: w('已向客户说明日常操作', 'Daily operation explained'),
              type: 'check',
              required: true,
            },
            { key: 'photos', label: w('现场照片', 'Photos'), type: 'photos', required: false },
          ],
        },
      ],
      clause,
    },
  },
  {
    key: 'service_report',
    version: 2,
    orderTypes: ['repair', 'inspect', 'survey', 'other'],
    body: {
      title: w('现场服务报告', 'Service report'),
      sections: [
        head,
        {
          key: 'service',
          title: w('服务内容', 'Service'),
          fields: [
            fact('request', '客户诉求', 'Request', 'order.request'),
            fact('asset', '关联设备', 'Asset', 'asset.name'),
            { key: 'finding', label: w('现场情况', 'Findings'), type: 'longtext', required: true },
            { key: 'work_done', label: w('处理过程与结果', 'Work done and result'), type: 'longtext', required: true },
            {
              key: 'check_function',
              label: w('恢复情况', 'Working again'),
              type: 'choice',
              required: true,
              options: passFail,
            },
            { key: 'advice', label: w('给客户的建议', 'Advice'), type: 'longtext', required: false },
            { key: 'photos', label: w('现场照片', 'Photos'), type: 'photos', required: false },
          ],
        },
        onSite,
      ],
      clause,
    },
  },
  {
    key: 'training_report',
    version: 2,
    orderTypes: ['train'],
    body: {
      title: w('培训记录', 'Training record'),
      sections: [
        head,
        {
          key: 'training',
          title: w('培训', 'Training'),
          fields: [
            { key: 'topics', label: w('培训内容', 'Topics'), type: 'longtext', required: true },
            {
              key: 'attendees',
              label: w('参加人数', 'Attendees'),
              type: 'number',
              required: true,
              unit: '人',
              min: 1,
              max: 500,
            },
            { key: 'questions', label: w('待答复问题', 'Open questions'), type: 'longtext', required: false },
            { key: 'photos', label: w('现场照片', 'Photos'), type: 'photos', required: false },
          ],
        },
        onSite,
      ],
      clause,
    },
  },
]
