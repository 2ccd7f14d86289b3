import { newId } from '../src/platform/ids'
import type { Client } from './world'

const w = (zh: string, en = '') => ({ zh, en })

/** A checklist of every kind of item, for orders of type `install`. */
export const sampleItems = [
  {
    key: 'power',
    label: w('供电与接地', 'Power and grounding'),
    kind: 'passFail' as const,
    required: true,
    onFail: { followUp: { type: 'repair' as const, priority: 'high' as const } },
  },
  {
    key: 'volts',
    label: w('输入电压', 'Input voltage'),
    kind: 'number' as const,
    required: true,
    unit: 'V',
    min: 198,
    max: 242,
  },
  {
    key: 'why',
    label: w('不合格原因'),
    kind: 'text' as const,
    required: true,
    when: { item: 'power', is: ['fail'] },
  },
  {
    key: 'place',
    label: w('安装位置'),
    kind: 'choice' as const,
    required: false,
    options: [
      { value: 'rack', label: w('机柜内') },
      { value: 'floor', label: w('地面'), fails: true },
    ],
  },
  { key: 'photo', label: w('铭牌照片'), kind: 'photo' as const, required: false },
  { key: 'serial', label: w('主机序列号'), kind: 'scan' as const, required: false },
  { key: 'sign', label: w('机房管理员签字'), kind: 'signature' as const, required: false },
]

/** Publishes it and answers its id. */
export async function publishSample(
  ops: Client,
  o: {
    orderTypes?: ('install' | 'repair' | 'other')[]
    models?: string[]
    items?: typeof sampleItems
    title?: string
  } = {},
): Promise<string> {
  const id = newId()
  await ops.ok('POST /api/checklists', {
    body: {
      id,
      orderTypes: o.orderTypes ?? ['install'],
      models: o.models ?? [],
      body: {
        title: w(o.title ?? '部署检查'),
        items: o.items ?? sampleItems,
        bring: [
          { what: 'tool', name: w('万用表') },
          { what: 'part', name: w('网线'), qty: 4, part: 'CB-6A-3M' },
        ],
      },
    },
  })
  return id
}
