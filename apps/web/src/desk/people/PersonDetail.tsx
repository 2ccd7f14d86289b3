import { useQueryClient } from '@tanstack/react-query'
import { Dropdown } from 'antd'
import { Ban, Ellipsis, KeyRound, PencilLine, RotateCcw, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../common/Avatar'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import { EngineerPart } from './EngineerPart'
import { EditPerson, makePassword, PasswordField, type Person, type Team } from './Form'
import '../rows.css'
import './people.css'
import { words } from './words'

type Verb = 'edit' | 'disable' | 'reset'

export function PersonDetail({ id, teams }: { id: string; teams: Team[] }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const client = useQueryClient()
  const [verb, setVerb] = useState<Verb | null>(null)
  const person = useCall('GET /api/people/:id', { params: { id } }, { watch: [{ aggregate: 'person', id }] })
  const sees = useAbility('engineer.read')
  const enable = useCommand('POST /api/people/:id/enable')
  const take = (p: Person) => {
    client.setQueryData(['GET /api/people/:id', { params: { id } }], p)
    void client.invalidateQueries({ queryKey: ['GET /api/people'] })
    void client.invalidateQueries({ queryKey: ['GET /api/teams'] })
  }
  if (person.isError && !person.data) return <ErrorState error={person.error} onRetry={() => void person.refetch()} />
  if (!person.data) return <Loading lines={6} />
  const p = person.data
  const items = [
    { key: 'edit', label: t('edit'), icon: <PencilLine className="zc-icon" size={16} />, shown: p.can.edit },
    { key: 'reset', label: t('reset'), icon: <KeyRound className="zc-icon" size={16} />, shown: p.can.edit },
    { key: 'disable', label: t('disable'), icon: <Ban className="zc-icon" size={16} />, shown: p.can.disable },
    { key: 'enable', label: t('enable'), icon: <RotateCcw className="zc-icon" size={16} />, shown: p.can.enable },
  ].filter((one) => one.shown)
  const engineer = p.grants.some((g) => g.role === 'engineer' || g.role === 'partner_engineer')
  const close = () => setVerb(null)
  const scopeWords = (g: Person['grants'][number]) => {
    const team = g.refId ? teams.find((x) => x.id === g.refId) : undefined
    return team ? t('scope.of', { name: team.name }) : t(`scope.${g.scope}`)
  }
  return (
    <>
      <PageHeader
        level={2}
        lead={<Avatar id={p.id} name={p.name} size={40} />}
        title={p.name}
        meta={
          <>
            <span>{p.userName}</span>
            {p.teamName && <span>{p.teamName}</span>}
            {p.disabled && (
              <Tag meaning="grey" icon={Ban}>
                {t('disabled')}
              </Tag>
            )}
          </>
        }
        actions={
          items.length > 0 && (
            <Dropdown
              trigger={['click']}
              placement="bottomRight"
              menu={{
                items: items.map(({ key, label, icon }) => ({ key, label, icon })),
                onClick: ({ key }) => {
                  if (key === 'enable')
                    enable.mutate(
                      { params: { id }, body: {} },
                      {
                        onSuccess: (next) => {
                          take(next)
                          toast(t('done.enable', { name: p.name }))
                        },
                        onError: (e) => toast(e.title),
                      },
                    )
                  else setVerb(key as Verb)
                },
              }}
            >
              <button type="button" className="zc-btn">
                <Ellipsis className="zc-icon" size={16} aria-hidden /> {t('more')}
              </button>
            </Dropdown>
          )
        }
      />
      <Section title={t('sec.account')}>
        <Facts
          rows={[
            [t('f.phone'), p.phone ? <a href={`tel:${p.phone}`}>{p.phone}</a> : '—'],
            [t('f.team'), p.teamName ?? t('f.team.none')],
            [t('col.seen'), p.lastSeenAt ? f.relative(p.lastSeenAt) : t('never')],
          ]}
        />
      </Section>
      <Section title={t('sec.grants')} count={p.grants.length}>
        {p.grants.length === 0 ? (
          <p className="zc-muted">
            <TriangleAlert className="zc-icon" size={14} aria-hidden /> {t('grants.none')}
          </p>
        ) : (
          <ul className="zc-rows">
            {p.grants.map((g) => (
              <li key={`${g.role}:${g.scope}:${g.refId}`}>
                <span className="grow">{t(`role.${g.role}`)}</span>
                <small>{scopeWords(g)}</small>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {engineer && sees && !p.disabled && <EngineerPart id={p.id} />}
      {verb === 'edit' && (
        <EditPerson
          person={p}
          teams={teams}
          onClose={close}
          onDone={(next) => {
            take(next)
            close()
          }}
        />
      )}
      {verb === 'disable' && <Disable person={p} onClose={close} onDone={take} />}
      {verb === 'reset' && <Reset person={p} onClose={close} />}
    </>
  )
}

function Disable({ person, onClose, onDone }: { person: Person; onClose: () => void; onDone: (p: Person) => void }) {
  const t = useWords(words)
  const me = useMe()
  const [reason, setReason, clear] = useDraft(`${me.id}.person.disable.${person.id}`, '')
  const run = useCommand('POST /api/people/:id/disable')
  return (
    <FormDialog
      title={t('disable.title', { name: person.name })}
      note={t('disable.note')}
      submit={t('disable')}
      cancel={t('cancel')}
      danger
      busy={run.isPending}
      error={run.error}
      ready={!!reason.trim()}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: person.id }, body: { reason: reason.trim() }, baseRev: person.rev },
          {
            onSuccess: (p) => {
              clear()
              onDone(p)
              toast(t('done.disable', { name: p.name }))
              onClose()
            },
          },
        )
      }
    >
      <Field label={t('reason')} hint={t('reason.hint')}>
        <textarea className="zc-input" maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  )
}

function Reset({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useWords(words)
  const [password, setPassword] = useState(makePassword)
  const run = useCommand('POST /api/people/:id/password')
  return (
    <FormDialog
      title={t('reset.title', { name: person.name })}
      note={t('reset.note', { name: person.name })}
      submit={t('reset')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={password.length >= 10}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: person.id }, body: { password } },
          {
            onSuccess: () => {
              toast(t('done.reset'))
              onClose()
            },
          },
        )
      }
    >
      <PasswordField label={t('reset.password')} value={password} onChange={setPassword} />
    </FormDialog>
  )
}
