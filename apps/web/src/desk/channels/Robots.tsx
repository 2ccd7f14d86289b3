import { useQueryClient } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { Bot, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { channelWords } from '#contracts/words/deliveries'
import { type NoticeGroup, noticeGroups, noticeWords } from '#contracts/words/notices'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useConfirm } from '../../common/Confirm'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, Sheet } from '../parts/Sheet'
import { useTest } from './useTest'
import { words } from './words'

type Robot = Reply<'GET /api/notice-robots'>['robots'][number]
const VENDORS = ['dingtalk', 'feishu', 'wecom'] as const
const TYPES = ['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const
/** What a new robot says unless told otherwise: what a whole team should see. */
const USUAL = ['visit_declined', 'visit_missed', 'offer_waiting', 'offer_unanswered', 'project_at_risk']

const useTeams = () => useCall('GET /api/teams', undefined, { staleTime: 600_000 }).data?.teams ?? []

export function Robots() {
  const t = useWords(words)
  const [editing, setEditing] = useState<Robot | 'new' | null>(null)
  const answer = useCall('GET /api/notice-robots', undefined, { watch: ['notice_robot'], refetchInterval: 15_000 })
  if (answer.isError && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="cards" lines={3} />
  const { robots, can } = answer.data
  const add = can.add && (
    <button type="button" className="zc-btn primary" onClick={() => setEditing('new')}>
      <Plus className="zc-icon" size={16} aria-hidden /> {t('robots.add')}
    </button>
  )
  return (
    <>
      {robots.length === 0 ? (
        <Empty icon={Bot} title={t('robots.none')} action={add}>
          {t('robots.none.text')}
        </Empty>
      ) : (
        <>
          <div className="channels-lead">
            <p>{t('robots.text')}</p>
            {add}
          </div>
          <div className="channels-cards">
            {robots.map((r) => (
              <RobotCard key={r.id} robot={r} onEdit={() => setEditing(r)} />
            ))}
          </div>
        </>
      )}
      {editing && <RobotSheet robot={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  )
}

function RobotCard({ robot: r, onEdit }: { robot: Robot; onEdit: () => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat()
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const client = useQueryClient()
  const teams = useTeams()
  const { said, run } = useTest()
  const { confirm, dialog } = useConfirm()
  const again = () => client.invalidateQueries({ queryKey: ['GET /api/notice-robots'] })
  const where =
    r.teamIds.length === 0 ? [t('robot.all')] : teams.filter((x) => r.teamIds.includes(x.id)).map((x) => x.name)
  return (
    <section aria-label={r.name}>
      <header>
        <h2 className="zc-clip">{r.name}</h2>
        <Tag meaning={r.enabled ? 'green' : 'grey'}>{t(r.enabled ? 'on' : 'off')}</Tag>
      </header>
      <p>
        {channelWords[r.vendor]?.[language]} · {r.host}
        {r.vendor !== 'wecom' && ` · ${t(r.signed ? 'robot.signed' : 'robot.unsigned')}`}
      </p>
      <p>
        {[...where, ...r.orderTypes.map((x) => o(`type.${x}`))].join(' · ')} ·{' '}
        <span title={r.codes.map((c) => noticeWords[c]?.title[language] ?? c).join('\n')}>
          {t('robot.codes', { n: r.codes.length })}
        </span>
      </p>
      <p>
        {r.lastSentAt ? t('robot.last', { when: f.relative(r.lastSentAt) }) : t('robot.never')}
        {r.waiting > 0 && ` · ${t('robot.waiting', { n: r.waiting })}`}
      </p>
      {r.throttledUntil && (
        <p>
          <Tag meaning="amber">{t('robot.throttled', { when: f.when(r.throttledUntil) })}</Tag>
        </p>
      )}
      <footer>
        {r.can.test && (
          <button
            type="button"
            className="zc-btn"
            onClick={() =>
              void run(() => call('POST /api/notice-robots/:id/test', { params: { id: r.id } })).then(again)
            }
          >
            {t('test')}
          </button>
        )}
        {r.can.edit && (
          <>
            <button type="button" className="zc-btn" onClick={onEdit}>
              {t('edit')}
            </button>
            <button
              type="button"
              className="zc-btn quiet"
              onClick={() =>
                void call('PATCH /api/notice-robots/:id', { params: { id: r.id }, body: { enabled: !r.enabled } }).then(
                  again,
                  (e) => toast(asApiError(e).title),
                )
              }
            >
              {t(r.enabled ? 'robot.disable' : 'robot.enable')}
            </button>
          </>
        )}
        {r.can.remove && (
          <button
            type="button"
            className="zc-btn quiet"
            onClick={async () => {
              const yes = await confirm({
                title: t('robot.remove.ask', { name: r.name }),
                consequence: t('robot.remove.then'),
                confirm: t('robot.remove'),
                keep: t('robot.keep'),
              })
              if (!yes) return
              await call('DELETE /api/notice-robots/:id', { params: { id: r.id } })
              toast(t('robot.removed', { name: r.name }))
              await again()
            }}
          >
            {t('robot.remove')}
          </button>
        )}
        {said && (
          <small role="status" data-good={said.good ?? undefined}>
            {said.text}
          </small>
        )}
      </footer>
      {dialog}
    </section>
  )
}

function RobotSheet({ robot, onClose }: { robot: Robot | null; onClose: () => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const client = useQueryClient()
  const teams = useTeams()
  const [d, set] = useState({
    vendor: robot?.vendor ?? ('dingtalk' as const),
    name: robot?.name ?? '',
    webhook: '',
    secret: '',
    locale: robot?.locale ?? ('zh-CN' as const),
    teamIds: robot?.teamIds ?? [],
    orderTypes: robot?.orderTypes ?? [],
    codes: robot?.codes ?? USUAL,
  })
  const kinds = useMemo(
    () =>
      (Object.keys(noticeGroups) as NoticeGroup[])
        .map((g) => ({
          label: noticeGroups[g][language],
          options: Object.entries(noticeWords)
            .filter(([code, w]) => w.group === g && !['other', 'notice_test', 'notice_digest'].includes(code))
            .map(([code, w]) => ({ value: code, label: w.title[language] })),
        }))
        .filter((g) => g.options.length > 0),
    [language],
  )
  return (
    <Sheet
      title={robot ? t('robot.change', { name: robot.name }) : t('robot.new')}
      submit={t('save')}
      width={560}
      disabled={!d.name || (!robot && !d.webhook)}
      onSubmit={async () => {
        const { vendor, webhook, secret, ...rest } = d
        if (robot)
          await call('PATCH /api/notice-robots/:id', {
            params: { id: robot.id },
            body: { ...rest, ...(webhook ? { webhook } : {}), ...(secret ? { secret } : {}) },
          })
        else await call('POST /api/notice-robots', { body: { ...rest, vendor, webhook, secret: secret || null } })
        await client.invalidateQueries({ queryKey: ['GET /api/notice-robots'] })
        toast(t('saved'))
        onClose()
      }}
      onClose={onClose}
    >
      {!robot && (
        <Field label={t('robot.vendor')}>
          {(c) => (
            <Select
              id={c.id}
              value={d.vendor}
              options={VENDORS.map((v) => ({ value: v, label: channelWords[v]?.[language] }))}
              onChange={(vendor) => set({ ...d, vendor })}
            />
          )}
        </Field>
      )}
      <Field label={t('robot.name')} path="body.name" hint={t('robot.name.hint')}>
        {(c) => <Input {...c} value={d.name} onChange={(e) => set({ ...d, name: e.target.value })} />}
      </Field>
      <Field
        label={t('robot.webhook')}
        path="body.webhook"
        wide
        {...(robot ? { hint: t('robot.webhook.kept'), optional: true } : {})}
      >
        {(c) => (
          <Input
            {...c}
            autoComplete="off"
            placeholder={robot ? robot.host : 'https://'}
            value={d.webhook}
            onChange={(e) => set({ ...d, webhook: e.target.value.trim() })}
          />
        )}
      </Field>
      {d.vendor !== 'wecom' && (
        <Field
          label={t('robot.secret')}
          optional
          wide
          hint={robot?.signed ? t('mail.password.kept') : t(`robot.secret.${d.vendor}`)}
        >
          {(c) => (
            <Input.Password
              {...c}
              autoComplete="new-password"
              value={d.secret}
              onChange={(e) => set({ ...d, secret: e.target.value.trim() })}
            />
          )}
        </Field>
      )}
      <Field label={t('robot.what')} path="body.codes" wide>
        {(c) => (
          <Select
            id={c.id}
            mode="multiple"
            value={d.codes}
            options={kinds}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(codes) => set({ ...d, codes })}
          />
        )}
      </Field>
      <Field label={t('robot.teams')} hint={t('robot.teams.hint')} wide>
        {(c) => (
          <Select
            id={c.id}
            mode="multiple"
            value={d.teamIds}
            options={teams.map((x) => ({ value: x.id, label: x.name }))}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(teamIds) => set({ ...d, teamIds })}
          />
        )}
      </Field>
      <Field label={t('robot.types')} hint={t('robot.types.hint')} wide>
        {(c) => (
          <Select
            id={c.id}
            mode="multiple"
            value={d.orderTypes}
            options={TYPES.map((x) => ({ value: x, label: o(`type.${x}`) }))}
            onChange={(orderTypes) => set({ ...d, orderTypes })}
          />
        )}
      </Field>
      <Field label={t('robot.language')}>
        {(c) => (
          <Select
            id={c.id}
            value={d.locale}
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en-US', label: 'English' },
            ]}
            onChange={(locale) => set({ ...d, locale })}
          />
        )}
      </Field>
    </Sheet>
  )
}
