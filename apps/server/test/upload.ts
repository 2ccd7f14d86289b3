import type { FastifyInstance } from 'fastify'

/** What a phone says with every piece. */
export const tus = { 'tus-resumable': '1.0.0' }

type By = { cookie: string }

export const begin = (http: FastifyInstance, by: By, id: string, length: number) =>
  http.inject({
    method: 'POST',
    url: `/api/uploads/${id}`,
    headers: { cookie: by.cookie, ...tus, 'upload-length': String(length) },
  })
export const append = (http: FastifyInstance, by: By, id: string, offset: number, piece: Buffer) =>
  http.inject({
    method: 'PATCH',
    url: `/api/uploads/${id}`,
    headers: {
      cookie: by.cookie,
      ...tus,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    payload: piece,
  })
export const howFar = (http: FastifyInstance, by: By, id: string) =>
  http.inject({ method: 'HEAD', url: `/api/uploads/${id}`, headers: { cookie: by.cookie, ...tus } })

/** Sends all bytes of declared evidence at once; the last answer. */
export async function upload(http: FastifyInstance, by: By, id: string, bytes: Buffer) {
  const begun = await begin(http, by, id, bytes.length)
  return begun.statusCode === 201 ? append(http, by, id, 0, bytes) : begun
}
