import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams, useRouterState } from '@tanstack/react-router'
import { Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useConfirm } from '../../common/Confirm'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, Trouble } from '../parts/Sheet'
import './intake.css'
import { Raw } from './Raw'
import { pretty, useWhy } from './why'
import { words } from './words'

type Source = Reply<'GET /api/intake-sources/:key'>

/** One source: where it sends, what it signs with, and the mapping with all its versions and a dry run. */
export default function SourcePage() {
  const { key } = useParams({ strict: false }) as { key: string }
  const source = useCall('GET /api/intake-sources/:key', { params: { key } }, { watch: ['intake_source', 'intake'] })
  if (source.isError && !source.data) return <ErrorState error={source.error} onRetry={() => void source.refetch()} />
  if (!source.data) return <Loading lines={10} />
  return <Loaded key={key} source={source.data} />
}

function useStale() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('GET /api/intake') })
}

function Loaded({ source }: { source: Source }) {
  const t = useWords(words)
  const f = useFormat()
  const stale = useStale()
  const manages = useAbility('intake.manage')
  const url = new URL(source.url, location.origin).href
  const switchTo = async (enabled: boolean) => {
    try {
      await call('PATCH /api/intake-sources/:key', {
        params: { key: source.key },
        body: { enabled },
        baseRev: source.rev,
      })
    } catch (error) {
      toast(asApiError(error).title)
    }
    await stale()
  }
  return (
    <section className="intake-source" aria-label={source.name}>
      <PageHeader
        title={source.name}
        lead={
          <Link className="zc-btn quiet" to="/intake">
            {t('back')}
          </Link>
        }
        meta={
          <>
            <Tag meaning={source.enabled ? 'green' : 'grey'}>
              {t(source.enabled ? 'source.enabled' : 'source.disabled')}
            </Tag>
            <span>{source.lastAt ? t('source.last', { when: f.relative(source.lastAt) }) : t('source.never')}</span>
          </>
        }
        actions={
          manages && (
            <button type="button" className="zc-btn" onClick={() => void switchTo(!source.enabled)}>
              {t(source.enabled ? 'source.disable' : 'source.enable')}
            </button>
          )
        }
      />
      <Section title={t('source.url')}>
        <p className="intake-url">
          <code>{url}</code>
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('copy')}
            onClick={async () => {
              await navigator.clipboard.writeText(url)
              toast(t('copied'))
            }}
          >
            <Copy className="zc-icon" size={15} />
          </button>
        </p>
      </Section>
      {manages && <Secrets source={source} />}
      <Mapping source={source} manages={manages} />
    </section>
  )
}

function Secrets({ source }: { source: Source }) {
  const t = useWords(words)
  const f = useFormat()
  const stale = useStale()
  const { confirm, dialog } = useConfirm()
  const [shown, setShown] = useState<string | null>(null)
  const make = async () => {
    try {
      setShown((await call('POST /api/intake-sources/:key/secrets', { params: { key: source.key } })).secret)
      await stale()
    } catch (error) {
      toast(asApiError(error).title)
    }
  }
  const end = async (id: string) => {
    if (
      !(await confirm({
        title: t('source.endSecret'),
        consequence: t('source.endSecretText'),
        confirm: t('source.endSecret'),
        danger: true,
      }))
    )
      return
    try {
      await call('DELETE /api/intake-secrets/:id', { params: { id } })
      await stale()
    } catch (error) {
      toast(asApiError(error).title)
    }
  }
  return (
    <Section
      title={t('source.secrets')}
      count={source.secrets.length}
      actions={
        <button type="button" className="zc-btn" onClick={() => void make()}>
          {t('source.newSecret')}
        </button>
      }
    >
      <p className="soft">{t('source.newSecretText')}</p>
      {shown && (
        <div className="zc-note" role="status">
          <div>
            {t('source.secretShown')}
            <p className="intake-url">
              <code>{shown}</code>
              <button
                type="button"
                className="zc-btn"
                onClick={async () => {
                  await navigator.clipboard.writeText(shown)
                  toast(t('copied'))
                }}
              >
                {t('copy')}
              </button>
            </p>
          </div>
        </div>
      )}
      <ul className="intake-versions">
        {source.secrets.map((s) => (
          <li key={s.id}>
            <span>{t('source.secret', { when: f.when(s.createdAt) })}</span>
            {s.expiresAt && <Tag meaning="amber">{t('source.secretEnds', { when: f.when(s.expiresAt) })}</Tag>}
            <button type="button" className="zc-btn quiet" onClick={() => void end(s.id)}>
              {t('source.endSecret')}
            </button>
          </li>
        ))}
      </ul>
      {dialog}
    </Section>
  )
}

function Mapping({ source, manages }: { source: Source; manages: boolean }) {
  const t = useWords(words)
  const f = useFormat()
  const me = useMe()
  const why = useWhy()
  const stale = useStale()
  const versions = [...source.mappings].sort((a, b) => b.version - a.version)
  const current = versions.find((m) => m.version === source.mappingVersion) ?? versions[0]
  const [viewed, setViewed] = useState<number | null>(null)
  const [expression, setExpression, clearExpression] = useDraft(
    `mapping.${me.id}.${source.key}.${current?.version ?? 0}`,
    current?.expression ?? '',
  )
  const [note, setNote] = useState('')
  const [payload, setPayload] = useState('')
  const [dry, setDry] = useState<Reply<'POST /api/intake-sources/:key/try'> | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const old = viewed === null ? undefined : versions.find((m) => m.version === viewed)
  const changed = expression !== (current?.expression ?? '')

  // Opened from a waiting item: its content is what the mapping has to manage.
  const asked = useRouterState({ select: (s) => new URLSearchParams(s.location.searchStr).get('item') })
  const take = async (id: string | null) => {
    try {
      const wanted =
        id ??
        (await call('GET /api/intake-items', { query: { state: 'waiting', source: source.key, limit: 1 } })).rows[0]?.id
      if (!wanted) return
      setPayload(pretty((await call('GET /api/intake-items/:id', { params: { id: wanted } })).payload))
      setDry(null)
    } catch (error) {
      setProblem(error)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the item that the address names.
  useEffect(() => {
    if (asked && manages) void take(asked)
  }, [asked])

  const run = async (what: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await what()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const verdict = dry && !dry.ok && dry.code ? why(dry.code, dry.params) : null
  return (
    <>
      <Section title={t('versions')} count={versions.length}>
        <ul className="intake-versions">
          {versions.map((m) => (
            <li key={m.version}>
              <b>{t('version', { n: m.version })}</b>
              {m.version === current?.version && <Tag meaning="teal">{t('version.current')}</Tag>}
              <span>{t('version.by', { name: m.createdBy ?? t('version.shipped'), when: f.when(m.createdAt) })}</span>
              {m.note && <span className="soft">{m.note}</span>}
              <button
                type="button"
                className="zc-btn quiet"
                aria-expanded={viewed === m.version}
                onClick={() => setViewed(viewed === m.version ? null : m.version)}
              >
                {t('version.view', { n: m.version })}
              </button>
            </li>
          ))}
        </ul>
        {old && <Raw label={t('version', { n: old.version })}>{old.expression}</Raw>}
      </Section>
      {manages && (
        <Section title={t('expression')}>
          <div className="intake-editor">
            <div>
              <Field label={t('expression')} path="expression" hint={t('expression.hint')}>
                {(p) => (
                  <textarea
                    {...p}
                    className="zc-input code"
                    spellCheck={false}
                    maxLength={20_000}
                    value={expression}
                    onChange={(e) => setExpression(e.target.value)}
                  />
                )}
              </Field>
              <Field label={t('note')} path="note" optional>
                {(p) => (
                  <input
                    {...p}
                    className="zc-input"
                    maxLength={300}
                    value={note}
                    onChange={(e) => setNote(e.target.value)}
                  />
                )}
              </Field>
              <p className="row">
                <button
                  type="button"
                  className="zc-btn primary"
                  disabled={busy || !changed || !expression.trim()}
                  title={changed ? undefined : t('unchanged')}
                  onClick={() =>
                    void run(async () => {
                      const made = await call('POST /api/intake-sources/:key/mappings', {
                        params: { key: source.key },
                        body: { expression, note: note.trim() || null },
                      })
                      clearExpression()
                      setNote('')
                      toast(t('saved', { n: made.version }))
                      await stale()
                    })
                  }
                >
                  {t('save')}
                </button>
                {changed && (
                  <button
                    type="button"
                    className="zc-btn"
                    onClick={() => {
                      const before = expression
                      clearExpression()
                      toast(t('undo'), { undo: () => setExpression(before) })
                    }}
                  >
                    {t('undo')}
                  </button>
                )}
              </p>
            </div>
            <div>
              <Field label={t('sample')} path="payload" hint={t('sample.hint')}>
                {(p) => (
                  <textarea
                    {...p}
                    className="zc-input code"
                    spellCheck={false}
                    value={payload}
                    onChange={(e) => {
                      setPayload(e.target.value)
                      setDry(null)
                    }}
                  />
                )}
              </Field>
              <p className="row">
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy || !payload.trim() || !expression.trim()}
                  onClick={() =>
                    void run(async () =>
                      setDry(
                        await call('POST /api/intake-sources/:key/try', {
                          params: { key: source.key },
                          body: { expression, payload },
                        }),
                      ),
                    )
                  }
                >
                  {t('try')}
                </button>
                {source.waiting > 0 && (
                  <button type="button" className="zc-btn quiet" onClick={() => void take(null)}>
                    {t('sample.take')}
                  </button>
                )}
              </p>
            </div>
          </div>
          {problem !== null && <Trouble error={problem} />}
          {dry && (
            <div role="status" className="intake-verdict">
              <Tag meaning={dry.ok ? 'green' : 'red'}>{t(dry.ok ? 'try.ok' : 'try.fail')}</Tag>
              {verdict && (
                <>
                  <p>{verdict.title}</p>
                  <ul>
                    {verdict.issues.map((i) => (
                      <li key={i.path + i.message}>{t('issue.at', { path: i.path, message: i.message })}</li>
                    ))}
                  </ul>
                </>
              )}
              {dry.order !== undefined && <Raw label={t('try.ok')}>{JSON.stringify(dry.order, null, 2)}</Raw>}
            </div>
          )}
        </Section>
      )}
    </>
  )
}
