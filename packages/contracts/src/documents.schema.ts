import { z } from 'zod'
import { Can, Id, IdParams, Instant, page, Rev, text } from './common.schema'
import { defineRoute } from './route'

const Words = z.object({ zh: z.string(), en: z.string() })

// No times: a phone without a network must come to the very same facts, or the signature on them would not hold.
const Said = { by: z.string() }
/** What was done on site, as it stands in a document: `facts.work`. */
export const WorkFacts = z.object({
  checks: z.array(
    z.object({
      title: Words,
      version: z.number().int(),
      answered: z.number().int(),
      failed: z.number().int(),
      rows: z.array(
        z.object({
          label: Words,
          kind: z.string(),
          verdict: z.enum(['empty', 'pass', 'fail', 'na', 'done']),
          /** A choice in both languages; else as it was answered. */
          value: z.union([Words, z.string()]).nullable(),
          limits: z.string().nullable(),
          note: z.string().nullable(),
          photos: z.array(Id),
        }),
      ),
    }),
  ),
  parts: z.array(
    z.object({
      number: z.string().nullable(),
      name: z.string(),
      qty: z.number(),
      unit: z.string(),
      serialIn: z.string().nullable(),
      serialOut: z.string().nullable(),
      returned: z.boolean(),
      ...Said,
    }),
  ),
  serials: z.array(
    z.object({ serial: z.string(), name: z.string().nullable(), model: z.string().nullable(), ...Said }),
  ),
  notes: z.array(z.object({ text: z.string(), ...Said })),
})

/** A field of a template. `source` names a fact that fills it by itself; such a field is read, not typed. */
export const TemplateField = z.object({
  key: z.string(),
  label: Words,
  type: z.enum(['text', 'longtext', 'number', 'choice', 'check', 'photos', 'table', 'fact']),
  required: z.boolean(),
  source: z.string().optional(),
  /** How a fact is shown. */
  format: z.enum(['text', 'instant', 'duration', 'people', 'checks', 'parts', 'serials', 'notes']).optional(),
  unit: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  options: z.array(z.object({ value: z.string(), label: Words })).optional(),
  columns: z.array(z.object({ key: z.string(), label: Words, required: z.boolean() })).optional(),
  placeholder: Words.optional(),
})
export const TemplateSection = z.object({ key: z.string(), title: Words, fields: z.array(TemplateField) })
export const TemplateBody = z.object({ title: Words, sections: z.array(TemplateSection), clause: Words })

export const Template = z.object({
  key: z.string(),
  version: z.number().int(),
  orderTypes: z.array(z.string()),
  body: TemplateBody,
})

export const DocumentState = z.enum(['draft', 'filed', 'signed'])
export const Signature = z.object({
  signerName: z.string(),
  signerTitle: z.string().nullable(),
  method: z.enum(['phone', 'link']),
  at: Instant,
  documentHash: z.string(),
})
/** What a link's page and the phone show alike. */
export const DocumentView = z.object({
  id: Id,
  title: Words,
  state: DocumentState,
  template: Template,
  values: z.record(z.string(), z.unknown()),
  facts: z.record(z.string(), z.unknown()),
  /** SHA-256 of template version, values and facts: what a signature is bound to. */
  hash: z.string(),
  filedAt: Instant.nullable(),
  signature: Signature.nullable(),
})
export const Document = DocumentView.extend({
  orderId: Id,
  visitId: Id,
  rev: Rev,
  /** Keys of required fields that are still empty or wrong, with the reason. */
  missing: z.array(z.object({ key: z.string(), why: z.enum(['empty', 'number', 'range', 'choice', 'row']) })),
  can: Can,
})
export const DocumentRow = z.object({
  id: Id,
  orderId: Id,
  visitId: Id,
  title: Words,
  state: DocumentState,
  missing: z.number().int(),
  filedAt: Instant.nullable(),
  signedAt: Instant.nullable(),
  signerName: z.string().nullable(),
  startedAt: Instant,
  /** What it is about, as its own facts have it; null where none has flowed in. */
  about: z.object({
    orderNumber: z.string().nullable(),
    orderTitle: z.string().nullable(),
    customerName: z.string().nullable(),
    engineers: z.array(z.string()),
  }),
})

/** A document as the phone keeps it; its template is a row of its own, `missing`, `hash` and `can` follow from the rest. */
export const DocumentReplica = Document.omit({ template: true, missing: true, hash: true, can: true }).extend({
  templateKey: z.string(),
  templateVersion: z.number().int(),
  startedAt: Instant,
  /** Whether this person may fill it, as long as it is not signed. */
  mayFill: z.boolean(),
})

/** The drawing of a signature: a PNG as data URL, small enough to travel with the command so that it can wait offline. */
export const SignatureImage = z
  .string()
  .max(400_000)
  .regex(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)

export const SignBody = z.object({
  expectedHash: z.string().regex(/^[0-9a-f]{64}$/),
  signerName: text(100),
  signerTitle: text(100).nullable().default(null),
  image: SignatureImage,
})

/**
 * A signature on the engineer's phone. `shown`: what the customer read, for a phone that had no contact: facts may have
 * flowed in since, and what he signed is what stands.
 */
export const PhoneSignBody = SignBody.extend({
  shown: z.object({ values: z.record(z.string(), z.unknown()), facts: z.record(z.string(), z.unknown()) }).optional(),
})

const tag = 'documents'

export const documentsRoutes = {
  listTemplates: defineRoute({
    method: 'GET',
    path: '/api/document-templates',
    tag,
    access: 'document.read',
    summary: { zh: '文档模板', en: 'Document templates' },
    reply: z.object({ templates: z.array(Template) }),
  }),
  listDocuments: defineRoute({
    method: 'GET',
    path: '/api/documents',
    tag,
    access: 'document.read',
    summary: { zh: '文档列表', en: 'Documents' },
    query: z.object({
      orderId: Id.optional(),
      visitId: Id.optional(),
      state: DocumentState.optional(),
      template: z.string().max(60).optional(),
      /** Order number or title, customer, engineer. */
      q: z.string().trim().max(100).optional(),
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    reply: page(DocumentRow),
  }),
  getDocument: defineRoute({
    method: 'GET',
    path: '/api/documents/:id',
    tag,
    access: 'document.read',
    summary: { zh: '文档详情', en: 'One document' },
    params: IdParams,
    reply: Document,
  }),
  fillDocument: defineRoute({
    method: 'PATCH',
    path: '/api/documents/:id',
    tag,
    access: 'document.fill',
    command: 'document.fill',
    offline: 'merge',
    errors: ['document_signed', 'document_field_unknown'],
    summary: { zh: '填写文档', en: 'Fill fields of a document' },
    params: IdParams,
    body: z.object({
      values: z.record(z.string().max(60), z.unknown()),
      /** What these fields held when they were filled: what has changed since is shown to both. */
      base: z.record(z.string().max(60), z.unknown()).optional(),
    }),
    reply: Document,
  }),
  fileDocument: defineRoute({
    method: 'POST',
    path: '/api/documents/:id/file',
    tag,
    access: 'document.fill',
    command: 'document.file',
    offline: 'fail',
    errors: ['document_signed', 'document_incomplete'],
    summary: { zh: '提交文档', en: 'File a document' },
    params: IdParams,
    body: z.object({}),
    reply: Document,
  }),
  signDocument: defineRoute({
    method: 'POST',
    path: '/api/documents/:id/sign',
    tag,
    access: 'document.fill',
    command: 'document.sign',
    offline: 'fail',
    errors: ['document_incomplete', 'document_changed', 'signature_unreadable'],
    summary: { zh: '客户在手机上签字', en: "The customer signs on the engineer's phone" },
    params: IdParams,
    body: PhoneSignBody,
    reply: Document.extend({ already: z.boolean() }),
  }),
  documentPdf: defineRoute({
    method: 'GET',
    path: '/api/documents/:id/pdf',
    tag,
    access: 'document.read',
    summary: { zh: '下载 PDF', en: 'Download as PDF' },
    params: IdParams,
    query: z.object({ lang: z.enum(['zh-CN', 'en-US']).optional() }),
  }),
  documentSignature: defineRoute({
    method: 'GET',
    path: '/api/documents/:id/signature',
    tag,
    access: 'document.read',
    summary: { zh: '签名图片', en: 'The signature as a picture' },
    params: IdParams,
  }),
}
