import { useQueryClient } from '@tanstack/react-query'
import { Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { Facts } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, Sheet } from '../parts/Sheet'
import { useTest } from './useTest'
import { words } from './words'

type Settings = Reply<'GET /api/notice-settings'>

/** Push, mail, and what is not connected yet. */
export function Channels() {
  const t = useWords(words)
  const answer = useCall('GET /api/notice-settings')
  if (answer.isError && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="cards" lines={3} />
  const { push } = answer.data
  return (
    <div className="channels-cards">
      <section aria-label={t('push.title')}>
        <header>
          <h2>{t('push.title')}</h2>
          <Tag meaning="green">{t('connected')}</Tag>
        </header>
        <p>{t('push.text')}</p>
        <p>{push.devices > 0 ? t('push.count', push) : t('push.none')}</p>
      </section>
      <Mail answer={answer.data} />
      {(['sms', 'voice'] as const).map((one) => (
        <section key={one} aria-label={t(`${one}.title`)}>
          <header>
            <h2>{t(`${one}.title`)}</h2>
            <Tag meaning="grey">{t('not.connected')}</Tag>
          </header>
          <p>{t('later.text')}</p>
        </section>
      ))}
    </div>
  )
}

function Mail({ answer }: { answer: Settings }) {
  const t = useWords(words)
  const { mail, can } = answer
  const [editing, setEditing] = useState(false)
  const [to, setTo] = useState('')
  const { said, run } = useTest()
  return (
    <section aria-label={t('mail.title')}>
      <header>
        <h2>{t('mail.title')}</h2>
        <Tag meaning={mail?.enabled ? 'green' : 'grey'}>
          {mail ? (mail.enabled ? t('connected') : t('off')) : t('not.connected')}
        </Tag>
        {can.edit && (
          <button type="button" className="zc-btn" onClick={() => setEditing(true)}>
            {mail ? t('edit') : t('mail.set')}
          </button>
        )}
      </header>
      {mail ? (
        <Facts
          rows={[
            [t('mail.server'), `${mail.host}:${mail.port}`],
            [t('mail.from'), mail.from],
            [t('mail.user'), mail.user ?? '—'],
          ]}
        />
      ) : (
        <p>{t('mail.none')}</p>
      )}
      {mail?.enabled && can.edit && (
        <form
          className="channels-test"
          onSubmit={(e) => {
            e.preventDefault()
            void run(() => call('POST /api/notice-settings/mail/test', { body: { to } }))
          }}
        >
          <Input
            type="email"
            required
            aria-label={t('mail.to')}
            placeholder={t('mail.to')}
            value={to}
            onChange={(e) => setTo(e.target.value.trim())}
          />
          <button type="submit" className="zc-btn" disabled={!to.includes('@')}>
            {t('test')}
          </button>
          {said && (
            <small role="status" data-good={said.good ?? undefined}>
              {said.text}
            </small>
          )}
        </form>
      )}
      {editing && <MailSheet mail={mail} onClose={() => setEditing(false)} />}
    </section>
  )
}

function MailSheet({ mail, onClose }: { mail: Settings['mail']; onClose: () => void }) {
  const t = useWords(words)
  const client = useQueryClient()
  const [d, set] = useState({
    enabled: mail?.enabled ?? true,
    host: mail?.host ?? '',
    port: mail?.port ?? 465,
    security: mail?.security ?? ('tls' as const),
    user: mail?.user ?? '',
    from: mail?.from ?? '',
    password: '',
  })
  return (
    <Sheet
      title={t('mail.set')}
      submit={t('save')}
      disabled={!d.host || !d.from}
      onSubmit={async () => {
        const { password, user, ...rest } = d
        await call('PUT /api/notice-settings/mail', {
          body: { ...rest, user: user || null, ...(password ? { password } : {}) },
        })
        await client.invalidateQueries({ queryKey: ['GET /api/notice-settings'] })
        toast(t('saved'))
        onClose()
      }}
      onClose={onClose}
    >
      <Field label={t('mail.enabled')}>
        {(c) => <Switch id={c.id} checked={d.enabled} onChange={(enabled) => set({ ...d, enabled })} />}
      </Field>
      <Field label={t('mail.host')} path="body.host" hint={t('mail.host.hint')} wide>
        {(c) => <Input {...c} value={d.host} onChange={(e) => set({ ...d, host: e.target.value.trim() })} />}
      </Field>
      <Field label={t('mail.security')}>
        {(c) => (
          <Select
            id={c.id}
            value={d.security}
            options={[
              { value: 'tls', label: t('mail.tls') },
              { value: 'starttls', label: t('mail.starttls') },
              { value: 'none', label: t('mail.plain') },
            ]}
            onChange={(security) =>
              set({ ...d, security, port: security === 'tls' ? 465 : security === 'starttls' ? 587 : 25 })
            }
          />
        )}
      </Field>
      <Field label={t('mail.port')} path="body.port">
        {(c) => (
          <InputNumber {...c} min={1} max={65535} value={d.port} onChange={(port) => port && set({ ...d, port })} />
        )}
      </Field>
      <Field label={t('mail.user')} optional>
        {(c) => (
          <Input
            {...c}
            autoComplete="off"
            value={d.user}
            onChange={(e) => set({ ...d, user: e.target.value.trim() })}
          />
        )}
      </Field>
      <Field label={t('mail.password')} optional {...(mail?.hasPassword ? { hint: t('mail.password.kept') } : {})}>
        {(c) => (
          <Input.Password
            {...c}
            autoComplete="new-password"
            value={d.password}
            onChange={(e) => set({ ...d, password: e.target.value })}
          />
        )}
      </Field>
      <Field label={t('mail.from')} path="body.from" hint={t('mail.from.hint')} wide>
        {(c) => <Input {...c} value={d.from} onChange={(e) => set({ ...d, from: e.target.value })} />}
      </Field>
    </Sheet>
  )
}
