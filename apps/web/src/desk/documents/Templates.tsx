import { FileText } from 'lucide-react'
import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import './documents.css'
import { Tabs } from './Tabs'
import { words } from './words'

type Template = Reply<'GET /api/document-templates'>['templates'][number]
type Field = Template['body']['sections'][number]['fields'][number]

function useTemplateWords() {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const word = (w: { zh: string; en: string }) => (zh ? w.zh : w.en)
  const list = (all: string[]) => all.join(zh ? '、' : ', ')
  const typeOf = (code: string) => {
    const key = `order.${code}`
    return key in words['zh-CN'] ? t(key as 'order.install') : code
  }
  return { t, word, list, types: (one: Template) => list(one.orderTypes.map(typeOf)) }
}

export default function Templates() {
  const { t, word, types } = useTemplateWords()
  const [open, setOpen] = useState<string | null>(null)
  const templates = useCall('GET /api/document-templates')
  const rows = templates.data?.templates ?? []
  const chosen = rows.find((one) => one.key === open)
  const fields = (one: Template) => one.body.sections.flatMap((s) => s.fields)
  const columns: Column<Template>[] = [
    { key: 'title', title: t('col.title'), width: 'minmax(160px, 1fr)', render: (one) => word(one.body.title) },
    { key: 'types', title: t('t.types'), width: 'minmax(140px, 1fr)', render: (one) => types(one) },
    {
      key: 'fields',
      title: t('t.col.field'),
      width: '180px',
      render: (one) =>
        t('t.fields', { n: fields(one).length, required: fields(one).filter((field) => field.required).length }),
    },
    {
      key: 'version',
      title: t('t.col.version'),
      width: '100px',
      render: (one) => t('t.version', { n: one.version }),
    },
  ]
  return (
    <ListDetail
      id="templates"
      onClose={() => setOpen(null)}
      detail={chosen ? <Detail template={chosen} /> : null}
      list={
        <div className="zc-docs">
          <PageHeader title={t('templates')} meta={t('t.lead')} actions={<Tabs />} />
          <div className="body">
            {templates.isError ? (
              <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
            ) : !templates.data ? (
              <Loading shape="rows" lines={5} />
            ) : (
              <DataList
                id="templates"
                label={t('templates')}
                rows={rows}
                rowKey={(one) => one.key}
                columns={columns}
                openId={open}
                onOpen={(one) => setOpen(one.key)}
                empty={
                  <Empty icon={FileText} title={t('t.empty.title')}>
                    {t('t.empty.text')}
                  </Empty>
                }
              />
            )}
          </div>
        </div>
      }
    />
  )
}

function Detail({ template }: { template: Template }) {
  const { t, word, list, types } = useTemplateWords()
  const rule = (field: Field): string => {
    const parts: string[] = []
    if (field.min !== undefined && field.max !== undefined) parts.push(t('t.range', { min: field.min, max: field.max }))
    else if (field.min !== undefined) parts.push(t('t.rangeFrom', { min: field.min }))
    else if (field.max !== undefined) parts.push(t('t.rangeTo', { max: field.max }))
    if (field.unit) parts.push(field.unit)
    if (field.options?.length) parts.push(t('t.options', { list: list(field.options.map((o) => word(o.label))) }))
    if (field.columns?.length) parts.push(t('t.columns', { list: list(field.columns.map((c) => word(c.label))) }))
    return parts.join(' ')
  }
  return (
    <>
      <PageHeader
        level={2}
        title={word(template.body.title)}
        meta={
          <>
            <span>{t('t.version', { n: template.version })}</span>
            <span>
              {t('t.types')} {types(template)}
            </span>
          </>
        }
      />
      {template.body.sections.map((section) => (
        <Section key={section.key} title={word(section.title)} count={section.fields.length}>
          <table className="zc-template-table">
            <thead>
              <tr>
                <th scope="col">{t('t.col.field')}</th>
                <th scope="col">{t('t.col.type')}</th>
                <th scope="col">{t('t.col.rule')}</th>
              </tr>
            </thead>
            <tbody>
              {section.fields.map((field) => (
                <tr key={field.key}>
                  <th scope="row">{word(field.label)}</th>
                  <td>{field.source ? t('t.auto') : t(`type.${field.type}`)}</td>
                  <td>
                    {field.required && (
                      <Tag quiet meaning="amber">
                        {t('t.required')}
                      </Tag>
                    )}{' '}
                    {rule(field)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ))}
      <Section title={t('t.clause')}>
        <p>{word(template.body.clause)}</p>
      </Section>
    </>
  )
}
