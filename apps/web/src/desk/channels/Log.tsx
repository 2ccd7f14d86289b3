import { useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { Send } from 'lucide-react'
import { useEffect, useState } from 'react'
import { channelWords, deliveryStateWords } from '#contracts/words/deliveries'
import { noticeWords } from '#contracts/words/notices'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useNoticeText } from '../../common/notices'
import { Facts } from '../../common/PageHeader'
import { type Meaning, Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useWhy } from './useTest'
import { words } from './words'

type Delivery = Reply<'GET /api/deliveries'>['rows'][number]
const STATES = ['queued', 'sending', 'sent', 'skipped', 'failed', 'unknown'] as const
const CHANNELS = ['push', 'email', 'dingtalk', 'feishu', 'wecom'] as const
const MEANING: Record<Delivery['state'], Meaning> = {
  queued: 'blue',
  sending: 'teal',
  sent: 'green',
  skipped: 'grey',
  failed: 'red',
  unknown: 'amber',
}

/** Where each message went, and why it did not. */
export function Log() {
  const t = useWords(words)
  const f = useFormat()
  const say = useNoticeText()
  const why = useWhy()
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const client = useQueryClient()
  const [channel, setChannel] = useState<Delivery['channel'] | null>(null)
  const [state, setState] = useState<Delivery['state'] | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const [open, setOpen] = useState<Delivery | null>(null)
  const list = usePages(
    'GET /api/deliveries',
    { query: { limit: 100, ...(channel ? { channel } : {}), ...(state ? { state } : {}), ...(code ? { code } : {}) } },
    { watch: ['delivery', 'notice'] },
  )
  // Deliveries state no events (they would fill the journal): whoever looks at the log asks again.
  useEffect(() => {
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['GET /api/deliveries'] }), 5_000)
    return () => clearInterval(timer)
  }, [client])
  const columns: Column<Delivery>[] = [
    { key: 'at', title: t('col.at'), width: '140px', render: (d) => f.when(d.createdAt) },
    {
      key: 'channel',
      title: t('log.channel'),
      width: '130px',
      render: (d) => channelWords[d.channel]?.[language] ?? d.channel,
    },
    {
      key: 'to',
      title: t('col.to'),
      width: 'minmax(120px, 1fr)',
      render: (d) => (d.robot ? d.robot.name : `${d.person?.name ?? '—'} · ${d.target}`),
    },
    {
      key: 'what',
      title: t('col.what'),
      width: 'minmax(200px, 2fr)',
      render: (d) => {
        const said = say(d)
        return (
          <span title={said.text}>
            <b>{said.title}</b> {said.text}
          </span>
        )
      },
    },
    {
      key: 'state',
      title: t('col.state'),
      width: '100px',
      render: (d) => <Tag meaning={MEANING[d.state]}>{deliveryStateWords[d.state]?.[language] ?? d.state}</Tag>,
    },
    { key: 'why', title: t('col.why'), width: 'minmax(160px, 1.5fr)', render: (d) => why(d.why) },
  ]
  if (list.error && !list.first) return <ErrorState error={list.error} onRetry={list.again} />
  if (list.loading) return <Loading shape="rows" lines={10} />
  const counts = list.first?.counts
  const shown = open && (list.rows.find((d) => d.id === open.id) ?? open)
  return (
    <div className="channels-log">
      <div className="channels-filters">
        {counts &&
          (
            [
              ['sent', counts.sent, 'sent'],
              ['waiting', counts.waiting, 'queued'],
              ['failed', counts.failed, 'failed'],
            ] as const
          ).map(([key, n, s]) => (
            <button
              key={key}
              type="button"
              className="zc-chip"
              aria-pressed={state === s}
              onClick={() => setState(state === s ? null : s)}
            >
              {t(`log.${key}`)} <b>{n}</b>
            </button>
          ))}
        <span className="spring" />
        <Select
          aria-label={t('log.channel')}
          placeholder={t('log.channel')}
          allowClear
          value={channel}
          style={{ width: 150 }}
          options={CHANNELS.map((c) => ({ value: c, label: channelWords[c]?.[language] }))}
          onChange={(v) => setChannel(v ?? null)}
        />
        <Select
          aria-label={t('log.state')}
          placeholder={t('log.state')}
          allowClear
          value={state}
          style={{ width: 120 }}
          options={STATES.map((s) => ({ value: s, label: deliveryStateWords[s]?.[language] }))}
          onChange={(v) => setState(v ?? null)}
        />
        <Select
          aria-label={t('log.kind')}
          placeholder={t('log.kind')}
          allowClear
          value={code}
          style={{ width: 160 }}
          showSearch={{ optionFilterProp: 'label' }}
          options={Object.entries(noticeWords).map(([c, w]) => ({ value: c, label: w.title[language] }))}
          onChange={(v) => setCode(v ?? null)}
        />
      </div>
      {shown && (
        <section className="channels-one" aria-label={say(shown).title}>
          <Facts
            rows={[
              [t('col.what'), `${say(shown).title} ${say(shown).text}`],
              [t('d.target'), shown.target],
              [t('d.attempts'), String(shown.attempts)],
              [t('d.due'), f.when(shown.dueAt)],
              [t('d.tried'), shown.triedAt ? f.when(shown.triedAt) : '—'],
              [t('d.sent'), shown.sentAt ? f.when(shown.sentAt) : '—'],
              [t('col.why'), why(shown.why) || '—'],
              [t('d.detail'), shown.detail ?? '—'],
            ]}
          />
          <div className="row">
            {shown.can.retry && (
              <button
                type="button"
                className="zc-btn"
                onClick={() =>
                  void call('POST /api/deliveries/:id/retry', { params: { id: shown.id } }).then(
                    () => {
                      toast(t('d.retried'))
                      list.again()
                    },
                    (e) => toast(asApiError(e).title),
                  )
                }
              >
                {t('d.retry')}
              </button>
            )}
            <button type="button" className="zc-btn quiet" onClick={() => setOpen(null)}>
              {t('d.close')}
            </button>
          </div>
        </section>
      )}
      <div className="channels-list">
        <DataList
          id="deliveries"
          label={t('tab.log')}
          rows={list.rows}
          rowKey={(d) => d.id}
          columns={columns}
          openId={shown?.id ?? null}
          onOpen={(d) => setOpen(d.id === shown?.id ? null : d)}
          onMore={list.more}
          empty={
            <Empty icon={Send} title={t('log.none')}>
              {t('log.none.text')}
            </Empty>
          }
        />
      </div>
    </div>
  )
}
